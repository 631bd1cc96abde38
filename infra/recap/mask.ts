import { isIP, isIPv6 } from "node:net";

/**
 * What a log may hold and a reader must not see, in the order in which it is hidden. `$1` is what stays.
 * A rule hides rather too much: a figure that looks like an address is taken for one.
 */
const RULES: readonly (readonly [what: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[secret]"],
  [/(\w:\/\/)[^/@\s"'\\]*@/g, "$1[secret]@"],
  [/(\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]+/g, "$1[secret]"],
  [/\b(Bearer|Basic)(\s+)(?!\[)[\w.~+/=-]{8,}/gi, "$1$2[secret]"],
  // Tokens by their form: GitHub, GitLab, AWS, Google, Slack, JWT, age.
  [/\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|A[KS]IA[0-9A-Z]{16}|ya29\.[\w-]+)/g, "[secret]"],
  [/\b(?:xox[a-z]-[\w-]{8,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|AGE-SECRET-KEY-1\w+)/g, "[secret]"],
  // `key=1a2b...`, `"seed": "..."`, `private key 0x...`: hexadecimal of 64 digits or more soon after the word.
  [/((?:key|seed|token|secret|password|passphrase)[^\n]{0,24}?(?<![0-9a-z])(?:0x)?)[0-9a-f]{64,}/gi, "$1[secret]"],
  [
    /((?:password|passphrase|passwd|secret|token|api[_-]?key|credential)s?\\?["']?\s*[:=]\s*\\?["']?)(?!\[)[^\s"'\\,;&]{4,}/gi,
    "$1[secret]",
  ],
  [/\b12D3Koo[1-9A-HJ-NP-Za-km-z]{10,}|\bQm[1-9A-HJ-NP-Za-km-z]{44}\b/g, "[peer]"],
];

/** Four numbers that stand alone, with a port if there is one. `v1.2.3.4`, `1.2.3.4.5` and `1.2.3.4-rc` are versions. */
const IPV4 = /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(:\d{1,5})?(?![\w-]|\.\d)/g;

/** What may be an IPv6 address: hexadecimal groups with two colons or more, perhaps with IPv4 at the end. */
const MAYBE_IPV6 =
  /(?<![\w:.])(?=[0-9a-f:]*[0-9a-f])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3})(%\w+)?(?![\w:])/gi;

/** Hides secrets, addresses and the names of peers in a text of others. The same text is always hidden the same way. */
export function mask(text: string): string {
  const hidden = RULES.reduce((all, [what, replacement]) => all.replace(what, replacement), text);
  return hidden
    .replace(MAYBE_IPV6, (found, address: string) => (isIPv6(address) ? "[address]" : found))
    .replace(IPV4, (found, address: string) => (isIP(address) ? "[address]" : found));
}
