import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1ConfigMap, V1Deployment, V1Node, V1Service } from "@kubernetes/client-node";
import { clusterApi, orAbsent } from "../../../base/clients/kubernetes/client";
import { type Clock, realClock } from "../../../base/lib/clock";
import type { NetworkSpec } from "../../../base/model/network-spec";
import { IN_NAMESPACE } from "../../../base/model/ownership";
import { type Claim, runSpacecraft, type SpacecraftCommand } from "./cli";
import { cliConfig, nodeConfig } from "./cli-config";
import { type Cluster, deleteCluster, describeCluster, kubeconfigOf } from "./gcloud";

/** ConfigMap that says whose cluster this is; go-spacecraft itself leaves no such mark. */
export const MARKER = "smeshnet";

/** The objects that make up a network, as the API server lists them. */
export interface NetworkObjects {
  readonly marker?: V1ConfigMap;
  readonly deployments: readonly V1Deployment[];
  readonly services: readonly V1Service[];
  readonly configMaps: readonly V1ConfigMap[];
  readonly nodes: readonly V1Node[];
}

/** All that the driver touches: GKE, the clusters' API servers, go-spacecraft and the clock. It decides nothing. */
export interface Platform {
  readonly clock: Clock;
  /** The cluster, or undefined when there is none. @throws {UserError} when that cannot be told. */
  describe(spec: NetworkSpec, signal: AbortSignal): Promise<Cluster | undefined>;
  /** The way into the cluster, as text. @throws {UserError} */
  kubeconfig(spec: NetworkSpec, signal: AbortSignal): Promise<string>;
  /** @throws what the API client throws. */
  objects(kubeconfig: string): Promise<NetworkObjects>;
  /** Creates an object in our namespace. @throws what the API client throws. */
  createConfigMap(kubeconfig: string, body: V1ConfigMap): Promise<void>;
  /** Runs go-spacecraft. @throws {UserError} when it is not there, hangs or is called wrongly. */
  spacecraft(
    command: SpacecraftCommand,
    spec: NetworkSpec,
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<Claim>;
  /** Deletes a cluster without go-spacecraft, and returns when it is gone. @throws {UserError} */
  deleteCluster(spec: NetworkSpec, signal: AbortSignal): Promise<void>;
}

/** Google Cloud, by the command-line tools on the PATH. */
export const googleCloud: Platform = {
  clock: realClock,
  describe: describeCluster,
  kubeconfig: kubeconfigOf,
  objects: listObjects,
  async createConfigMap(kubeconfig, body) {
    await clusterApi(kubeconfig).core.createNamespacedConfigMap({ namespace: IN_NAMESPACE, body });
  },
  spacecraft: runCli,
  deleteCluster,
};

async function listObjects(kubeconfig: string): Promise<NetworkObjects> {
  const { core, apps } = clusterApi(kubeconfig);
  const namespace = IN_NAMESPACE;
  const [marker, deployments, services, configMaps, nodes] = await Promise.all([
    orAbsent(core.readNamespacedConfigMap({ name: MARKER, namespace })),
    apps.listNamespacedDeployment({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedConfigMap({ namespace }),
    core.listNode(),
  ]);
  return {
    marker,
    deployments: deployments.items,
    services: services.items,
    configMaps: configMaps.items,
    nodes: nodes.items,
  };
}

/** Writes the config, reads it back (go-spacecraft ignores a broken one without a word) and runs the CLI. */
async function runCli(
  command: SpacecraftCommand,
  spec: NetworkSpec,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<Claim> {
  const folder = await mkdtemp(join(tmpdir(), "smeshnet-"));
  const [configFile, nodeConfigFile] = [join(folder, "config.json"), join(folder, "node.json")];
  try {
    await writeFile(nodeConfigFile, JSON.stringify(nodeConfig(spec), null, 2));
    await writeFile(configFile, JSON.stringify(cliConfig(spec, nodeConfigFile), null, 2));
    const read = JSON.parse(await readFile(configFile, "utf8")) as Record<string, unknown>;
    if (read["network-name"] !== spec.cluster) throw new Error(`${configFile} does not hold what was written`);
    const { timeout } = spec;
    return await runSpacecraft({ command, network: spec.cluster, configFile, timeout, signal, onLine });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
