import type { SshSigner } from "./allowed-signers";

/** A tag object, as `git cat-file tag` prints it. */
export interface TagObject {
  /** What it points to. */
  readonly object: string;
  readonly type: string;
  /** The name that its maker signed. */
  readonly name: string;
  readonly kind: SignatureKind;
}

export type SignatureKind = "none" | "ssh" | "openpgp" | "x509";

const BEGINNINGS: readonly (readonly [SignatureKind, RegExp])[] = [
  ["ssh", /^-----BEGIN SSH SIGNATURE-----/m],
  ["openpgp", /^-----BEGIN PGP (?:SIGNATURE|MESSAGE)-----/m],
  ["x509", /^-----BEGIN SIGNED MESSAGE-----/m],
];

/** Reads a tag object; undefined when the text is none. */
export function readTagObject(text: string): TagObject | undefined {
  const end = text.indexOf("\n\n");
  const header = end < 0 ? text : text.slice(0, end);
  const field = (key: string) => new RegExp(`^${key} (.+)$`, "m").exec(header)?.[1];
  const [object, type, name] = [field("object"), field("type"), field("tag")];
  if (object === undefined || type === undefined || name === undefined) return undefined;
  const kind = BEGINNINGS.find(([, begins]) => begins.test(end < 0 ? "" : text.slice(end)))?.[0] ?? "none";
  return { object, type, name, kind };
}

/** What the program that verifies a signature found. */
export type Verified =
  | { readonly state: "good"; readonly key: string; readonly who?: string }
  /** The content or the signature was changed, or the signature is of something else. */
  | { readonly state: "bad" }
  | { readonly state: "unknown"; readonly key: string }
  /** `why` is a phrase: `expired on 2026-01-01`. */
  | { readonly state: "refused"; readonly key: string; readonly who?: string; readonly why: string };

/** Good signatures in the words of ssh-keygen, with or without a signer that it knows. */
const SSH_GOOD = /^Good "git" signature (?:for (.+) )?with \S+ key (SHA256:\S+)$/m;

/**
 * What git printed of an SSH signature. The time of the check counts, not the tag's own date: that is in the hands of
 * whoever holds the key.
 * @param isGood whether git found a signer
 * @param now milliseconds since 1970
 */
export function sshVerified(printed: string, isGood: boolean, signers: readonly SshSigner[], now: number): Verified {
  const [, , fingerprint] = SSH_GOOD.exec(printed) ?? [];
  if (fingerprint === undefined) return { state: "bad" };
  const key = `SSH key ${fingerprint}`;
  const own = signers.filter((one) => one.fingerprint === fingerprint);
  const [first] = own;
  if (!first) return { state: "unknown", key };
  const refusals = own.map((one) => refusalOf(one, now));
  const valid = own.find((_, i) => refusals[i] === undefined);
  if (valid && isGood) return { state: "good", key, who: valid.principals };
  return {
    state: "refused",
    key,
    who: first.principals,
    why: refusals.find((one) => one !== undefined) ?? "did not count yet at the date of the tag",
  };
}

function refusalOf({ namespaces, validAfter, validBefore }: SshSigner, now: number): string | undefined {
  if (validBefore !== undefined && now >= validBefore) return `expired on ${day(validBefore)}`;
  if (validAfter !== undefined && now < validAfter) return `counts only from ${day(validAfter)}`;
  if (namespaces && !allowsGit(namespaces))
    return `may sign only for the namespaces ${namespaces.join(", ")}, not for git`;
  return undefined;
}

/** Patterns as in ssh_config(5): `*`, `?`, and `!` before a namespace that is excluded. */
function allowsGit(namespaces: readonly string[]): boolean {
  const fits = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    ).test("git");
  if (namespaces.some((one) => one.startsWith("!") && fits(one.slice(1)))) return false;
  return namespaces.some((one) => !one.startsWith("!") && fits(one));
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * What gpg reported of an OpenPGP signature, as status lines (GnuPG, doc/DETAILS).
 * @param fingerprints of the allowed primary keys
 */
export function openpgpVerified(status: string, fingerprints: readonly string[]): Verified {
  const fields = (name: string) => new RegExp(`^\\[GNUPG:\\] ${name} (.+)$`, "m").exec(status)?.[1]?.split(" ");
  const valid = fields("VALIDSIG");
  const primary = valid?.at(-1) ?? valid?.[0];
  const refused = REFUSED.flatMap(([name, why]) => {
    const [id, ...who] = fields(name) ?? [];
    return id === undefined
      ? []
      : [{ state: "refused", key: openpgpKey(primary ?? id), who: who.join(" "), why } as const];
  })[0];
  if (refused) return refused;
  const unknown = fields("ERRSIG")?.[0] ?? fields("NO_PUBKEY")?.[0];
  if (unknown !== undefined) return { state: "unknown", key: openpgpKey(unknown) };
  const [, ...who] = fields("GOODSIG") ?? [];
  if (who.length === 0 || primary === undefined || fields("BADSIG")) return { state: "bad" };
  if (!fingerprints.includes(primary)) return { state: "unknown", key: openpgpKey(primary) };
  return { state: "good", key: openpgpKey(primary), who: who.join(" ") };
}

const REFUSED = [
  ["EXPKEYSIG", "has expired"],
  ["REVKEYSIG", "was revoked"],
  ["EXPSIG", "made a signature that has expired"],
] as const;

const openpgpKey = (id: string): string => `OpenPGP key ${id}`;
