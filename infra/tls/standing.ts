import { UserError } from "../base/lib/errors";
import { daysText, isDue, lifeOf, type NamesOfZone, tlsNames, uncovered } from "../base/model/tls";
import type { TlsCertificate } from "./record";

/** What a certificate must be, by the settings. */
export interface Wanted extends NamesOfZone {
  readonly acmeDirectory: string;
}

/** What decides whether a certificate is good enough. */
export type Standing = Omit<TlsCertificate, "privateKey" | "chain">;

/**
 * Why a certificate must be issued, a phrase; undefined while there is no reason.
 * @param now milliseconds since 1970
 */
export function reasonToIssue(certificate: Standing | undefined, wanted: Wanted, now: number): string | undefined {
  if (certificate === undefined) return "no valid one is in the store";
  const { names, directory } = certificate;
  const lacking = tlsNames(wanted).filter((name) => !names.includes(name));
  if (lacking.length > 0) return `it lacks ${lacking.join(" and ")}`;
  if (directory !== wanted.acmeDirectory) return `it is of another authority, ${directory}`;
  const { left, life } = lifeOf(certificate, now);
  return isDue(certificate, now) ? `${daysText(left)} of its ${daysText(life)} are left` : undefined;
}

/** The error for a store without a certificate that can be used. */
export const certificateMissing = (): UserError =>
  new UserError(
    "TlsCertificateMissing",
    "The store holds no valid TLS certificate that the key of its records opens.",
    "Run `smeshnet tls renew`.",
  );

/**
 * The certificate, when it covers hosts.
 * @throws {UserError} when there is none, or it does not cover all of them
 */
export function requireCovering<T extends Pick<TlsCertificate, "names">>(
  certificate: T | undefined,
  hosts: readonly string[],
): T {
  if (certificate === undefined) throw certificateMissing();
  const lacking = uncovered(certificate.names, hosts);
  if (lacking.length === 0) return certificate;
  throw new UserError(
    "TlsNamesUncovered",
    `The TLS certificate in the store does not cover ${lacking.join(", ")}.`,
    "Run `smeshnet tls renew`, which asks for the names of the settings.",
  );
}
