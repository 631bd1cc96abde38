import { credentials } from "../../infra/base/cli/credentials";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { buildTag } from "../../infra/base/model/build-tag";
import { networkSpec } from "../../infra/base/model/network-spec";
import type { Settings } from "../../infra/base/model/settings";
import { driverOf } from "../../infra/deploy/network/drivers";
import { runningNetworks } from "../../infra/simmer/networks";
import { handOut } from "../../infra/tls/hand-out";
import type { TlsCertificate, TlsStore } from "../../infra/tls/record";

/**
 * Hands the certificate to the gateways of all running networks. It does so in every run: what one run could not do,
 * the next one does.
 * @returns the build tags of the networks that have it now
 * @throws {UserError} of the first network that does not get it, after all others got it
 */
export async function handOutToAll(
  certificate: TlsCertificate,
  { settings, store }: Pick<TlsStore, "store"> & { readonly settings: Settings },
  run: Run,
): Promise<readonly string[]> {
  const driver = driverOf(settings.driver, { store, credentials: credentials() });
  const done: string[] = [];
  const failures: UserError[] = [];
  for (const { tag, outputs, isLeaving } of await runningNetworks(run)) {
    if (isLeaving) continue;
    const name = buildTag(tag);
    try {
      const kubeconfig = await driver.kubeconfig(networkSpec(tag, settings, outputs.versions), run);
      if (kubeconfig === undefined) throw clusterMissing(name);
      await handOut(certificate, kubeconfig, run.signal);
      run.say(`${name}: its gateway has TLS certificate ${certificate.generation}`);
      done.push(name);
    } catch (error) {
      if (!(error instanceof UserError) || run.signal.aborted) throw error;
      run.say(`${name}: ${error.what}`);
      failures.push(error);
    }
  }
  if (failures[0]) throw failures[0];
  return done;
}

const clusterMissing = (name: string): UserError =>
  new UserError(
    "ClusterMissing",
    `The network ${name} does not exist, or is not ours, so its gateway gets no TLS certificate.`,
    `Check it with \`smeshnet status ${name}\`.`,
  );
