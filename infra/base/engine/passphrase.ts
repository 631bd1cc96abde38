import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { boundedTextFile, LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { passphraseMissing } from "./complaints";
import { type Exported, hasPassphrase, saltOf } from "./state";

type Variables = Readonly<Record<string, string | undefined>>;

/** Rounds of the key's derivation, and what the salt encrypts with it (pulumi, pkg/secrets/passphrase). */
const ROUNDS = 1_000_000;
const PROOF = "pulumi";

/** Length of the authentication tag at the end of a text that AES-256-GCM encrypted, in bytes. */
const TAG = 16;

/** Backends of the Pulumi service keep secrets themselves. */
const SERVICE = /^https?:/;

/**
 * Checks that the passphrase of a stack is there and right, before anything is touched. A stack whose secrets somebody
 * else keeps, such as a cloud's KMS or the Pulumi service, needs none. pulumi would find a wrong one only after a
 * promotion is on record, and would encrypt a state without secrets anew.
 * @param state of the stack; undefined for a new one
 * @throws {UserError} when it is missing, cannot be read, or is not that of the stack
 */
export async function requirePassphrase(
  stack: string,
  state: Exported | undefined,
  environment: Variables = process.env,
): Promise<void> {
  const backend = environment.PULUMI_BACKEND_URL;
  // Of a new stack only this is known: in a bucket or a folder, pulumi asks for a passphrase by default.
  const isNeeded = state ? hasPassphrase(state) : backend !== undefined && !SERVICE.test(backend);
  if (!isNeeded || (state === undefined && (await hasOtherProvider(stack)))) return;
  const passphrase = await passphraseIn(environment);
  if (passphrase === undefined) throw passphraseMissing();
  const salt = state && saltOf(state);
  if (salt === undefined || (await opens(passphrase, salt)) !== false) return;
  const empty = passphrase === "" ? ", and it is empty" : "";
  throw new UserError(
    "PassphraseWrong",
    `The passphrase in the environment is not that of stack ${stack}${empty}.`,
    "Set PULUMI_CONFIG_PASSPHRASE, or the file of PULUMI_CONFIG_PASSPHRASE_FILE, to the passphrase of the stack.",
  );
}

/** Whether the settings of a new stack name another secrets provider, such as `awskms://...`. */
async function hasOtherProvider(stack: string): Promise<boolean> {
  const text = await boundedTextFile(`Pulumi.${stack}.yaml`, LIMITS.small).catch(() => "");
  return /^secretsprovider: *["']?(?!passphrase\b|default\b)\S/m.test(text);
}

/** As pulumi reads it: an empty variable is a passphrase, and white space around that of a file is none of it. */
async function passphraseIn(environment: Variables): Promise<string | undefined> {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (text !== undefined) return text;
  if (!file) return undefined;
  try {
    return (await boundedTextFile(file, LIMITS.small)).trim();
  } catch (error) {
    throw new UserError(
      "PassphraseUnreadable",
      `PULUMI_CONFIG_PASSPHRASE_FILE is ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      "Set it to the path of a file that holds the passphrase.",
      2,
    );
  }
}

const derive = promisify(pbkdf2);

/** A passphrase that was checked before, with its salt. */
const right = new Set<string>();

/** Whether a passphrase opens a salt, `v1:SALT:v1:NONCE:TEXT`; undefined for a salt of another form. */
async function opens(passphrase: string, salt: string): Promise<boolean | undefined> {
  if (right.has(`${salt}\n${passphrase}`)) return true;
  const [, salted, nonce, text] = /^v1:([\w+/=]+):v1:([\w+/=]+):([\w+/=]+)$/.exec(salt) ?? [];
  if (salted === undefined || nonce === undefined || text === undefined) return undefined;
  const key = await derive(passphrase, Buffer.from(salted, "base64"), ROUNDS, 32, "sha256");
  const encrypted = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(encrypted.subarray(-TAG));
  try {
    const plain = decipher.update(encrypted.subarray(0, -TAG), undefined, "utf8") + decipher.final("utf8");
    if (plain !== PROOF) return false;
  } catch {
    return false; // the tag does not fit
  }
  right.add(`${salt}\n${passphrase}`);
  return true;
}
