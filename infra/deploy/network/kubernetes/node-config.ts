import { isObject } from "../../../base/lib/json";
import { effective, merged, type NodeConfig, numberAt } from "./node-config-value";
import { correctionsOf, presetOf } from "./presets";
import type { KubernetesNetworkSpec } from "./spec";
import { goText, timingOf } from "./timing";

/** What is made once for a network and stored before its first pod. */
export interface MadeOnce {
  /** RFC 3339, whole seconds. It is never written in another way: smapp makes a network id from this text. */
  readonly genesisTime: string;
  /** Of all nodes, in the order of their numbers. */
  readonly peerIds: readonly string[];
  /** Public keys of all poets in base64, in the order of their numbers. */
  readonly poetKeys: readonly string[];
  /** Address of the tap's account, which gets the balance of the spec; absent without a tap. */
  readonly tap?: string;
  /** Where nodes ask for the beacon of epoch 2: `http://bootstrap`. */
  readonly bootstrapUrl: string;
}

/** Port of the p2p protocol in a pod (go-spacemesh p2p/host.go). */
const P2P_PORT = 7513;
/** Port of a poet's REST API in a pod. */
const POET_PORT = 5000;
/** Port of a poet's metrics in a pod. */
const METRICS_PORT = 9216;

/**
 * The config file of all nodes: what the preset does not say, and what the setting `nodeConfig` says instead.
 * An unknown key would end the node.
 */
export function nodeConfigOf(spec: KubernetesNetworkSpec, made: MadeOnce): NodeConfig {
  const { preset, nodeConfig: overrides } = spec.kubernetes;
  const corrections = correctionsOf(preset);
  const base = effective(presetOf(preset) ?? {}, merged(corrections, overrides));
  const clock = { ...spec, phaseShift: spec.poetPhases.phaseShift };
  const own = [corrections, timingOf(base, clock), syncOf(base, spec), decidedBy(spec, made)].reduce(merged);
  const config = merged({ preset, ...own }, overrides);
  return Object.fromEntries(Object.entries(config).filter(([, part]) => !isEmpty(part)));
}

const isEmpty = (part: unknown): boolean => isObject(part) && Object.keys(part).length === 0;

/** Balances at genesis in smidge, decimal digits, by address: those of the settings, and that of the tap. */
export const accountsOf = (
  { kubernetes: { accounts, tapBalance } }: Pick<KubernetesNetworkSpec, "kubernetes">,
  { tap }: Pick<MadeOnce, "tap">,
): Readonly<Record<string, string>> =>
  tap === undefined || tapBalance === undefined ? accounts : { ...accounts, [tap]: tapBalance };

/** What settings and keys decide. */
function decidedBy(spec: KubernetesNetworkSpec, made: MadeOnce): NodeConfig {
  const { hrp } = spec.kubernetes;
  const accounts = accountsOf(spec, made);
  return {
    genesis: {
      "genesis-time": made.genesisTime,
      // The tag, since two networks of one second with one text would be one network.
      "genesis-extra-data": spec.tag,
      accounts: Object.fromEntries(Object.entries(accounts).map(([address, balance]) => [address, BigInt(balance)])),
    },
    main: {
      "layer-duration": goText(spec.layerDuration * 1000),
      "layers-per-epoch": spec.layersPerEpoch,
      "network-hrp": hrp,
      "poet-servers": made.poetKeys.map((pubkey, i) => ({ address: `http://poet-${i + 1}:${POET_PORT}`, pubkey })),
    },
    p2p: {
      // Else nodes dial no private address, and pods have no other.
      "p2p-private-network": true,
      "min-peers": minPeers(spec.miners),
      "disable-natport": true,
      bootnodes: made.peerIds.slice(0, spec.bootnodes).map((id, i) => `/dns4/miner-${i + 1}/tcp/${P2P_PORT}/p2p/${id}`),
    },
    poet: {
      "phase-shift": goText(spec.poetPhases.phaseShift * 1000),
      "cycle-gap": goText(spec.poetPhases.cycleGap * 1000),
    },
    // Of the default of one request a second, most fail: `failed to download epoch info`.
    fetch: { servers: { "ax/1": { interval: "1s", queue: 200, requests: 100 } } },
    bootstrap: { "bootstrap-url": made.bootstrapUrl },
    logging: { "log-encoder": "json" },
  };
}

/** The most layers in an epoch with which a node that missed a layer is ever synced again, without help. */
export const LAYERS_WITHOUT_TALLY = 4;

/** A node that missed a layer never calls itself synced when votes are tallied each quarter of a longer epoch. */
function syncOf(base: NodeConfig, { layersPerEpoch }: KubernetesNetworkSpec): NodeConfig {
  const isSafe = layersPerEpoch <= LAYERS_WITHOUT_TALLY || numberAt(base, "syncer", "tallyvotesfrequency") === 0;
  return isSafe ? {} : { syncer: { tallyvotesfrequency: 0 } };
}

/** Peers that a node waits for: 60 % of the others, as go-spacemesh's systest does, but never all of them. */
export function minPeers(miners: number): number {
  const others = miners - 1;
  return Math.max(1, Math.min(Math.ceil(0.6 * others), others - 1));
}

/**
 * The arguments of a poet (poet server/config.go). It knows no nodes and starts its rounds by its clock.
 * Without a certifier, the difficulty of a proof of work is what a registration costs.
 */
export function poetArguments(spec: KubernetesNetworkSpec, genesisTime: string): string[] {
  const { phaseShift, cycleGap } = spec.poetPhases;
  return [
    `--genesis-time=${genesisTime}`,
    `--epoch-duration=${spec.layerDuration * spec.layersPerEpoch}s`,
    `--phase-shift=${phaseShift}s`,
    `--cycle-gap=${cycleGap}s`,
    `--restlisten=0.0.0.0:${POET_PORT}`,
    "--poetdir=/data",
    "--jsonlog",
    `--metrics-port=${METRICS_PORT}`,
    "--pow-difficulty=4",
  ];
}

export type { NodeConfig } from "./node-config-value";
