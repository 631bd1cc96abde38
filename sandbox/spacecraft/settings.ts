import { readFileSync } from "node:fs";

/**
 * The supported settings with their defaults (go-spacecraft config/config.go). The key is the name of the flag and of
 * the
 * config key, and with a prefix and in upper case the name of the variable.
 */
export const DEFAULTS = {
  "network-name": "mininet",
  miners: 10,
  poets: 1,
  "miner-ram": "2",
  "miner-cpu": "1",
  "poet-ram": "2",
  "poet-cpu": "1",
  "miner-disk-size": "10",
  "go-sm-image": "spacemeshos/go-spacemesh-dev:38056f5",
  "poet-image": "spacemeshos/poet:develop",
  "gcp-project": "",
  "gcp-location": "",
  "gcp-zone": "",
  "gcp-machine-type": "e2-standard-16",
  "gcp-machine-cpu": 16,
  "gcp-machine-memory": 64,
  "go-sm-config": "./artifacts/mininet/miner/config.json",
  "init-phase-shift": 0,
  "poet-gateway-amount": 4,
  "bootnode-amount": 6,
  "genesis-delay": 10,
  bootstrap: true,
  "miner-go-sm-config": "",
  "logs-expiry": "1",
  metrics: false,
  "max-concurrent-deployments": 100,
  "enable-json-api": true,
  "slack-token": "",
  "slack-channel-id": "",
  "enable-slack-alerts": false,
  "cloudflare-api-token": "",
  "dash-version": "v0.0.2",
  "explorer-version": "v0.0.10",
  "smapp-version": "0.2.1",
  "keep-logs-metrics": false,
  private: false,
};

export type Key = keyof typeof DEFAULTS;
export type Settings = Readonly<typeof DEFAULTS>;
type Value = string | number | boolean;

export const KEYS = Object.keys(DEFAULTS) as Key[];

/**
 * Flags of createNetwork that other commands in later source files also have. Viper binds a key to one flag, here the
 * flag
 * of the last command. createNetwork's own value therefore only applies when environment and file have none
 * (go-spacecraft cmd/*.go, each with viper.BindPFlags in its init).
 */
const BOUND_ELSEWHERE: ReadonlySet<string> = new Set([
  "go-sm-image",
  "miner-ram",
  "miner-cpu",
  "miner-disk-size",
  "miner-go-sm-config",
  "cloudflare-api-token",
  "slack-token",
  "slack-channel-id",
  "enable-slack-alerts",
]);

/** Sources of the settings. */
export interface Sources {
  /** Given flags, by name. */
  readonly flags: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Contents of the config file; empty without a readable file. */
  readonly file: Readonly<Record<string, unknown>>;
}

/** The settings as Viper resolves them: flag, environment, file, default, in this order except for shared flags. */
export function resolveSettings(sources: Sources): Settings {
  const entries = KEYS.map((key): [Key, Value] => [key, convert(find(key, sources), DEFAULTS[key])]);
  return Object.fromEntries(entries) as unknown as Settings;
}

/** Reads a config file. A missing or broken file counts as empty, as in go-spacecraft cmd/root.go. */
export function readConfigFile(path: string | undefined): Record<string, unknown> {
  if (!path?.endsWith(".json")) return {};
  try {
    const content = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key.toLowerCase(), value]));
  } catch {
    return {};
  }
}

function find(key: Key, { flags, env, file }: Sources): unknown {
  const flag = flags.get(key);
  // Viper ignores an empty variable.
  const variable = env[`SPACECRAFT_${key.toUpperCase().replaceAll("-", "_")}`] || undefined;
  return BOUND_ELSEWHERE.has(key) ? (variable ?? file[key] ?? flag) : (flag ?? variable ?? file[key]);
}

/** Converts loosely, as Viper does. A value that cannot be converted leaves the default. */
function convert(value: unknown, fallback: Value): Value {
  if (value === undefined || value === null) return fallback;
  if (typeof fallback === "string") return typeof value === "object" ? fallback : String(value);
  if (typeof fallback === "boolean") return parseBoolean(value) ?? fallback;
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? number : fallback;
}

/** Parses Go's texts for booleans (strconv.ParseBool). */
export function parseBoolean(value: unknown): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(String(value))) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(String(value))) return false;
  return undefined;
}
