import { randomBytes } from "node:crypto";
import type { KubernetesApi } from "../kubernetes/api";
import { uploadConfig } from "./buckets";
import { connect, createNetworkCluster } from "./cloud";
import { sayAs } from "./console";
import { type Failure, failAt } from "./failures";
import { deployMiner, type Miner } from "./miners";
import { clockOf, type NodeConfig, readNodeConfig, withBootnodes, withGenesis, withPoet } from "./node-config";
import { disruptionBudget, secret } from "./objects";
import { isTodaysPoet } from "./poet-flags";
import { deployPoet, startPoet } from "./poets";
import type { Settings } from "./settings";
import { CORE, nodeNames } from "./workloads";

/**
 * Creates a network in the order of go-spacecraft network/create.go. The sandbox has no Elasticsearch, Kibana,
 * Prometheus
 * and watch: it only creates their secret and prints their lines. The first error ends the command and leaves
 * everything
 * created so far.
 */
export async function createNetwork(home: string, settings: Settings, failure: Failure | undefined): Promise<void> {
  const cluster = await createNetworkCluster(home, settings, failure);
  const api = connect(cluster);
  const password = randomBytes(24).toString("base64url");
  await api.create(`${CORE}/secrets`, secret("elastic-credentials", { username: "elastic", password }));
  await api.create("/apis/policy/v1/namespaces/default/poddisruptionbudgets", disruptionBudget);

  await failAt("config", failure);
  const config = withGenesis(readNodeConfig(settings), settings, new Date());
  clockOf(config);
  const poets = await deployPoets(api, settings, config, failure);
  const { miners, lastConfig } = await deployMiners(api, settings, config, poets, failure);
  await startPoets(poets, miners, settings, failure);
  await failAt("bucket", failure);
  await uploadConfig(home, settings["network-name"], JSON.stringify(lastConfig, undefined, "\t"));
  api.close();

  sayAs("info", `Kibana URL: https://kibana-${settings["network-name"]}.spacemesh.io`);
  sayAs("info", "Kibana Username: elastic");
  sayAs("info", `Kibana Password: ${password}`);
}

/** Deploys all poets at once. */
function deployPoets(api: KubernetesApi, settings: Settings, config: NodeConfig, failure: Failure | undefined) {
  return Promise.all(numbers(1, settings.poets).map((number) => deployPoet(api, settings, number, config, failure)));
}

/** Deploys the first miner, then the bootnodes, then groups of the remaining miners. */
async function deployMiners(
  api: KubernetesApi,
  settings: Settings,
  networkConfig: NodeConfig,
  poets: readonly string[],
  failure: Failure | undefined,
): Promise<{ miners: Miner[]; lastConfig: NodeConfig }> {
  const nodes = await nodeNames(api);
  const miners: Miner[] = [];
  let config = networkConfig;
  const deploy = async (group: readonly number[], bound: boolean) => {
    const deploying = group.map((number) => {
      config = withPoet(config, inTurn(poets, number - 1));
      return deployMiner(api, settings, number, config, bound ? inTurn(nodes, number - 1) : undefined, failure);
    });
    miners.push(...(await Promise.all(deploying)));
  };

  const bootnodes = settings["bootnode-amount"];
  const first = settings.bootstrap ? 1 : 0;
  if (settings.bootstrap) await deploy([1], true);
  if (settings.bootstrap) config = withBootnodes(config, miners.map(peer));
  await deploy(numbers(first + 1, bootnodes + first), true);
  config = withBootnodes(config, miners.slice(first, first + bootnodes).map(peer));
  for (const group of chunks(numbers(first + bootnodes + 1, settings.miners), settings["max-concurrent-deployments"])) {
    await deploy(group, false);
  }
  return { miners, lastConfig: config };
}

/** Gives poets of 2021 their gateways, which starts them. Current poets need none. */
async function startPoets(
  poets: readonly string[],
  miners: readonly Miner[],
  settings: Settings,
  failure: Failure | undefined,
): Promise<void> {
  await failAt("start", failure);
  if (isTodaysPoet(settings["poet-image"])) return;
  const gateways = miners.slice(0, settings["poet-gateway-amount"]).map(({ grpc }) => grpc);
  for (const poet of poets) await startPoet(poet, gateways);
}

const peer = ({ peer }: Miner): string => peer;

/** The item whose turn it is. @throws Go's panic when the list is empty */
function inTurn<T>(items: readonly T[], turn: number): T {
  const item = items[turn % Math.max(1, items.length)];
  if (item === undefined) throw new Panic("runtime error: index out of range [0] with length 0");
  return item;
}

/** A crash of a Go program. It exits with 2 and prints the message on standard error. */
export class Panic extends Error {}

/** Whole numbers from the first to the last, inclusive. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Groups of at most the given size. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  numbers(0, Math.ceil(items.length / size) - 1).map((i) => items.slice(i * size, (i + 1) * size));
