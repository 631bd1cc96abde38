import { createHash } from "node:crypto";
import { z } from "zod";

/** An SSH key that may sign tags: one line in the form ALLOWED SIGNERS of ssh-keygen(1). */
export interface SshSigner {
  /** Who signs, as the line names them: `sam@example.org`. */
  readonly principals: string;
  /** Type and key in base64, as in a line. */
  readonly key: string;
  /** As OpenSSH shows it: `SHA256:...`, base64 without padding. */
  readonly fingerprint: string;
  /** What the key may sign, as patterns; undefined for everything. */
  readonly namespaces?: readonly string[];
  /** Milliseconds since 1970; the key counts from then on. */
  readonly validAfter?: number;
  /** Milliseconds since 1970; the key counts until then. */
  readonly validBefore?: number;
}

/** Who may sign tags. */
export interface AllowedSigners {
  /** The lines for SSH, as ssh-keygen reads them; may be empty. */
  readonly sshText: string;
  readonly ssh: readonly SshSigner[];
  /** The armored public keys for OpenPGP, as gpg reads them; may be empty. */
  readonly openpgp: string;
}

const [BEGIN, END] = ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"] as const;

/**
 * Reads the setting `allowedSigners`: SSH lines and armored OpenPGP public keys, in any order. Lines that begin with `#`
 * are comments.
 * @returns undefined when a line is neither
 */
export function readAllowedSigners(text: string): AllowedSigners | undefined {
  const lines: string[] = [];
  const blocks: string[] = [];
  let isKey = false;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === BEGIN) isKey = true;
    if (isKey) blocks.push(line);
    else if (line !== "" && !line.startsWith("#")) lines.push(line);
    if (line === END) isKey = false;
  }
  const ssh = lines.map(signerIn).filter((one) => one !== undefined);
  if (isKey || ssh.length < lines.length) return undefined;
  return { sshText: joined(lines), ssh, openpgp: joined(blocks) };
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** The setting as text; empty when anybody who may push tags decides. */
export const allowedSignersText = z
  .string()
  .refine((text) => readAllowedSigners(text) !== undefined)
  .default("")
  .describe(
    "who may sign tags: lines as `sam@example.org ssh-ed25519 AAAA...` (ssh-keygen's ALLOWED SIGNERS, without " +
      "cert-authority), armored OpenPGP public keys, or both; when set, deploy and promote take only tags signed by them",
  );

/** Words of a line; quotes hold blanks together. */
const WORD = /(?:"[^"]*"|[^\s"])+/g;
const KEY_TYPE =
  /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Undefined for a line that is no signer. A cert-authority is none: its certificates are not judged here. */
function signerIn(line: string): SshSigner | undefined {
  const [principals, ...words] = line.match(WORD) ?? [];
  const options = words[0] !== undefined && KEY_TYPE.test(words[0]) ? "" : words.shift();
  const [type, key] = words;
  if (!principals || options === undefined || !KEY_TYPE.test(type ?? "") || !key || !BASE64.test(key)) return undefined;
  const limits = options === "" ? {} : limitsIn(options);
  const fingerprint = `SHA256:${createHash("sha256")
    .update(Buffer.from(key, "base64"))
    .digest("base64")
    .replace(/={1,2}$/, "")}`;
  return limits && { principals: unquoted(principals), key: `${type} ${key}`, fingerprint, ...limits };
}

type Limits = Pick<SshSigner, "namespaces" | "validAfter" | "validBefore">;

/** What the options of a line allow; undefined for an option that we do not know. */
function limitsIn(options: string): Limits | undefined {
  let limits: Limits = {};
  for (const option of options.match(/(?:"[^"]*"|[^,"])+/g) ?? []) {
    const [, name = "", value = ""] = /^([a-z-]+)=(.+)$/i.exec(option) ?? [];
    const text = unquoted(value);
    const time = timeIn(text);
    if (/^namespaces$/i.test(name)) limits = { ...limits, namespaces: text.split(",") };
    else if (/^valid-after$/i.test(name) && time !== undefined) limits = { ...limits, validAfter: time };
    else if (/^valid-before$/i.test(name) && time !== undefined) limits = { ...limits, validBefore: time };
    else return undefined;
  }
  return limits;
}

const unquoted = (text: string): string => text.replaceAll('"', "");

/** `20301231`, `203012312359` or `20301231235959`; local time, or UTC with a `Z` (ssh-keygen(1)). */
function timeIn(text: string): number | undefined {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = ""] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
