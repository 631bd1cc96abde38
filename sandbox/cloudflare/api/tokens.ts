import { createHash, timingSafeEqual } from "node:crypto";
import { ApiRefusal } from "./http";

/** What a token may do here, by the names that Cloudflare gives to permissions. */
export type Permission = "DNS" | "Workers KV Storage" | "Workers Scripts" | "Zone";

/** A token with all permissions, and tokens with some. */
export interface Tokens {
  readonly token: string;
  readonly scoped?: readonly { readonly token: string; readonly may: readonly Permission[] }[];
}

/** Permissions by the paths that need them. A question for the token itself needs none. */
const NEEDED: readonly (readonly [path: RegExp, permission: Permission])[] = [
  [/^\/zones\/[^/]+\/dns_records/, "DNS"],
  [/^\/zones\//, "Zone"],
  [/^\/accounts\/[^/]+\/storage\/kv\//, "Workers KV Storage"],
  [/^\/accounts\/[^/]+\/workers\//, "Workers Scripts"],
];

/** Refuses a request without a token of the account, or with one that lacks the permission, by Cloudflare's codes. */
export function authorize(header: string | undefined, path: string, { token, scoped = [] }: Tokens): void {
  if (header === undefined) {
    throw new ApiRefusal(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  if (isSame(header, `Bearer ${token}`)) return;
  const known = scoped.find((one) => isSame(header, `Bearer ${one.token}`));
  if (!known) throw new ApiRefusal(403, 9109, "Invalid access token");
  const needed = NEEDED.find(([paths]) => paths.test(path))?.[1];
  if (needed === undefined || known.may.includes(needed)) return;
  throw needed === "Zone"
    ? new ApiRefusal(403, 9109, "Unauthorized to access requested resource")
    : new ApiRefusal(403, 10000, "Authentication error");
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));
