import { isIPv4, isIPv6 } from "node:net";

/** What names a secret. A name may go on behind it, as in `secret_access_key`. */
const NAMES =
  "password|passwd|passphrase|secret|token|credential|mnemonic|api[_-]?key|private[_-]?key|access[_-]?key|signature";

/** The value of a name: a list, a text in quotes up to the third group or to the end of the line, or a word. */
const VALUE = [
  String.raw`\[(?!secret\])[^\]\n]*\]?`,
  String.raw`(\\{0,64}["'])(?:(?!\3)(?:\\.|[^\n]))+`,
  String.raw`[^\s"'\\&;,[{][^\s"'\\&;,]*(?:,+[^\s"'\\&;,]+)*`,
].join("|");
const NAMED = new RegExp(String.raw`((?:${NAMES})[\w-]{0,40}\\*["']?\s{0,9}[:=]\s{0,9})(${VALUE})`, "gi");

/** Values that tell nothing. */
const HARMLESS = /^\\*["']?(?:none|null|nil|true|false|\d{1,4})?$/i;

/** A header with rights. It ends at the end of its line, or of the text in quotes that holds it. */
const HEADER = new RegExp(
  [
    String.raw`\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*["']?\s{0,9}[:=]\s{0,9}\\?["']?)`,
    String.raw`(?!\s*(?:b\w{4,5}\s+)?\[secret\])((?:bearer|basic)\s+)?[^"'\\\n]+`,
  ].join(""),
  "gi",
);

/**
 * What a log may hold and a reader must not see, in the order in which it is hidden. `$1` is what stays. A rule hides
 * rather too much. No rule may take long for a line of 64 KiB, so every repetition is bounded or passes a text once.
 */
const RULES: readonly (readonly [what: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[secret]"],
  [/(\w:\/\/)[^/?#\s"'\\]*@/g, "$1[secret]@"],
  [/(\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]+/g, "$1[secret]"],
  [HEADER, "$1$2$3[secret]"],
  [/\b([Bb]earer|BEARER)(\s+)[\w.~+/=-]{8,}/g, "$1$2[secret]"],
  [/\b([Bb]asic|BASIC)(\s+)(?=[\w+/]*[0-9A-Z=])[\w+/=]{8,}/g, "$1$2[secret]"],
  // Tokens by their form: GitHub, GitLab, AWS, Google, Slack, npm, Pulumi, JWT, age.
  [/\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|A[KS]IA[0-9A-Z]{16}|ya29\.[\w-]+)/g, "[secret]"],
  [
    /\b(?:xox[a-z]-[\w-]{8,}|npm_\w{30,}|pul-[0-9a-f]{40}|eyJ[\w-]{8,2000}\.[\w-]+\.[\w-]*|AGE-SECRET-KEY-1\w+)/g,
    "[secret]",
  ],
  // `key=1a2b...`, `"seed": "..."`, `private key 0x...`: hexadecimal of 64 digits or more soon after the word.
  [/((?:key|seed|secret)[^\n]{0,24}?(?<![0-9a-z])(?:0x)?)[0-9a-f]{64,}/gi, "$1[secret]"],
  [/\b(?:12D3Koo|16Uiu2HA)[1-9A-HJ-NP-Za-km-z]{10,}|\bQm[1-9A-HJ-NP-Za-km-z]{44}\b/g, "[peer]"],
];

/** Base64, also of a key whose lines the log tells one by one. */
const BASE64 = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
/** Characters in a row that no name in a path has, if capitals, small letters and digits are among them. */
const RANDOM = 20;

/** Four numbers, with a port if there is one. `v1.2.3.4`, `1.2.3.4.5` and `1.2.3.4-rc1` are versions. */
const IPV4 = /(?<![\d.])(?<!\bv)(\d{1,3}(?:\.\d{1,3}){3})(:\d{1,5})?(?!\d|\.\d|-(?:rc|alpha|beta|dev|pre))/g;
/** The host of a machine at Amazon. */
const IPV4_HOST = /\b(ip-)\d{1,3}(?:-\d{1,3}){3}(?!\d)/gi;

/** What may be an IPv6 address. It may follow a colon, or what JSON makes of a line break. */
const IPV6 =
  /(?:(?<![\w:.])|(?<=\\[nrt])|(?<=[^:]:))[0-9a-f:]{0,45}:[0-9a-f:]{0,45}(?:\.\d{1,3}){0,3}(?:%\w{1,15})?(?!\w)/gi;

/** Hides secrets, addresses and the names of peers in a text of others. The same text is always hidden the same way. */
export function mask(text: string): string {
  return RULES.reduce((all, [what, replacement]) => all.replace(what, replacement), text)
    .replace(NAMED, (found, name: string, value: string, quote = "") =>
      HARMLESS.test(value) || value.startsWith(`${quote}[secret]`) ? found : `${name}${quote}[secret]`,
    )
    .replace(BASE64, (found) => (isRandom(found) ? "[secret]" : found))
    .replace(IPV6, withoutIpv6)
    .replace(IPV4, (found, address: string) => (isIPv4(address) ? "[address]" : found))
    .replace(IPV4_HOST, "$1[address]");
}

const isRandom = (text: string): boolean =>
  text
    .split(/[/_-]/)
    .some((part) => part.length >= RANDOM && /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part));

/** The colon of a sentence and a port may stand around an address; `ab::cd` is a name in a program. */
function withoutIpv6(found: string): string {
  const address = found.replace(/%\w+$/, "").replace(/(?<!:):$/, "");
  const isAddress = isIPv6(address) || isIPv6(address.replace(/:\d{1,5}$/, ""));
  return isAddress && /\d/.test(address)
    ? `[address]${found.endsWith(":") && !found.endsWith("::") ? ":" : ""}`
    : found;
}
