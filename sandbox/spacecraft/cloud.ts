import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { KubernetesApi } from "../kubernetes/api";
import { type Cluster, credentialsOf, describe, listClusters } from "../kubernetes/cluster";
import { say } from "./console";
import { type Failure, failAt } from "./failures";
import type { Settings } from "./settings";
import { nextTick } from "./ticks";

/* go-spacecraft's calls of GKE (go-spacecraft gcp/gke.go). */

const UNAUTHORIZED = "please provide JSON key file, project name and location for gcp authorization";

/** The clusters of the settings' project and location. @throws when one of these is not set */
export function clusters(home: string, settings: Settings): Cluster[] {
  authorize(settings);
  return listClusters(home).filter((cluster) => isIn(cluster, settings));
}

/** The network's cluster. @throws GKE's NotFound without one */
export function findCluster(home: string, settings: Settings): Cluster {
  authorize(settings);
  const cluster = describe(home, settings["network-name"]);
  if (cluster && isIn(cluster, settings)) return cluster;
  throw new Error(`rpc error: code = NotFound desc = Not found: ${resourceName(settings)}.`);
}

/** A client for a cluster's API server. */
export const connect = (cluster: Cluster): KubernetesApi => new KubernetesApi(credentialsOf(cluster));

/** Creates the network's cluster. @throws when a cluster of this name exists; it stays as it is */
export async function createNetworkCluster(home: string, settings: Settings, failure: Failure | undefined) {
  authorize(settings);
  const name = settings["network-name"];
  if (describe(home, name)) throw new Error("cluster already exists");
  say("creating k8s cluster");
  await failAt("cluster", failure);
  const { done } = await askForCluster(home, settings);
  say("created k8s cluster");
  say("waiting for k8s cluster to be ready");
  for (;;) {
    await Promise.race([nextTick(), done]);
    const cluster = findCluster(home, settings);
    say(`current k8s cluster status:  ${cluster.status}`);
    if (cluster.status !== "RUNNING") continue;
    say("k8s cluster is ready");
    return cluster;
  }
}

/**
 * Creates the cluster in a process that survives this one, as in GKE. Resolves when the creation has begun. `done`
 * resolves
 * when the cluster is ready. @throws when the creation cannot begin, or through `done` when it fails later
 */
async function askForCluster(home: string, settings: Settings): Promise<{ done: Promise<void> }> {
  const maker = join(__dirname, "../kubernetes/make-cluster.ts");
  const what = [home, settings["network-name"], settings["gcp-project"], settings["gcp-location"]];
  const child = spawn(process.execPath, ["--import", require.resolve("tsx"), maker, ...what], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const complaint = text(child.stderr ?? Readable.from([]));
  const done = once(child, "exit").then(async ([code]) => {
    if (code !== 0) throw new Error(`rpc error: code = Internal desc = ${(await complaint).trim()}`);
  });
  await Promise.race([once(child, "message"), done]);
  return { done };
}

function authorize(settings: Settings): void {
  if (!settings["gcp-project"] || !settings["gcp-location"]) throw new Error(UNAUTHORIZED);
}

const isIn = (cluster: Cluster, settings: Settings): boolean =>
  cluster.project === settings["gcp-project"] && cluster.location === settings["gcp-location"];

const resourceName = (settings: Settings): string =>
  `projects/${settings["gcp-project"]}/locations/${settings["gcp-location"]}/clusters/${settings["network-name"]}`;
