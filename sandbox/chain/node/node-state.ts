import type { Faults } from "../../kubernetes/faults";
import { effectiveGenesis, epochOf, type LayerClock, layerAt } from "../clock";
import { type FaultHistory, faultsAt, heldSince, liftedAt, verificationTime } from "../fault-history";
import { type Branch, genesisId, stateRoot } from "../hashes";
import type { NodeConfig } from "./node-config";

/** A node's identity and start, which decide its view of the chain. */
export interface Member {
  /** Name of its Deployment, e.g. `miner-3`. Faults name nodes by it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** A node's view of the chain at one time. */
export interface NodeState {
  readonly isSynced: boolean;
  /** The current layer by the clock. */
  readonly topLayer: number;
  readonly epoch: number;
  /** The last layer that the node synced. */
  readonly syncedLayer: number;
  /** The last layer that the node verified and applied to its state. */
  readonly verifiedLayer: number;
  /** 20 bytes. */
  readonly genesisId: Buffer;
  /** First layer of the other branch that the node follows; undefined while it follows the main branch. */
  readonly forkedFrom: number | undefined;
}

/** Layers between a layer's start and its verification, in a healthy network. */
const VERIFICATION_LAG = 2;

/** Layers that a starting node syncs per second. */
const SYNC_SPEED = 50;

/** A node's view of the chain. @param now milliseconds since 1970 */
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

/** This node's state root after a verified layer; 32 bytes. Genesis layers do not change the state. */
export function rootAt(config: LayerClock, state: NodeState, layer: number): Buffer {
  const isForked = state.forkedFrom !== undefined && layer >= state.forkedFrom;
  const branch: Branch = isForked ? "fork" : "main";
  return stateRoot(state.genesisId, layer <= effectiveGenesis(config) ? 0 : layer, branch);
}

/** Whether a fault makes this node refuse all connections. */
export const isDeaf = (name: string, faults: Faults): boolean => faults.deaf?.includes(name) ?? false;

/**
 * The last layer that the healthy nodes verified. In the genesis epochs it equals the clock's layer and carries no
 * information (go-spacemesh api/grpcserver/node_service.go, getLayers).
 */
function verifiedByNetwork(config: LayerClock, history: FaultHistory, now: number): number {
  const top = layerAt(config, now);
  const lastEmpty = effectiveGenesis(config);
  if (top <= lastEmpty) return top;
  return Math.max(lastEmpty, layerAt(config, verificationTime(history, now)) - VERIFICATION_LAG);
}

/** Layers synced since the node's start, or since the fault `lateSync` was lifted. */
function layersSynced(history: FaultHistory, { name, startedAt }: Member, now: number): number {
  const allowed = liftedAt(history, (faults) => faultsNaming(name, faults).lateSync, now) ?? startedAt;
  return Math.floor(((now - Math.max(startedAt, allowed)) * SYNC_SPEED) / 1000);
}

/** The branches separate at the layer that was verified when the split began. */
function forkLayer(config: LayerClock, history: FaultHistory, now: number): number | undefined {
  const since = heldSince(history, ({ split }) => split ?? false, now);
  return since === undefined ? undefined : verifiedByNetwork(config, history, since);
}

/** In a split, nodes with even numbers follow the other branch. */
const isOnFork = (name: string): boolean => Number(/\d+$/.exec(name)?.[0] ?? 1) % 2 === 0;

const faultsNaming = (name: string, { lateSync, otherGenesis }: Faults) => ({
  lateSync: lateSync?.includes(name) ?? false,
  otherGenesis: otherGenesis?.includes(name) ?? false,
});
