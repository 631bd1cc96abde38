import type { Settings } from "../base/model/settings";
import { keptCertificate, type TlsStore } from "../tls/record";
import { reasonToIssue, type Standing } from "../tls/standing";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

type Wanted = Pick<Settings, "zone" | "subdomain" | "channels" | "acmeDirectory">;

/** The question for the TLS certificate: without it no network is deployed. @param open throws when a key is wrong */
export const tlsCheck = (wanted: Wanted, open: () => TlsStore, now: number): Check => ({
  name: "tls",
  ask: async () => found(judgeTls((await keptCertificate(open(), now)).certificate, wanted, now)),
});

/** @param now milliseconds since 1970 */
export function judgeTls(certificate: Standing | undefined, wanted: Wanted, now: number): Finding {
  const reason = reasonToIssue(certificate, wanted, now);
  const fix = "Run `smeshnet tls renew`";
  if (certificate === undefined) return fail("tls", "the store holds no valid TLS certificate", fix);
  const what = `the TLS certificate of ${certificate.issuer} is valid until ${certificate.notAfter}`;
  return reason === undefined ? ok("tls", what) : warn("tls", `${what}, and must be renewed: ${reason}`, fix);
}
