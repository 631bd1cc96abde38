import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { V1ConfigMap, V1Deployment, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { clusterApi, orAbsent } from "../../../base/clients/kubernetes/client";
import { boundedTextFile, LIMITS } from "../../../base/lib/bounded";
import { parsedObject } from "../../../base/lib/json";
import { withTemporaryFolder } from "../../../base/lib/temporary";
import type { Credentials } from "../../../base/model/credentials";
import { CLUSTER_OF_ITS_OWN } from "../../../base/model/ownership";
import { type Claim, runSpacecraft, type SpacecraftCommand, type SpacecraftRun } from "./cli";
import { cliConfig, nodeConfig } from "./cli-config";
import { type Cluster, deleteCluster, describeCluster, kubeconfigOf, type Listable, listAll } from "./gcloud";
import type { SpacecraftSpec } from "./spec";

/** ConfigMap that names the owner of a cluster; go-spacecraft itself leaves no such mark. */
export const MARKER = "smeshnet";

/** The objects that make up a network, as the API server lists them. */
export interface NetworkObjects {
  readonly marker?: V1ConfigMap;
  readonly deployments: readonly V1Deployment[];
  readonly services: readonly V1Service[];
  readonly configMaps: readonly V1ConfigMap[];
  readonly nodes: readonly V1Node[];
  readonly pods: readonly V1Pod[];
}

/** Everything that the driver touches: GKE, the clusters' API servers and go-spacecraft. It decides nothing. */
export interface Platform {
  /** The cluster; undefined without one. @throws {UserError} when gcloud cannot tell */
  describe(spec: SpacecraftSpec, signal: AbortSignal): Promise<Cluster | undefined>;
  /** Everything of a kind in a project, as gcloud lists it. @throws {UserError} when gcloud cannot tell */
  list(kind: Listable, project: string, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Kubeconfig of the cluster, as text. @throws {UserError} */
  kubeconfig(spec: SpacecraftSpec, signal: AbortSignal): Promise<string>;
  /** @throws what the API client throws. */
  objects(kubeconfig: string): Promise<NetworkObjects>;
  /** Creates an object in our namespace. @throws what the API client throws. */
  createConfigMap(kubeconfig: string, body: V1ConfigMap): Promise<void>;
  /** Runs go-spacecraft. @throws {UserError} when it is missing, hangs or is misused */
  spacecraft(
    command: SpacecraftCommand,
    spec: SpacecraftSpec,
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<Claim>;
  /** Deletes a cluster without go-spacecraft. Returns when it is gone. @throws {UserError} */
  deleteCluster(spec: SpacecraftSpec, signal: AbortSignal): Promise<void>;
}

/** Google Cloud, by the command-line tools on the PATH. */
export const googleCloud = ({ spacecraftHome }: Credentials): Platform => ({
  describe: describeCluster,
  list: listAll,
  kubeconfig: kubeconfigOf,
  objects: listObjects,
  async createConfigMap(kubeconfig, body) {
    await clusterApi(kubeconfig).core.createNamespacedConfigMap({ namespace: CLUSTER_OF_ITS_OWN, body });
  },
  spacecraft: (command, spec, signal, onLine) => runCli(command, spec, { folder: spacecraftHome, signal, onLine }),
  deleteCluster,
});

async function listObjects(kubeconfig: string): Promise<NetworkObjects> {
  const { core, apps } = clusterApi(kubeconfig);
  const namespace = CLUSTER_OF_ITS_OWN;
  const [marker, deployments, services, configMaps, nodes, pods] = await Promise.all([
    orAbsent(core.readNamespacedConfigMap({ name: MARKER, namespace })),
    apps.listNamespacedDeployment({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedConfigMap({ namespace }),
    core.listNode(),
    core.listNamespacedPod({ namespace }),
  ]);
  return {
    marker,
    deployments: deployments.items,
    services: services.items,
    configMaps: configMaps.items,
    nodes: nodes.items,
    pods: pods.items,
  };
}

/** Writes the config, reads it back (go-spacecraft silently ignores a broken one) and runs the CLI. */
const runCli = (
  command: SpacecraftCommand,
  spec: SpacecraftSpec,
  options: Pick<SpacecraftRun, "folder" | "signal" | "onLine">,
): Promise<Claim> =>
  withTemporaryFolder(async (folder) => {
    const [configFile, nodeConfigFile] = [join(folder, "config.json"), join(folder, "node.json")];
    await writeFile(nodeConfigFile, JSON.stringify(nodeConfig(spec), null, 2));
    await writeFile(configFile, JSON.stringify(cliConfig(spec, nodeConfigFile), null, 2));
    const written = parsedObject(await boundedTextFile(configFile, LIMITS.small));
    if (written?.["network-name"] !== spec.cluster) throw new Error(`${configFile} does not hold what was written`);
    return runSpacecraft({ command, network: spec.cluster, configFile, timeout: spec.timeout, ...options });
  });
