import { join } from "node:path";
import { commandLine } from "../../kubernetes/command-line";
import { realPaths } from "../../kubernetes/expansion";
import type { Faults } from "../../kubernetes/faults";
import type { ContainerContext, Program, RunningProgram } from "../../kubernetes/program";
import { folderOf } from "../../kubernetes/real-process";
import { onEveryLayer } from "../clock";
import { faultsAt } from "../fault-history";
import { type ExitSignal, exitSignal } from "../node/exit-signal";
import { nodeName, nodeVersion } from "../node/node";
import { isDeaf, type Member } from "../node/node-state";
import { type Switch, switchable } from "../node/switchable";
import type { Listening } from "../serve-http";
import { pollBootstrap } from "./bootstrap";
import { serveGrpc } from "./grpc-server";
import { serveJson } from "./json-gateway";
import { tellLayer } from "./layer-log";
import type { Standpoint } from "./ledger/ledger";
import { type Peer, peerIdsOf } from "./links";
import { serveMetrics } from "./metrics";
import { joinNetwork, type Membership } from "./network";
import { type NodeConfig, readNodeConfig } from "./node-config";
import { type Identity, loadIdentity, loadPeerKey, pinGenesis, readReached, writeReached } from "./node-data";
import { type NodeLog, nodeLog } from "./node-log";
import { genesisIdAt, nodeState, type Reached, type Situation } from "./node-state";
import { askPoets } from "./poets";
import { Refusal, refusalLines } from "./refusal";
import { registerForRounds } from "./registrations";
import type { NodeView, ServedNode } from "./served-node";

/**
 * Stands in for `spacemeshos/go-spacemesh` 1.8.3: a node of the simulated network of its namespace. A node that refuses
 * its command line, its config or its files logs the reason in the node's words and ends with code 1.
 */
export const todayNode: Program = async (context) => {
  const exit = exitSignal();
  try {
    const { args } = commandLine(context);
    const read = readNodeConfig(args);
    const config = { ...read, dataFolder: dataFolder(read.dataFolder, context) };
    const log = nodeLog(config.logsJson, context.log);
    const report = (message: string, fields?: object) => log.info("", message, fields);
    pinGenesis(config);
    report(`App version: ${nodeVersion(context.image)}. Genesis ${config.genesisId.toString("hex")}`);
    report("Welcome to Spacemesh. Spacemesh full node is starting...");
    const identity = loadIdentity(config.dataFolder, report);
    const peerId = loadPeerKey(config.dataFolder).id;
    return run({ context, config, log, exit, identity, peerId });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const line of refusalLines(error)) context.log(line);
    exit.end(1, "Error");
    return { ready: () => false, ended: exit.ended, stop: () => Promise.resolve() };
  }
};

/**
 * The real folder of a node's data: that behind the mount, or the container's own, since a folder of the image is none of
 * this machine.
 */
function dataFolder(folder: string, context: ContainerContext): string {
  const isMounted = (path: string) => Object.values(context.mounts).some((real) => `${path}/`.startsWith(`${real}/`));
  const real = isMounted(folder) ? folder : realPaths(folder, context.mounts);
  return isMounted(real) ? real : join(folderOf(context), "data");
}

/** A node whose files and config are in order. */
interface Starting {
  readonly context: ContainerContext;
  readonly config: NodeConfig;
  readonly log: NodeLog;
  readonly exit: ExitSignal;
  readonly identity: Identity;
  readonly peerId: string;
}

/** Runs a node until it is stopped or ends. It listens after its poets have answered. */
function run(starting: Starting): RunningProgram {
  const { log, exit } = starting;
  const stopping = new AbortController();
  let node: Started | undefined;
  const started = start(starting, stopping.signal)
    .then((running) => {
      node = running;
    })
    .catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      if (message !== "") {
        log.error("", "app failed", { error: message });
        starting.context.log(`Error: ${message}`);
      }
      exit.end(1, "Error");
    });
  return {
    ready: () => node?.servers.isOn() ?? false,
    ended: exit.ended,
    async stop() {
      stopping.abort();
      await started;
      await node?.stop();
      log.info("", "app stopped");
    },
  };
}

interface Started {
  readonly servers: Switch;
  stop(): Promise<void>;
}

