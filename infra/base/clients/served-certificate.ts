import { once } from "node:events";
import { connect } from "node:tls";
import { UserError } from "../lib/errors";
import type { Validity } from "../model/tls";

/** Time limit of a handshake, in milliseconds. */
const TIMEOUT = 5000;

/**
 * The certificate that a host shows in the handshake, when clients trust it.
 * @param url of the host
 * @param address IPv4 address to connect to
 * @param roots PEM of the authorities that are trusted; those of Node.js by default
 * @throws {UserError} when there is none, or no client would trust it
 */
export async function servedCertificate(url: string, address: string, roots?: string): Promise<Validity> {
  const { hostname, port } = new URL(url);
  const signal = AbortSignal.timeout(TIMEOUT);
  const socket = connect({
    host: address,
    port: Number(port || 443),
    servername: hostname,
    ...(roots && { ca: roots }),
  });
  try {
    await once(socket, "secureConnect", { signal });
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error("it shows none");
    const [notBefore, notAfter] = [certificate.validFrom, certificate.validTo].map((time) =>
      new Date(time).toISOString(),
    );
    return { notBefore: `${notBefore}`, notAfter: `${notAfter}` };
  } catch (error) {
    const reason = signal.aborted
      ? `no answer in ${TIMEOUT} ms`
      : error instanceof Error
        ? error.message
        : String(error);
    throw new UserError(
      "CertificateUntrusted",
      `${hostname} at ${address} shows no certificate that clients trust (${reason}).`,
      "Run `smeshnet tls renew`, which hands the certificate to the gateway.",
    );
  } finally {
    socket.destroy();
  }
}
