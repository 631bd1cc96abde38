import { UserError } from "../lib/errors";

/** Shortest key, in characters: 128 bits in hexadecimal digits. */
const SHORTEST = 32;
const LONGEST = 1024;

/** Secrets that seal records: the first seals, each of them proves. */
export type RecordKeys = readonly [string, ...string[]];

/**
 * Reads the variable SMESHNET_RECORD_KEY, the keys of the records. While a key is replaced, the old one follows the new one after a comma.
 * @param text value of the variable; a secret, so no error repeats it
 * @throws {UserError} when there is none, or when one is too short to be a secret
 */
export function recordKeys(text: string | undefined): RecordKeys {
  const [first, ...others] = (text ?? "").split(",").map((key) => key.trim());
  if (!first && others.length === 0)
    throw new UserError(
      "RecordKeyMissing",
      "SMESHNET_RECORD_KEY is not set, so no record of the store can be written or believed.",
      "Set it to the key of this store. For a new store, make one with `openssl rand -hex 32`.",
      2,
    );
  const keys: RecordKeys = [first ?? "", ...others];
  if (keys.some((key) => key.length < SHORTEST || key.length > LONGEST || /[^\x21-\x7e]/.test(key)))
    throw new UserError(
      "RecordKeyInvalid",
      `A key in SMESHNET_RECORD_KEY is not ${SHORTEST} to ${LONGEST} printable characters without a blank.`,
      "Make one with `openssl rand -hex 32`. Write old keys behind it, after commas.",
      2,
    );
  return keys;
}
