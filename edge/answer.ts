/** The content of a path: text of one media type. */
export interface Content {
  readonly body: string;
  readonly type: "json" | "html";
}

/** Wallets and frontends on any origin read the network list. */
const ANY_ORIGIN = { "access-control-allow-origin": "*", "access-control-expose-headers": "etag" };
const ALLOW = "GET, HEAD, OPTIONS";
/** Everybody sees a change after a minute. KV needs a minute to spread a write, too. */
const CACHE = "public, max-age=60, stale-while-revalidate=300";
/** Pages contain their own style and script, and ask the network's hosts for its status. Nothing else is allowed. */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "connect-src * ws: wss:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Cacheable content. The answer is 304 without a body when the client has it already. */
export async function contentAnswer(content: Content, request: Request): Promise<Response> {
  const etag = `"${await digest(content.body)}"`;
  const headers = { ...headersOf(content.type), "cache-control": CACHE, etag };
  if (isCurrent(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : content.body, { headers });
}

/** JSON that must not be cached, such as an error. */
export function freshAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  const fresh = { ...headersOf("json"), "cache-control": "no-store", ...headers };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: fresh });
}

/** A page that must not be cached. */
export const freshPage = (status: number, body: string): Response =>
  new Response(body, { status, headers: { ...headersOf("html"), "cache-control": "no-store" } });

/** The answer to a browser's question whether a page of another origin may read. */
export function preflightAnswer(): Response {
  const headers = { ...ANY_ORIGIN, allow: ALLOW, "access-control-allow-methods": ALLOW };
  const cached = { "access-control-allow-headers": "content-type, if-none-match", "access-control-max-age": "86400" };
  return new Response(null, { status: 204, headers: { ...headers, ...cached } });
}

/** The refusal of a method that would change something. */
export const methodAnswer = (method: string): Response =>
  freshAnswer(405, { error: `${method} is not allowed. This service is read-only.` }, { allow: ALLOW });

function headersOf(type: Content["type"]): Record<string, string> {
  const common = { ...ANY_ORIGIN, "x-content-type-options": "nosniff" };
  if (type === "json") return { ...common, "content-type": "application/json; charset=utf-8" };
  const page = { "content-security-policy": PAGE_POLICY, "referrer-policy": "no-referrer" };
  return { ...common, ...page, "content-type": "text/html; charset=utf-8" };
}

/** Whether the client's tags include this one. Weak tags count: a proxy that compresses makes tags weak. */
const isCurrent = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash).subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
