import { createHmac, timingSafeEqual } from "node:crypto";

// The form of a sealed record is a stored format (docs/decisions/0010-records-are-sealed.md). It is one line and the body:
//
//   smeshnet-record 1 NAME MAC
//   BODY
//
// MAC is the HMAC-SHA-256 over the record's key in the store and its body, in 64 hexadecimal digits. NAME is that over
// the key alone, in 32 digits: whoever cannot seal cannot even make us read all of a large object.

/** First version of the form, and the only one. */
const FORM = "smeshnet-record 1";
const HEADER = /^smeshnet-record 1 [0-9a-f]{32} [0-9a-f]{64}\n$/;

/** Length of the first line with its line feed, in bytes. */
export const HEADER_BYTES = FORM.length + 1 + 32 + 1 + 64 + 1;

/** Keys of objects may hold any character, so the length goes first: no other key and body give the same text. */
const named = (key: string): string => `${Buffer.byteLength(key)}\n${key}\n`;

const nameOf = (key: string, secret: string): string =>
  createHmac("sha256", secret)
    .update(`name 1\n${named(key)}`)
    .digest("hex")
    .slice(0, 32);

/** A record as it is stored. @param key of the record in the store */
export function sealed(key: string, body: Buffer, secret: string): Buffer {
  const mac = createHmac("sha256", secret)
    .update(`record 1\n${named(key)}`)
    .update(body)
    .digest("hex");
  return Buffer.concat([Buffer.from(`${FORM} ${nameOf(key, secret)} ${mac}\n`), body]);
}

/** Whether the first bytes of an object may begin a record of ours. */
export const mayBegin = (key: string, start: Buffer, secrets: readonly string[]): boolean =>
  secrets.some((secret) => {
    const expected = Buffer.from(`${FORM} ${nameOf(key, secret)} `);
    const found = start.subarray(0, expected.length);
    return found.length === expected.length && timingSafeEqual(found, expected);
  });

/** A record whose seal holds. */
export interface Proven {
  readonly body: Buffer;
  /** The key that sealed it. */
  readonly secret: string;
}

/** Opens a stored record; undefined when none of the secrets sealed this body for this key. */
export function opened(key: string, stored: Buffer, secrets: readonly string[]): Proven | undefined {
  const body = stored.subarray(HEADER_BYTES);
  const secret = secrets.find((one) => {
    const expected = sealed(key, body, one).subarray(0, HEADER_BYTES);
    const found = stored.subarray(0, HEADER_BYTES);
    return found.length === HEADER_BYTES && timingSafeEqual(found, expected);
  });
  return secret === undefined ? undefined : { body, secret };
}

/** The body of an object, which may bear a seal, and need not hold. */
export const bodyOf = (stored: Buffer): Buffer =>
  HEADER.test(stored.subarray(0, HEADER_BYTES).toString("latin1")) ? stored.subarray(HEADER_BYTES) : stored;

/**
 * The other name of an object, for when somebody has taken its name. Nobody without the secret can guess it, so nobody
 * can take it as well.
 */
export const otherName = (key: string, secret: string): string => `${key}~${nameOf(`other ${key}`, secret)}`;

/** Whether a name in the store has the form of another name. */
export const isOtherName = (name: string): boolean => /~[0-9a-f]{32}$/.test(name);
