/** What a token of Cloudflare may be for, and the variable of a token that is for nothing else. */
export const CLOUDFLARE_TOKENS = {
  /** Records of the zone. */
  dns: "CLOUDFLARE_DNS_TOKEN",
  /** Keys of the edge, and its namespace. */
  kv: "CLOUDFLARE_KV_TOKEN",
  /** The Worker of the edge, and its hosts. */
  workers: "CLOUDFLARE_WORKERS_TOKEN",
} as const;

export type CloudflarePart = keyof typeof CLOUDFLARE_TOKENS;

/** The variable of the token for every part without a token of its own. Cloudflare's own programs read it, too. */
export const CLOUDFLARE_TOKEN = "CLOUDFLARE_API_TOKEN";

/**
 * In place of a token where Cloudflare is asked nothing. Its provider for the engine asks for the form of a token:
 * 40 characters (cloudflare/terraform-provider-cloudflare#1966).
 */
export const NO_TOKEN = "0".repeat(40);

/** The part that a path of Cloudflare's API belongs to. */
export function partOf(path: string): CloudflarePart {
  if (/^accounts\/[^/]+\/storage\/kv\//.test(path)) return "kv";
  return /^accounts\/[^/]+\/workers\//.test(path) ? "workers" : "dns";
}

/** A token of Cloudflare. */
export interface CloudflareToken {
  /** Where it comes from, or would come from. */
  readonly variable: string;
  readonly token: string | undefined;
}

/** Tokens of Cloudflare. */
export interface CloudflareTokens {
  /** `CLOUDFLARE_API_TOKEN` */
  readonly cloudflareToken?: string;
  /** The values of {@link CLOUDFLARE_TOKENS} */
  readonly cloudflareTokens?: Readonly<Partial<Record<CloudflarePart, string>>>;
}

/** The token for a part: its own, or the one for every part. */
export function tokenFor(
  part: CloudflarePart,
  { cloudflareToken, cloudflareTokens }: CloudflareTokens,
): CloudflareToken {
  const own = cloudflareTokens?.[part];
  return own
    ? { variable: CLOUDFLARE_TOKENS[part], token: own }
    : { variable: CLOUDFLARE_TOKEN, token: cloudflareToken };
}
