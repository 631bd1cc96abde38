import type { V1Deployment, V1PersistentVolumeClaim, V1Secret, V1Service } from "@kubernetes/client-node";
import type { KubernetesApi } from "../kubernetes/api";
import { haveDeleted } from "../kubernetes/deletion";
import { readConfig, removeFromDiscovery } from "./buckets";
import { clusters, connect, findCluster } from "./cloud";
import { say, sayAs } from "./console";
import type { Settings } from "./settings";
import { nextTick } from "./ticks";
import { APPS, CORE, externalAddress, nodeNames, nodePort } from "./workloads";

/** Prints the addresses of the miners' gRPC APIs (go-spacecraft network/hosts.go). */
export async function hosts(home: string, settings: Settings): Promise<void> {
  const api = connect(findCluster(home, settings));
  const deployments = await api.list<V1Deployment>(`${APPS}/deployments`);
  const miners = deployments.items.map(nameOf).filter((name) => name.includes("miner"));
  const [node = ""] = await nodeNames(api);
  const address = await externalAddress(api, node);
  sayAs("info", "API URLs: ");
  const urls: string[] = [];
  for (const miner of miners) {
    const port = nodePort(await api.get<V1Service>(`${CORE}/services/${miner}`), "grpcport");
    say(`${miner}:${address}:${port}`);
    urls.push(`${address}:${port}/${miner}`);
  }
  sayAs("info", "Spacemesh Watch: ");
  say(urls.join(","));
  api.close();
}

/** Prints every cluster of the project as a network (go-spacecraft network/list.go). */
export async function list(home: string, settings: Settings): Promise<void> {
  const networks = clusters(home, settings);
  if (networks.length === 0) return sayAs("error", "No networks found");
  sayAs("info", "Here is the list of deployed networks:");
  for (const cluster of networks) {
    const { name } = cluster;
    const api = connect(cluster);
    const credentials = await api.get<V1Secret>(`${CORE}/secrets/elastic-credentials`);
    const config = JSON.parse(await readConfig(home, name)) as { p2p?: { "network-id"?: unknown } };
    const netId = config.p2p?.["network-id"];
    if (typeof netId !== "number") throw new Error("cannot read network-id");
    const miner = await api.get<V1Deployment>(`${APPS}/deployments/miner-1`);
    sayAs("success", `\nNetwork Name: ${name}`);
    say(`NETID: ${netId}`);
    say(`Kibana URL: https://kibana-${name}.spacemesh.io`);
    say(`Kibana Password: ${Buffer.from(credentials.data?.password ?? "", "base64")}`);
    say(`Config: https://storage.googleapis.com/spacecraft-data/${name}-archive/config.json`);
    say(`Docker URL: ${miner.spec?.template.spec?.containers[0]?.image}`);
    api.close();
  }
}

/** Removes a network in the order of go-spacecraft network/delete.go. Does not remove DNS records. */
export async function deleteNetwork(home: string, settings: Settings): Promise<void> {
  const cluster = findCluster(home, settings);
  const api = connect(cluster);
  if (settings["keep-logs-metrics"]) {
    await deleteWorkloads(api);
  } else {
    const claims = await api.list<V1PersistentVolumeClaim>(`${CORE}/persistentvolumeclaims`);
    const disks = claims.items.map(({ spec }) => spec?.volumeName ?? "");
    await deleteNetworkCluster(home, cluster.name);
    for (const disk of disks) say(`deleting disk: ${disk}`);
  }
  api.close();
  await removeFromDiscovery(home, settings["network-name"], settings.private);
}

async function deleteNetworkCluster(home: string, name: string): Promise<void> {
  const deleting = haveDeleted(home, name).then(() => "deleted");
  say("started deleting cluster");
  while (!(await Promise.race([deleting, nextTick()]))) say("waiting for cluster to delete");
  say("cluster deleted");
}

/** Deletes what goes when logs are kept: all Deployments of the network, and namespace `ws`. */
async function deleteWorkloads(api: KubernetesApi): Promise<void> {
  const { items } = await api.list<V1Deployment>(`${APPS}/deployments`);
  for (const name of items.map(nameOf).filter((one) => /miner|poet|watch/.test(one))) {
    await api.delete(`${APPS}/deployments/${name}`);
  }
  await api.delete("/api/v1/namespaces/ws");
}

const nameOf = ({ metadata }: V1Deployment): string => metadata?.name ?? "";
