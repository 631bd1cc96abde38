import { isObject } from "../../../base/lib/json";
import { configText } from "./config-text";

/** What a config for joiners is made from. */
export interface JoinInput {
  /** RFC 3339, exactly as the managed nodes' config has it: Smapp's id of the network is a hash over this text. */
  readonly genesisTime: string;
  readonly extraData: string;
  /** In seconds. */
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  /** Prefix of addresses, `stest`. */
  readonly hrp: string;
  readonly preset: string;
  /** Balances at genesis in smidge, decimal digits, by address. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Public URLs of the poets, with their public keys in base64. */
  readonly poets: readonly { readonly address: string; readonly pubkey: string }[];
  /** Multiaddresses at which nodes outside the cluster find the managed ones. */
  readonly bootnodes: readonly string[];
  /** In seconds. */
  readonly poet: { readonly phaseShift: number; readonly cycleGap: number };
  readonly post: { readonly labelsPerUnit: number; readonly maxNumUnits: number; readonly minNumUnits: number };
  /** The whole config of the managed nodes. */
  readonly nodeConfig: Readonly<Record<string, unknown>>;
}

/**
 * Sections in which all nodes of a network must agree, or whose timing follows its layers (go-spacemesh config/config.go,
 * `Config`). Others stay at home: addresses, logs, smeshing, and metrics with their password.
 */
const SHARED = [
  ...["hare3", "hare4", "hare-eligibility", "certificate", "beacon", "tortoise", "active-set-preparation", "vm"],
  ...["time", "syncer", "fetch"],
];

/** Keys of `main` in which all nodes must agree (`BaseConfig` there). */
const SHARED_MAIN = [
  ...["layer-average-size", "txs-per-proposal", "block-gas-limit", "optimistic-filtering-threshold", "tick-size"],
  ...["miner-good-atxs-percent", "atx-grade-delay", "post-valid-delay", "atx-versions"],
];

/**
 * The config of a node that joins a network of today from outside, as JSON text. It says all that Smapp demands, also
 * where the preset says it (smapp shared/types/guards.ts, `isNetConfig`). It leaves out `p2p-private-network`: outside
 * the cluster, a node does not dial private addresses.
 */
export function joinConfigOf(input: JoinInput): string {
  const { nodeConfig } = input;
  const config = {
    preset: input.preset,
    genesis: {
      "genesis-time": input.genesisTime,
      "genesis-extra-data": input.extraData,
      accounts: Object.fromEntries(
        Object.entries(input.accounts).map(([address, balance]) => [address, BigInt(balance)]),
      ),
    },
    main: {
      ...some(sectionOf(nodeConfig, "main"), SHARED_MAIN),
      "layer-duration": `${input.layerDuration}s`,
      "layers-per-epoch": input.layersPerEpoch,
      "network-hrp": input.hrp,
      "poet-servers": input.poets,
    },
    p2p: { ...some(sectionOf(nodeConfig, "p2p"), ["min-peers"]), bootnodes: input.bootnodes },
    poet: {
      ...sectionOf(nodeConfig, "poet"),
      "phase-shift": `${input.poet.phaseShift}s`,
      "cycle-gap": `${input.poet.cycleGap}s`,
    },
    post: {
      ...sectionOf(nodeConfig, "post"),
      "post-labels-per-unit": input.post.labelsPerUnit,
      "post-min-numunits": input.post.minNumUnits,
      "post-max-numunits": input.post.maxNumUnits,
    },
    ...some(nodeConfig, SHARED),
    bootstrap: bootstrapOf(sectionOf(nodeConfig, "bootstrap")),
  };
  return `${configText(config)}\n`;
}

/**
 * The section `bootstrap` without the cluster's own file server, which nobody outside reaches. The URL is empty then, and
 * a node asks nobody: without the key it asks the preset's server, which may have a beacon of another network.
 */
function bootstrapOf(section: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const url = section["bootstrap-url"];
  const isPublic = typeof url === "string" && URL.canParse(url) && new URL(url).hostname.includes(".");
  return { ...section, "bootstrap-url": isPublic ? url : "" };
}

function sectionOf(config: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const section = config[name];
  return isObject(section) ? section : {};
}

const some = (all: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
