import type { Faults } from "../../kubernetes/faults";
import { effectiveGenesis, epochOf, layerAt, layerStart } from "../clock";
import { type FaultHistory, faultsAt, heldSince, liftedAt, verificationTime } from "../fault-history";
import { type Branch, layerHash, stateRoot } from "../hashes";
import type { Member } from "../node/node-state";
import { genesisId } from "./genesis";
import type { Connection } from "./links";
import type { NodeConfig } from "./node-config";

/** A node's view of the chain at one time. */
export interface NodeState {
  readonly isSynced: boolean;
  /** The current layer by the clock; 0 before genesis. */
  readonly topLayer: number;
  readonly epoch: number;
  /** The last layer that the node has seen blocks of. */
  readonly latestLayer: number;
  /** The last layer that the node verified and applied to its state. */
  readonly appliedLayer: number;
  /** The last layer whose votes the node processed without a gap. */
  readonly processedLayer: number;
  /** First layer with blocks. */
  readonly firstLayer: number;
  /** 20 bytes. */
  readonly genesisId: Buffer;
  /** First layer of the other branch that the node follows; undefined while it follows the main branch. */
  readonly forkedFrom: number | undefined;
}

/** What decides a node's view of the chain. */
export interface Situation {
  readonly config: NodeConfig;
  readonly member: Member;
  readonly history: FaultHistory;
  readonly connection: Connection;
  /** Layer at which the network got the beacon of epoch 2; undefined without one. */
  readonly beaconLayer: number | undefined;
  /** When the first node that smeshes started, in milliseconds since 1970; undefined when none does. */
  readonly smeshesSince: number | undefined;
  /** The last layers that the node had applied and processed before its start; undefined for a new one. */
  readonly before: Reached | undefined;
}

/** How far a node got. */
export interface Reached {
  readonly appliedLayer: number;
  readonly processedLayer: number;
}

/**
 * Milliseconds after the start of a poet's round in which a node may start and still be in that round. A real round takes
 * nobody after its start. The sandbox has no genesis delay, and its nodes start some seconds after genesis.
 */
const LATE_REGISTRATION = 10_000;

/** Layers after the first one with blocks at which a network verifies it, with the beacon file and without. */
const FIRST_LAG = 2;
const FIRST_LAG_WITHOUT_BEACON = 4;

/** Layers without peers after which a node says that it is not synced. */
const LONELY_LAYERS = 3;

/** Layers by which a bootnode trails. */
const BOOTNODE_TRAILS = 1.5;

/** Milliseconds that a node needs to sync: two seconds, and up to three more by its number. */
const SYNC_TIME = 2_000;
const SLOWER_BY = 1_000;

/** A node's view of the chain. @param now milliseconds since 1970 */
export function nodeState(situation: Situation, now: number): NodeState {
  const { config, member, history } = situation;
  const topLayer = layerAt(config, now);
  const firstLayer = firstLayerOf(situation);
  const view = viewOf(situation, now);
  const processedLayer = processedLayerOf(situation, view.applied, now);
  return {
    // A node whose processed layer stands never says that it is synced (go-spacemesh syncer/state_syncer.go).
    isSynced: view.isSynced && processedLayer === view.applied,
    topLayer,
    epoch: epochOf(config, topLayer),
    latestLayer: topLayer >= firstLayer && !view.isFrozen ? topLayer : view.applied,
    appliedLayer: view.applied,
    processedLayer,
    firstLayer,
    genesisId: genesisIdAt(config, member.name, faultsAt(history, now)),
    forkedFrom: isOnFork(member.name) ? forkLayer(situation, now) : undefined,
  };
}

interface View {
  readonly isSynced: boolean;
  readonly applied: number;
  /** Whether the node sees nothing of the network. */
  readonly isFrozen: boolean;
}

function viewOf(situation: Situation, now: number): View {
  const { config, member, history, connection } = situation;
  const lastEmpty = effectiveGenesis(config);
  const before = Math.max(situation.before?.appliedLayer ?? lastEmpty, lastEmpty);
  const { lateSync, neverSyncs } = faultsNaming(member.name, faultsAt(history, now));
  if (lateSync) return { isSynced: false, applied: lastEmpty, isFrozen: true };
  // Hare fails on a bootnode: it learns a layer's block from the others, one to two layers later.
  const trails = config.isBootnode ? BOOTNODE_TRAILS * config.layerDuration * 1000 : 0;
  const network = verifiedByNetwork(situation, now - trails);
  const { aloneSince } = connection;
  if (aloneSince !== undefined && !config.isStandalone) {
    const hadPeers = aloneSince > member.startedAt;
    const reached = hadPeers ? verifiedByNetwork(situation, aloneSince) : before;
    const noticed = Math.max(lastEmpty, hadPeers ? layerAt(config, aloneSince) : 0) + LONELY_LAYERS;
    return { isSynced: layerAt(config, now) < noticed, applied: Math.min(network, reached), isFrozen: true };
  }
  if (layerAt(config, now) <= lastEmpty) return { isSynced: true, applied: network, isFrozen: false };
  const share = syncedShare(situation, now);
  const behind = Math.floor(Math.max(0, network - before) * share);
  return {
    isSynced: share === 1 && !neverSyncs,
    applied: share === 1 ? network : Math.min(network, before + behind),
    isFrozen: false,
  };
}

