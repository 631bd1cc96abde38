import { daysText, isLate } from "../base/model/tls";
import type { TlsCertificate } from "./record";
import type { Standing } from "./standing";

/** What anybody may know of a certificate: all but its private key, and the chain, which every handshake shows. */
export type TlsView = Standing;

export const viewOf = ({
  generation,
  names,
  issuer,
  serial,
  directory,
  notBefore,
  notAfter,
}: TlsCertificate): TlsView => ({
  generation,
  names,
  issuer,
  serial,
  directory,
  notBefore,
  notAfter,
});

/**
 * A certificate for people, a line each.
 * @param due why it must be renewed; undefined while there is no reason
 * @param now milliseconds since 1970
 */
export const renderCertificate = (certificate: TlsView, due: string | undefined, now: number): string[] => [
  `TLS certificate ${certificate.generation} of ${certificate.issuer}`,
  `names:  ${certificate.names.join(", ")}`,
  `until:  ${certificate.notAfter}, ${daysText(Date.parse(certificate.notAfter) - now)}`,
  `serial: ${certificate.serial}`,
  `next:   ${due === undefined ? "nothing to do" : `\`smeshnet tls renew\`, since ${due}`}`,
  ...(isLate(certificate, now) ? ["LATE:   the daily renewal fails or does not run; check its log"] : []),
];
