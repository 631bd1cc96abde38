import { createECDH } from "node:crypto";
import type { KubernetesApi } from "../kubernetes/api";
import { say } from "./console";
import { type Failure, failAt } from "./failures";
import type { NodeConfig } from "./node-config";
import { claim, configMap, deployment, flag, secret, service, sleepingAfter } from "./objects";
import type { Settings } from "./settings";
import { CORE, deploy, expose, externalAddress, nodeIdentity } from "./workloads";

const GRPC_PORT = 6000;
const JSON_PORT = 7000;
const METRICS_PORT = 1010;

/** Base of a miner's p2p port, to which its number is added. */
const P2P_PORT = 5000;

/** Addresses of a miner for other programs. */
export interface Miner {
  /** `/ip4/HOST/tcp/PORT/p2p/IDENTITY` */
  readonly peer: string;
  /** `HOST:PORT` of its gRPC API. */
  readonly grpc: string;
}

/**
 * Deploys a miner (go-spacecraft k8s/sm.go, DeployMiner).
 * @param number from 1
 * @param node the node that it is bound to; any node when undefined
 */
export async function deployMiner(
  api: KubernetesApi,
  settings: Settings,
  number: number,
  config: NodeConfig,
  node: string | undefined,
  failure: Failure | undefined,
): Promise<Miner> {
  const name = `miner-${number}`;
  say(`creating ${name} pvc`);
  await api.create(`${CORE}/persistentvolumeclaims`, claim(name, settings["miner-disk-size"]));
  say(`created ${name} pvc`);
  await api.create(`${CORE}/configmaps`, configMap(name, { "config.json": JSON.stringify(config) }));
  say(`creating ${name} coinbase secret`);
  const keys = coinbaseKeys();
  await api.create(`${CORE}/secrets`, secret(`${name}-coinbase`, keys));
  // The first two miners never fail, so that a failure leaves half a network.
  if (number > 2) await failAt("miner", failure);
  const p2pPort = P2P_PORT + number;
  const pod = await deploy(
    api,
    deployment({
      name,
      container: "miner",
      image: settings["go-sm-image"],
      commandLine: sleepingAfter("/bin/go-spacemesh", minerFlags(settings, p2pPort, keys.publicKey)),
      labels: { restart: "false", app: "miner" },
      ports: [GRPC_PORT, JSON_PORT, METRICS_PORT],
      hostPort: p2pPort,
      cpu: settings["miner-cpu"],
      memory: settings["miner-ram"],
      dataPath: "/root/data",
      node,
      recreate: true,
    }),
  );
  const port = await expose(api, name, minerServices(name, settings), "grpcport");
  const address = await externalAddress(api, pod.spec?.nodeName ?? "");
  const identity = await nodeIdentity(api, pod.metadata?.name ?? "");
  return { peer: `/ip4/${address}/tcp/${p2pPort}/p2p/${identity}`, grpc: `${address}:${port}` };
}

function minerFlags(settings: Settings, p2pPort: number, coinbase: string): string[] {
  return [
    "--test-mode",
    flag("listen", `/ip4/0.0.0.0/tcp/${p2pPort}`),
    flag("json-server", "true"),
    flag("config", "/etc/config/config.json"),
    "-d=/root/data/node",
    flag("smeshing-coinbase", coinbase.replace(/^0x/, "")),
    flag("log-encoder", "json"),
    ...(settings["enable-json-api"] ? [flag("json-port", JSON_PORT)] : []),
    flag("grpc-port", GRPC_PORT),
    ...(settings.metrics ? ["--metrics", flag("metrics-port", METRICS_PORT)] : []),
  ];
}

function minerServices(name: string, settings: Settings) {
  const ports: Record<string, number> = { grpcport: GRPC_PORT };
  if (settings["enable-json-api"]) ports.jsonport = JSON_PORT;
  const api = service(name, name, "NodePort", ports);
  if (!settings.metrics) return [api];
  return [api, service(`${name}-metric`, name, "ClusterIP", { metrics: METRICS_PORT }, { app: "miner" })];
}

/** A new key pair on Ethereum's curve, in hexadecimal with 0x. */
function coinbaseKeys(): { privateKey: string; publicKey: string } {
  const keys = createECDH("secp256k1");
  const publicKey = keys.generateKeys("hex", "compressed");
  return { privateKey: `0x${keys.getPrivateKey("hex")}`, publicKey: `0x${publicKey}` };
}
