import { sign, verify } from "node:crypto";
import { z } from "zod";
import { shown, UserError } from "../../base/lib/errors";
import { parsedJson } from "../../base/lib/json";
import { listOf, object } from "../../base/model/formats";
import { isEd25519, keyIdOf, privateKeyOf, publicKeyOf } from "./keys";
import { InvalidCertificate } from "./reader";

// DSSE 1.0 (github.com/secure-systems-lab/dsse, protocol.md and envelope.md).

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

const Envelope = object({
  payload: z.string("text"),
  payloadType: z.string("text"),
  /** The key's id is only a hint: nobody signs it. */
  signatures: listOf(object({ keyid: z.string("text").optional(), sig: z.string("text") })),
});
type Envelope = z.infer<typeof Envelope>;

/** DSSE's pre-authentication encoding: the bytes that a signature covers. Lengths are in bytes. */
export function preAuthenticationEncoding(type: string, body: Uint8Array): Buffer {
  const typeBytes = Buffer.from(type);
  const lead = Buffer.concat([Buffer.from(`DSSEv1 ${typeBytes.length} `), typeBytes, Buffer.from(` ${body.length} `)]);
  return Buffer.concat([lead, body]);
}

/**
 * An envelope around a statement, with one signature. ECDSA signatures are in DER, as cosign expects them.
 * @param privateKey PEM
 * @throws {UserError} when the key is not one that signs certificates
 */
export function signEnvelope(statement: string, privateKey: string): string {
  const key = privateKeyOf(privateKey);
  const payload = Buffer.from(statement);
  const covered = preAuthenticationEncoding(PAYLOAD_TYPE, payload);
  const sig = isEd25519(key) ? sign(null, covered, key) : sign("sha256", covered, { key, dsaEncoding: "der" });
  const envelope: Envelope = {
    payload: payload.toString("base64"),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ keyid: keyIdOf(key), sig: sig.toString("base64") }],
  };
  return `${JSON.stringify(envelope)}\n`;
}

/**
 * The statement of an envelope, after its signature was verified.
 * @param publicKey PEM
 * @throws {UserError} when the text is not an envelope with exactly one signature, made with this key over this content
 */
export function openEnvelope(text: string, publicKey: string): string {
  const key = publicKeyOf(publicKey);
  const { payload, payloadType, signatures } = parsedEnvelope(text);
  if (payloadType !== PAYLOAD_TYPE)
    throw new InvalidCertificate(`The certificate's payloadType is ${shown(payloadType)}, expected ${PAYLOAD_TYPE}.`);
  const [signature] = signatures;
  if (!signature || signatures.length > 1)
    throw new InvalidCertificate(`The certificate has ${signatures.length || "no"} signatures, expected one.`);
  const body = bytesOf(payload, "payload");
  const sig = bytesOf(signature.sig, "signature");
  const covered = preAuthenticationEncoding(payloadType, body);
  const isValid = isEd25519(key)
    ? verify(null, covered, key, sig)
    : verify("sha256", covered, { key, dsaEncoding: "der" }, sig);
  if (!isValid) throw wrongSignature(signature.keyid, keyIdOf(key));
  return body.toString();
}

/** The statement of an envelope, unverified: for one that our own store kept. @throws {UserError} when it is none */
export const unverifiedStatement = (text: string): string =>
  bytesOf(parsedEnvelope(text).payload, "payload").toString();

function parsedEnvelope(text: string): Envelope {
  const document = parsedJson(text);
  if (document === undefined) throw new InvalidCertificate("The certificate is not JSON.");
  const { success, data, error } = Envelope.safeParse(document);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  throw new InvalidCertificate(`The certificate is not a DSSE envelope: ${path.join(".") || "it"} is not ${message}.`);
}

/** Decodes base64, standard or URL-safe as DSSE demands. Node.js alone would skip what it cannot decode. */
function bytesOf(base64: string, part: string): Buffer {
  const standard = base64.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(standard, "base64");
  if (bytes.length > 0 && bytes.toString("base64") === standard) return bytes;
  throw new InvalidCertificate(`The ${part} of the certificate is not base64.`);
}

/** The hint tells apart what a person should do: take another key, or another file. */
function wrongSignature(hint: string | undefined, keyId: string): UserError {
  if (hint && hint !== keyId)
    return new UserError(
      "SignatureInvalid",
      `The certificate is signed with the key ${shown(hint)}, but the given key is ${keyId}.`,
      "Pass the public key of those who certified the network.",
    );
  return new UserError(
    "SignatureInvalid",
    "The certificate's signature does not match its content; one of them was changed.",
    "Get the original file again, and do not trust this one.",
  );
}
