import { readFileSync } from "node:fs";
import type { Settings } from "./settings";

/** A go-spacemesh config as go-spacecraft reads and completes it (go-spacecraft network/create.go). */
export interface NodeConfig {
  main?: Record<string, unknown>;
  p2p?: Record<string, unknown>;
  poet?: { "phase-shift"?: string; "cycle-gap"?: string };
  [section: string]: unknown;
}

/** The network's clock for poets. */
export interface NetworkClock {
  /** RFC 3339. */
  readonly genesisTime: string;
  /** Seconds. */
  readonly layerDuration: number;
  /** Seconds. */
  readonly epochDuration: number;
}

/** Reads the config that the settings name. @throws with Go's text when the file is missing or not JSON */
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

/** Sets the genesis time and the number of miners. */
export function withGenesis(config: NodeConfig, settings: Settings, now: Date): NodeConfig {
  if (!settings.bootstrap) return config;
  const genesis = new Date(now.getTime() + settings["genesis-delay"] * 60_000);
  return withMain(config, {
    "genesis-time": genesis.toISOString().replace(/\.\d+Z$/, "Z"),
    "genesis-active-size": settings.miners,
  });
}

/** @throws with go-spacecraft's text when a number is missing */
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

/** A config for the miners of one poet. @param server `HOST:PORT` */
export const withPoet = (config: NodeConfig, server: string): NodeConfig => withMain(config, { "poet-server": server });

/** A config for miners that find others by these addresses. */
export const withBootnodes = (config: NodeConfig, bootnodes: readonly string[]): NodeConfig => ({
  ...config,
  p2p: { ...config.p2p, bootnodes },
});

const withMain = (config: NodeConfig, values: Record<string, unknown>): NodeConfig => ({
  ...config,
  main: { ...config.main, ...values },
});
