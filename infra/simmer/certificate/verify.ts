import { UserError } from "../../base/lib/errors";
import { openEnvelope, signEnvelope } from "./envelope";
import { type Certificate, readStatement } from "./reader";
import { type CertificateInput, renderStatement } from "./statement";

/**
 * Seals a certificate: the text of the file. It is read back before it is signed, so a simmer that is too short and a
 * digest that is none are never signed.
 * @param privateKey PEM, Ed25519 or ECDSA P-256
 * @throws {UserError} when the simmer is not complete, or the key does not sign certificates
 */
export function sealCertificate(input: CertificateInput, privateKey: string): string {
  const statement = renderStatement(input);
  readStatement(statement);
  return signEnvelope(statement, privateKey);
}

/**
 * Verifies a certificate from its text alone: signature, form, and that the time is full.
 * @param publicKey PEM, Ed25519 or ECDSA P-256
 * @throws {UserError} with what is wrong
 */
export const verifyCertificate = (text: string, publicKey: string): Certificate =>
  readStatement(openEnvelope(text, publicKey));

/**
 * Checks that a certificate is for a build.
 * @param needed healthy or slow time that counts as a simmer, in seconds
 * @throws {UserError} when it is for another tag or commit, or for a shorter simmer
 */
export function requireFor(
  certificate: Certificate,
  { tag, commit, needed }: Pick<Certificate, "tag" | "commit" | "needed">,
): void {
  if (certificate.needed < needed) {
    throw new UserError(
      "SimmerTooShort",
      `The certificate of ${tag} was sealed for ${certificate.needed} s, expected ${needed} s or more.`,
      "Certificates are never sealed anew. Deploy the release as another build and let it simmer.",
    );
  }
  if (certificate.tag === tag && certificate.commit === commit) return;
  throw new UserError(
    "CertificateOfOtherBuild",
    `The certificate is for ${certificate.tag} at commit ${certificate.commit}, expected ${tag} at commit ${commit}.`,
    `Certify the network of ${tag}, or take its own certificate.`,
  );
}
