import type { ContainerContext, Program, RunningProgram } from "../../kubernetes/program";
import { onEveryLayer } from "../clock";
import { faultsAt } from "../fault-history";
import { nodeIdentity } from "../hashes";
import type { Listening } from "../serve-http";
import { joinChain, type Membership } from "./chain";
import { exitSignal } from "./exit-signal";
import { serveGrpc } from "./grpc-server";
import { serveJson } from "./json-gateway";
import { serveMetrics } from "./metrics";
import type { NodeView, ServedNode } from "./node-api";
import { commandLine, type NodePorts, parseNodePorts, readNodeConfig } from "./node-config";
import { nodeLog } from "./node-log";
import { isDeaf, type Member, nodeState } from "./node-state";
import { type Switch, switchable } from "./switchable";

/** Stands in for `spacemeshos/go-spacemesh`: a node of its cluster's simulated chain. */
export const node: Program = async (context) => {
  const config = await readNodeConfig(context);
  const member: Member = { name: nodeName(context.pod), startedAt: Date.now() };
  const identity = nodeIdentity(context.cluster, member.name).toString("hex");
  const log = nodeLog(identity, context.log);
  const exit = exitSignal();

  let servers: Switch | undefined;
  const hears = () => !isDeaf(member.name, faultsAt(chain.history(), Date.now()));
  const chain: Membership = await joinChain(context.networkFolder, member, () => {
    servers?.set(hears()).catch((error: Error) => exit.end(1, error.message));
  });

  const view = (): NodeView => ({
    config,
    state: nodeState(config, chain.history(), member, Date.now()),
    peers: chain.peersOf(member),
    version: nodeVersion(context.image),
  });
  const served: ServedNode = { view, isSmeshing: true, shutdown: () => exit.end(0, "Completed") };
  const ports = parseNodePorts(commandLine(context));

  log.info("app", `Starting Spacemesh ${view().version}`);
  log.info("p2p", `Local node identity >> ${identity}`);
  servers = switchable(() => listen(context, ports, served, log.warn));
  try {
    await servers.set(hears());
  } catch (error) {
    await chain.leave();
    throw error;
  }
  log.info("app", "App started.");
  const stopTicking = onEveryLayer(config, () => log.info("clock", "release tick", layerFields(view())));

  return running(exit.ended, servers, () => {
    stopTicking();
    return chain.leave();
  });
};

function running(ended: RunningProgram["ended"], servers: Switch, leave: () => Promise<void>): RunningProgram {
  return {
    ready: () => servers.isOn(),
    ended,
    async stop() {
      await Promise.all([leave(), servers.set(false)]);
    },
  };
}

/**
 * Opens the three servers. The port of the metrics is below 1024; without the permission to use it, they are left out.
 */
async function listen(
  { address }: ContainerContext,
  ports: NodePorts,
  served: ServedNode,
  warn: (message: string) => void,
): Promise<Listening[]> {
  const metrics = serveMetrics(address, ports.metrics, served.view).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EACCES") throw error;
    warn(`metrics are off: port ${ports.metrics} requires root`);
    return undefined;
  });
  const open = await Promise.allSettled([
    serveGrpc(address, ports.grpc, served),
    serveJson(address, ports.json, served),
    metrics,
  ]);
  const listening = open.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
  const failed = open.find((result) => result.status === "rejected");
  if (!failed) return listening;
  await Promise.all(listening.map((server) => server.close()));
  throw failed.reason;
}

/** Name of the Deployment of a pod, e.g. `miner-3` of `miner-3-5d9c7b6f4-x2x9k`. Such pods have two suffixes. */
export const nodeName = (pod: string): string => pod.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "");

/** Version of an image tag, e.g. `v1.2.3+1` of `v1.2.3-b1`. Image tags cannot contain a plus sign. */
export const nodeVersion = (image: string): string =>
  image.slice(image.lastIndexOf(":") + 1).replace(/-b(\d+)$/, "+$1");

const layerFields = ({ state, peers }: NodeView) => ({
  layer_id: state.topLayer,
  epoch_id: state.epoch,
  verified_layer: state.verifiedLayer,
  is_synced: state.isSynced,
  peers,
});