async function start(starting: Starting, signal: AbortSignal): Promise<Started> {
  const { context, config, log, exit, identity, peerId } = starting;
  await askPoets(config, context, log, signal);
  const member: Member = { name: nodeName(context.pod), startedAt: Date.now() };
  const before = readReached(config);
  const genesis = (faults: Faults) => genesisIdAt(config, member.name, faults).toString("hex");
  const peer: Peer = { name: member.name, id: peerId, bootnodes: peerIdsOf(config.bootnodes), genesis };
  let servers: Switch | undefined;
  const hears = () => !isDeaf(member.name, faultsAt(network.history(), Date.now()));
  const network: Membership = await joinNetwork(context.networkFolder, member, peer, () => {
    servers?.set(hears()).catch((error: Error) => exit.end(1, error.message));
  });
  if (config.isSmeshing) network.smeshes(config.genesisId.toString("hex"), member.startedAt);
  const view = () => viewOf(starting, { member, network, before }, Date.now());
  const standpoint = () => standpointOf(view());
  const served: ServedNode = {
    view,
    books: () => network.ledger.books(standpoint()),
    submit: (transaction) => network.ledger.submit(standpoint(), transaction),
    shutdown: () => exit.end(0, "Completed"),
  };
  servers = switchable(() => listen(context, config, served, log));
  try {
    signal.throwIfAborted();
    await servers.set(hears());
  } catch (error) {
    await network.leave();
    throw error;
  }
  log.info("", "app started");
  const stopPolling = pollBootstrap(config, context, log, (layer) =>
    network.gotBeacon(genesis(faultsAt(network.history(), Date.now())), layer),
  );
  const stopRegistering = registerForRounds(config, identity, context, log);
  const save = () => {
    try {
      writeReached(config, view().state, served.books());
    } catch (error) {
      log.error("stateDb", "failed to write", { error: String(error) });
    }
  };
  const tell = tellLayer(log, identity.publicKey.toString("hex"));
  save();
  tell(view());
  const stopTicking = onEveryLayer(config, () => {
    save();
    tell(view());
  });
  const open = servers;
  return {
    servers,
    async stop() {
      stopTicking();
      stopPolling();
      stopRegistering();
      save();
      await Promise.all([network.leave(), open.set(false)]);
    },
  };
}

interface Place {
  readonly member: Member;
  readonly network: Membership;
  readonly before: Reached | undefined;
}

function viewOf({ context, config, peerId }: Starting, { member, network, before }: Place, now: number): NodeView {
  const connection = network.connection(now);
  const history = network.history();
  const genesis = genesisIdAt(config, member.name, faultsAt(history, now)).toString("hex");
  const [beaconLayer, smeshesSince] = [network.beaconLayer(genesis), network.smeshesSince(genesis)];
  const situation: Situation = { config, member, history, connection, beaconLayer, smeshesSince, before };
  const state = nodeState(situation, now);
  return { config, state, peers: connection.peers, peerId, version: nodeVersion(context.image) };
}

/** Where a node stands in the chain. Before the first block it has the genesis alone. */
const standpointOf = ({ config, state }: NodeView): Standpoint => ({
  genesisId: state.genesisId,
  hrp: config.hrp,
  accounts: config.accounts,
  firstLayer: state.firstLayer,
  appliedLayer: state.appliedLayer,
  topLayer: state.topLayer,
});

/**
 * Opens the listeners that the pod's address has. Those of the pod's loopback are out of reach for the others, and stay
 * closed. Metrics below port 1024 are left out without the permission to use it.
 */
async function listen(
  { address }: ContainerContext,
  { listeners }: NodeConfig,
  served: ServedNode,
  log: NodeLog,
): Promise<Listening[]> {
  const { public: open, private: inner, json, metrics, origins } = listeners;
  const opened = await Promise.allSettled([
    open && !open.isLoopback && serveGrpc(address, open.port, false, served),
    inner && !inner.isLoopback && serveGrpc(address, inner.port, true, served),
    json && !json.isLoopback && serveJson(address, json.port, origins, served),
    metrics &&
      serveMetrics(address, metrics.port, served.view).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EACCES") throw error;
        log.warn("", `metrics are off: port ${metrics.port} requires root`);
        return undefined;
      }),
  ]);
  const listening = opened.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
  const failed = opened.find((result) => result.status === "rejected");
  if (!failed) return listening;
  await Promise.all(listening.map((server) => server.close()));
  throw failed.reason;
}
