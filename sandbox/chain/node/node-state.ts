import type { Faults } from "../../kubernetes/faults";
import { effectiveGenesis, epochOf, type LayerClock, layerAt } from "../clock";
import { type FaultHistory, faultsAt, heldSince, liftedAt, verificationTime } from "../fault-history";
import { type Branch, genesisId, stateRoot } from "../hashes";
import type { NodeConfig } from "./node-config";

/** A node, as far as it decides what the node sees of the chain. */
export interface Member {
  /** `miner-3`: the name of its Deployment, by which faults name it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What a node knows of the chain at one time. */
export interface NodeState {
  readonly isSynced: boolean;
  /** The layer of the clock. */
  readonly topLayer: number;
  readonly epoch: number;
  /** The last layer the node has synced. */
  readonly syncedLayer: number;
  /** The last layer the node has verified and applied to its state. */
  readonly verifiedLayer: number;
  /** 20 bytes. */
  readonly genesisId: Buffer;
  /** From this layer on the node follows the other branch; undefined when it follows the main one. */
  readonly forkedFrom: number | undefined;
}

/** A layer is verified this many layers after its start, in a healthy network. */
const VERIFICATION_LAG = 2;

/** Layers that a starting node syncs in a second. */
const SYNC_SPEED = 50;

/** What a node knows: a function of its network's config, the faults so far and the time (ms since 1970). Pure. */
export function nodeState(config: NodeConfig, history: FaultHistory, member: Member, now: number): NodeState {
  const { lateSync, otherGenesis } = faultsNaming(member.name, faultsAt(history, now));
  const topLayer = layerAt(config, now);
  const syncedLayer = lateSync ? 0 : Math.min(topLayer, layersSynced(history, member, now));
  return {
    isSynced: !lateSync && syncedLayer === topLayer,
    topLayer,
    epoch: epochOf(config, topLayer),
    syncedLayer,
    verifiedLayer: Math.min(syncedLayer, verifiedByNetwork(config, history, now)),
    genesisId: genesisId(config.genesisText, otherGenesis ? `${config.extraData} other` : config.extraData),
    forkedFrom: isOnFork(member.name) ? forkLayer(config, history, now) : undefined,
  };
}

/** The root of the state after a verified layer, as this node has it; 32 bytes. Genesis layers change no state. Pure. */
export function rootAt(config: LayerClock, state: NodeState, layer: number): Buffer {
  const isForked = state.forkedFrom !== undefined && layer >= state.forkedFrom;
  const branch: Branch = isForked ? "fork" : "main";
  return stateRoot(state.genesisId, layer <= effectiveGenesis(config) ? 0 : layer, branch);
}

/** Whether a fault makes this node refuse all connections. */
export const isDeaf = (name: string, faults: Faults): boolean => faults.deaf?.includes(name) ?? false;

/**
 * The last layer that the healthy nodes have verified. In the genesis epochs it is the layer of the clock, and so says
 * nothing (go-spacemesh api/grpcserver/node_service.go, getLayers).
 */
function verifiedByNetwork(config: LayerClock, history: FaultHistory, now: number): number {
  const top = layerAt(config, now);
  const lastEmpty = effectiveGenesis(config);
  if (top <= lastEmpty) return top;
  return Math.max(lastEmpty, layerAt(config, verificationTime(history, now)) - VERIFICATION_LAG);
}

/** A node syncs from its start on, or from when it was allowed to. */
function layersSynced(history: FaultHistory, { name, startedAt }: Member, now: number): number {
  const allowed = liftedAt(history, (faults) => faultsNaming(name, faults).lateSync, now) ?? startedAt;
  return Math.floor(((now - Math.max(startedAt, allowed)) * SYNC_SPEED) / 1000);
}

/** The branches part at the layer that was verified when the split began. */
function forkLayer(config: LayerClock, history: FaultHistory, now: number): number | undefined {
  const since = heldSince(history, ({ split }) => split ?? false, now);
  return since === undefined ? undefined : verifiedByNetwork(config, history, since);
}

/** In a split every second node leaves: those with even numbers. */
const isOnFork = (name: string): boolean => Number(/\d+$/.exec(name)?.[0] ?? 1) % 2 === 0;

const faultsNaming = (name: string, { lateSync, otherGenesis }: Faults) => ({
  lateSync: lateSync?.includes(name) ?? false,
  otherGenesis: otherGenesis?.includes(name) ?? false,
});
