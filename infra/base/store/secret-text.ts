import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import type { RecordKeys } from "./record-keys";

// The form of a secret within a record is a stored format (docs/decisions/0012-one-tls-certificate.md). The record's
// seal proves it, and does not hide it: whoever may read the store reads records.

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** A secret text within a record. */
export const SecretText = z.object({
  /** AES-256-GCM under a key of HKDF-SHA-256. */
  form: z.literal("aes-256-gcm 1"),
  /** Salt of the key, and nonce of the cipher. */
  salt: base64,
  nonce: base64,
  /** What the cipher gives, and its tag behind it. */
  text: base64,
});
export type SecretText = Readonly<z.infer<typeof SecretText>>;

/** Hides and reads secret texts with the keys of the records, which it keeps to itself. */
export interface SecretTexts {
  /** @param place key of the record in the store */
  hidden(place: string, text: string): SecretText;
  /** Undefined when our key did not hide it, or not for this record. */
  revealed(place: string, secret: SecretText): string | undefined;
}

const SALT = 32;
const NONCE = 12;
const TAG = 16;

/** The key of one secret. It never seals records: the text of its purpose is its own. */
const keyOf = (recordKey: string, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync("sha256", recordKey, salt, "smeshnet secret text 1", 32));

/**
 * Hides a text. Nobody without the key of the records can read it, or put it into another record.
 * @param place key of the record in the store
 */
export function hidden(place: string, text: string, [recordKey]: RecordKeys): SecretText {
  const salt = randomBytes(SALT);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", keyOf(recordKey, salt), nonce).setAAD(Buffer.from(place));
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return {
    form: "aes-256-gcm 1",
    salt: salt.toString("base64"),
    nonce: nonce.toString("base64"),
    text: bytes.toString("base64"),
  };
}

/**
 * Reads a hidden text; undefined when the key did not hide it, or not for this record. Only the first key counts: what
 * an older one hides is made again while the older one is still there.
 */
export function revealed(
  place: string,
  { salt, nonce, text }: SecretText,
  [recordKey]: RecordKeys,
): string | undefined {
  const bytes = Buffer.from(text, "base64");
  const iv = Buffer.from(nonce, "base64");
  if (bytes.length < TAG || iv.length !== NONCE) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", keyOf(recordKey, Buffer.from(salt, "base64")), iv)
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG)), decipher.final()]).toString("utf8");
  } catch {
    return undefined; // the tag does not fit
  }
}
