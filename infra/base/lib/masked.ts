/** Shortest secret that is looked for. A shorter one would hit words. */
const SHORTEST = 6;

/**
 * Hides what gives rights, wherever it got into a text. The engine hides what it knows as secret; an error of a tool
 * may still repeat the URL that the tool called.
 * @param secrets values that are hidden wherever they stand
 */
export const masked = (text: string, secrets: readonly string[] = []): string =>
  secrets
    .filter(({ length }) => length >= SHORTEST)
    .reduce((all, secret) => all.replaceAll(secret, "[secret]"), text)
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[secret]")
    .replace(/:\/\/[^/@\s"']*@/g, "://[secret]@")
    .replace(/(\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]+/g, "$1[secret]")
    .replace(/\b(Bearer|Basic) [\w.~+/=-]{8,}/g, "$1 [secret]");
