import { readFileSync } from "node:fs";
import type { Settings } from "./settings";

/** A go-spacemesh config as go-spacecraft reads and completes it (go-spacecraft network/create.go). */
export interface NodeConfig {
  main?: Record<string, unknown>;
  p2p?: Record<string, unknown>;
  poet?: { "phase-shift"?: string; "cycle-gap"?: string };
  [section: string]: unknown;
}

/** What a poet needs to know of the network's clock. */
export interface NetworkClock {
  /** RFC 3339. */
  readonly genesisTime: string;
  /** Seconds. */
  readonly layerDuration: number;
  /** Seconds. */
  readonly epochDuration: number;
}

/** Reads the config the settings name. @throws in Go's words when it is missing or no JSON. */
export function readNodeConfig(settings: Settings): NodeConfig {
  const path = settings.bootstrap ? settings["go-sm-config"] : settings["miner-go-sm-config"];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`open ${path}: no such file or directory`);
  }
  return JSON.parse(text) as NodeConfig;
}

/** Fixes the time of genesis and the number of miners. Pure. */
export function withGenesis(config: NodeConfig, settings: Settings, now: Date): NodeConfig {
  if (!settings.bootstrap) return config;
  const genesis = new Date(now.getTime() + settings["genesis-delay"] * 60_000);
  return withMain(config, {
    "genesis-time": genesis.toISOString().replace(/\.\d+Z$/, "Z"),
    "genesis-active-size": settings.miners,
  });
}

/** @throws as go-spacecraft does when one of the numbers is missing. Pure. */
export function clockOf({ main = {} }: NodeConfig): NetworkClock {
  const number = (key: string): number => {
    const value = main[key];
    if (typeof value !== "number") throw new Error(`cannot read ${key} from config file`);
    return value;
  };
  const layerDuration = number("layer-duration-sec");
  return {
    genesisTime: String(main["genesis-time"]),
    layerDuration,
    epochDuration: layerDuration * number("layers-per-epoch"),
  };
}

/** A config for miners of one poet. @param server `HOST:PORT`. Pure. */
export const withPoet = (config: NodeConfig, server: string): NodeConfig => withMain(config, { "poet-server": server });

/** A config for miners that find others by these addresses. Pure. */
export const withBootnodes = (config: NodeConfig, bootnodes: readonly string[]): NodeConfig => ({
  ...config,
  p2p: { ...config.p2p, bootnodes },
});

const withMain = (config: NodeConfig, values: Record<string, unknown>): NodeConfig => ({
  ...config,
  main: { ...config.main, ...values },
});
