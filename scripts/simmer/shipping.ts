import { randomUUID } from "node:crypto";
import { type Synced, syncNetwork } from "../../infra/archive/sync";
import { credentials } from "../../infra/base/cli/credentials";
import { clusterApi } from "../../infra/base/clients/kubernetes/client";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { buildTag } from "../../infra/base/model/build-tag";
import type { Settings } from "../../infra/base/model/settings";
import type { Store } from "../../infra/base/store/contract";
import { kubeconfigOf } from "../../infra/deploy/network/driver";
import { madeBy } from "../../infra/deploy/network/drivers";
import type { RunningNetwork } from "../../infra/simmer/networks";

/**
 * Ships the new log lines of a network.
 * @throws {UserError} when its cluster or the store does not answer, or some logs could not be read
 */
export async function shipLogs(
  { tag, outputs }: RunningNetwork,
  { settings, store }: { readonly settings: Settings; readonly store: Store },
  run: Run,
): Promise<Synced> {
  const name = buildTag(tag);
  const { driver, spec } = madeBy(tag, outputs, settings, { store, credentials: credentials() });
  const kubeconfig = await kubeconfigOf(driver, spec, run);
  const network = { tag: name, genesisTime: outputs.facts.genesisTime };
  const api = clusterApi(kubeconfig, run.signal);
  const synced = await syncNetwork({ network, api, store, nonce: randomUUID().slice(0, 8) }, run);
  const [first, ...others] = synced.unread;
  if (first === undefined) return synced;
  throw new UserError(
    "LogsUnshipped",
    `${synced.unread.length} logs of ${name} were not shipped: ${first}${others.length > 0 ? ", and others" : ""}.`,
    "Check the cluster. The next run tries again, and has the same lines unless they rotate away.",
  );
}
