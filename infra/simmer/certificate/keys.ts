import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { UserError } from "../../base/lib/errors";

/** Kinds of keys that sign certificates; all verifiers of DSSE envelopes know both. */
const KINDS = "Ed25519 or ECDSA P-256";

const MAKE_KEY = "Make one with `openssl genpkey -algorithm ed25519 -out key.pem`.";
const MAKE_PUBLIC_KEY = "Make it with `openssl pkey -in key.pem -pubout -out public.pem`.";

/**
 * Reads a private key in PEM. No error shows a part of it.
 * @throws {UserError} when it is not a plain private key of a kind that signs certificates
 */
export function privateKeyOf(pem: string): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    throw new UserError("KeyInvalid", "The private key is not in PEM format.", MAKE_KEY, 2);
  const key = attempt(() => createPrivateKey(pem));
  if (!key)
    throw new UserError("KeyInvalid", "The private key cannot be read; it is damaged or encrypted.", MAKE_KEY, 2);
  return requireKind(key, "private", MAKE_KEY);
}

/**
 * Reads a public key in PEM.
 * @throws {UserError} when it is not a public key of a kind that signs certificates
 */
export function publicKeyOf(pem: string): KeyObject {
  // Node.js would derive the public key, but nobody should hand a private key around.
  if (/PRIVATE KEY-----/.test(pem))
    throw new UserError("KeyInvalid", "The public key is a private key.", MAKE_PUBLIC_KEY, 2);
  const key = /-----BEGIN PUBLIC KEY-----/.test(pem) ? attempt(() => createPublicKey(pem)) : undefined;
  if (!key) throw new UserError("KeyInvalid", "The public key is not in PEM format.", MAKE_PUBLIC_KEY, 2);
  return requireKind(key, "public", "Pass the public key of those who certify networks.");
}

/** The id of a key, private or public: the SHA-256 of the public key's SPKI in DER, in hexadecimal. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** Whether a key is of the kind Ed25519, which hashes by itself. The other kind is ECDSA P-256. */
export const isEd25519 = (key: KeyObject): boolean => key.asymmetricKeyType === "ed25519";

function requireKind(key: KeyObject, part: "private" | "public", fix: string): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (isEd25519(key) || (key.asymmetricKeyType === "ec" && curve === "prime256v1")) return key;
  const kind = [key.asymmetricKeyType, curve].filter(Boolean).join(" ");
  throw new UserError("KeyInvalid", `The ${part} key is of the kind ${kind}, expected ${KINDS}.`, fix, 2);
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