/** Part of its sync that a node has done since it has peers, or since the fault `lateSync` was lifted; at most 1. */
function syncedShare(situation: Situation, now: number): number {
  const { member, config } = situation;
  const since = syncsSince(situation, now);
  const time = SYNC_TIME + (numberOf(member.name) % 4) * SLOWER_BY;
  // A node that was there before the first blocks has nothing to sync.
  if (since <= layerStart(config, effectiveGenesis(config))) return 1;
  return Math.min(1, (now - since) / time);
}

/** When a node began to sync. */
function syncsSince({ member, history, connection, config }: Situation, now: number): number {
  const allowed = liftedAt(history, (faults) => faultsNaming(member.name, faults).lateSync, now) ?? 0;
  const peered = config.isStandalone ? member.startedAt : (connection.since ?? now);
  return Math.max(member.startedAt, allowed, peered);
}

/**
 * The processed layer. It stands from the fault `neverSyncs` on, on a bootnode, and before a layer that the node missed
 * unless it passes gaps: it grows without gaps alone (go-spacemesh mesh/mesh.go, setProcessedLayer).
 */
function processedLayerOf(situation: Situation, applied: number, now: number): number {
  const { config, member, history, before } = situation;
  const lastEmpty = effectiveGenesis(config);
  const had = Math.max(before?.processedLayer ?? lastEmpty, lastEmpty);
  const missed = layerAt(config, syncsSince(situation, now)) > had + 1;
  if (config.isBootnode || (missed && !config.passesGaps)) return Math.min(applied, had);
  const since = heldSince(history, (faults) => faultsNaming(member.name, faults).neverSyncs, now);
  return since === undefined ? applied : Math.min(applied, verifiedByNetwork(situation, since));
}

/**
 * First layer with blocks: 2N with the beacon of epoch 2 in time, else 3N, since the network computes its own beacon of
 * epoch 3 in epoch 2. Whoever is in a poet's round that begins in epoch K is eligible in epoch K + 2. So the network
 * loses an epoch when all miss the first round, and makes no blocks when nobody smeshes.
 */
export function firstLayerOf({ config, beaconLayer, smeshesSince }: Situation): number {
  const { layersPerEpoch, genesisTime, phaseShift = 0 } = config;
  const without = 3 * layersPerEpoch;
  if (config.isStandalone) return 2 * layersPerEpoch;
  if (smeshesSince === undefined) return Number.POSITIVE_INFINITY;
  const late = smeshesSince - genesisTime - phaseShift - LATE_REGISTRATION;
  const missed = Math.max(0, Math.ceil(late / (layersPerEpoch * config.layerDuration * 1000)));
  const byBeacon =
    beaconLayer === undefined ? without : Math.min(without, Math.max(2 * layersPerEpoch, beaconLayer + 1));
  return Math.max(byBeacon, (missed + 2) * layersPerEpoch);
}

/** The last layer that the healthy nodes verified. A layer is verified in the middle of its time. */
function verifiedByNetwork(situation: Situation, now: number): number {
  const { config, history } = situation;
  const lastEmpty = effectiveGenesis(config);
  const first = firstLayerOf(situation);
  const time = verificationTime(history, now);
  const layer = layerAt(config, time);
  if (first === Number.POSITIVE_INFINITY) return lastEmpty;
  const lag = first < 3 * config.layersPerEpoch ? FIRST_LAG : FIRST_LAG_WITHOUT_BEACON;
  if (layer < first + lag) return lastEmpty;
  const isHalf = time - layerStart(config, layer) >= config.layerDuration * 500;
  return isHalf ? layer : layer - 1;
}

/** The id of the genesis that a node starts from; another one by the fault `otherGenesis`. */
export function genesisIdAt(config: NodeConfig, name: string, faults: Faults): Buffer {
  const isOther = faults.otherGenesis?.includes(name) ?? false;
  return isOther ? genesisId(config.genesisTime, `${config.extraData} other`) : config.genesisId;
}

/** This node's state root after an applied layer, 32 bytes; undefined for a layer without blocks. */
export function rootAt({ genesisId: genesis, firstLayer, appliedLayer, forkedFrom }: NodeState, layer: number) {
  if (layer < firstLayer || layer > appliedLayer) return undefined;
  const branch: Branch = forkedFrom !== undefined && layer >= forkedFrom ? "fork" : "main";
  return stateRoot(genesis, layer, branch);
}

/** Id of a layer's block, 20 bytes. */
export const blockId = ({ genesisId: genesis }: NodeState, layer: number): Buffer =>
  layerHash(genesis, layer).subarray(-20);

/** The branches separate at the layer that was verified when the split began. */
function forkLayer(situation: Situation, now: number): number | undefined {
  const since = heldSince(situation.history, ({ split }) => split ?? false, now);
  return since === undefined ? undefined : verifiedByNetwork(situation, since);
}

/** In a split, nodes with even numbers follow the other branch. */
const isOnFork = (name: string): boolean => numberOf(name) % 2 === 0;

const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 1);

const faultsNaming = (name: string, { lateSync, neverSyncs }: Faults) => ({
  lateSync: lateSync?.includes(name) ?? false,
  neverSyncs: neverSyncs?.includes(name) ?? false,
});
