import type { Run } from "../base/lib/run";
import { keptCertificate, type TlsCertificate, type TlsStore } from "./record";
import { requireCovering } from "./standing";

/** The TLS certificate that counts. @throws {UserError} when there is none, or it does not cover the hosts */
export async function requiredCertificate(
  kept: TlsStore,
  hosts: readonly string[],
  run: Pick<Run, "clock">,
): Promise<TlsCertificate> {
  return requireCovering((await keptCertificate(kept, run.clock.now())).certificate, hosts);
}
