import { KubernetesApi } from "../kubernetes/api";
import { type Cluster, createCluster, credentialsOf, describe, listClusters } from "../kubernetes/cluster";
import { say } from "./console";
import { type Failure, failAt } from "./failures";
import type { Settings } from "./settings";
import { nextTick } from "./ticks";

/** What go-spacecraft does with GKE (go-spacecraft gcp/gke.go). */

const UNAUTHORIZED = "please provide JSON key file, project name and location for gcp authorization";

/** The clusters of the settings' project and location. @throws when these are not set. */
export function clusters(home: string, settings: Settings): Cluster[] {
  authorize(settings);
  return listClusters(home).filter((cluster) => isIn(cluster, settings));
}

/** The network's cluster. @throws GKE's NotFound when there is none. */
export function findCluster(home: string, settings: Settings): Cluster {
  authorize(settings);
  const cluster = describe(home, settings["network-name"]);
  if (cluster && isIn(cluster, settings)) return cluster;
  throw new Error(`rpc error: code = NotFound desc = Not found: ${resourceName(settings)}.`);
}

/** A way to a cluster's API server. */
export const connect = (cluster: Cluster): KubernetesApi => new KubernetesApi(credentialsOf(cluster));

/** Makes the network's cluster. @throws when one of its name exists, which is left alone. */
export async function createNetworkCluster(home: string, settings: Settings, failure: Failure | undefined) {
  authorize(settings);
  const name = settings["network-name"];
  if (describe(home, name)) throw new Error("cluster already exists");
  say("creating k8s cluster");
  await failAt("cluster", failure);
  const making = createCluster(home, name, { project: settings["gcp-project"], location: settings["gcp-location"] });
  // GKE answers at once and makes the cluster afterwards; a failure shows in the status.
  const outcome = making.then(
    (cluster) => ({ cluster }),
    (error: Error) => ({ error }),
  );
  say("created k8s cluster");
  say("waiting for k8s cluster to be ready");
  for (;;) {
    const done = await Promise.race([outcome, nextTick()]);
    if (done && "error" in done) throw done.error;
    say(`current k8s cluster status:  ${done ? done.cluster.status : "PROVISIONING"}`);
    if (!done) continue;
    say("k8s cluster is ready");
    return done.cluster;
  }
}

function authorize(settings: Settings): void {
  if (!settings["gcp-project"] || !settings["gcp-location"]) throw new Error(UNAUTHORIZED);
}

const isIn = (cluster: Cluster, settings: Settings): boolean =>
  cluster.project === settings["gcp-project"] && cluster.location === settings["gcp-location"];

const resourceName = (settings: Settings): string =>
  `projects/${settings["gcp-project"]}/locations/${settings["gcp-location"]}/clusters/${settings["network-name"]}`;
