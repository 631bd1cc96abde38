import { readFileSync } from "node:fs";

/**
 * The settings that are played, by the name of their flag, config key and (upper case, with prefix) variable, with
 * their defaults (go-spacecraft config/config.go).
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
 * Flags that createNetwork shares with commands whose source files come after its own. Viper binds a key to one flag,
 * here that of the last command, so createNetwork's own value counts only where neither environment nor file has one
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

/** Where settings come from. */
export interface Sources {
  /** Flags that were given, by name. */
  readonly flags: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the config file holds; empty when there is none that can be read. */
  readonly file: Readonly<Record<string, unknown>>;
}

/** The settings as Viper finds them: flag, environment, file, default, in this order but for shared flags. Pure. */
export function resolveSettings(sources: Sources): Settings {
  const entries = KEYS.map((key): [Key, Value] => [key, convert(find(key, sources), DEFAULTS[key])]);
  return Object.fromEntries(entries) as unknown as Settings;
}

/** Reads a config file. One that is missing or broken counts as empty, as in go-spacecraft cmd/root.go. */
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
  // Viper takes an empty variable for none.
  const variable = env[`SPACECRAFT_${key.toUpperCase().replaceAll("-", "_")}`] || undefined;
  return BOUND_ELSEWHERE.has(key) ? (variable ?? file[key] ?? flag) : (flag ?? variable ?? file[key]);
}

/** Converts loosely, as Viper does; what cannot be converted leaves the default. */
function convert(value: unknown, fallback: Value): Value {
  if (value === undefined || value === null) return fallback;
  if (typeof fallback === "string") return typeof value === "object" ? fallback : String(value);
  if (typeof fallback === "boolean") return parseBoolean(value) ?? fallback;
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? number : fallback;
}

/** Words for truth that Go knows (strconv.ParseBool). */
export function parseBoolean(value: unknown): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(String(value))) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(String(value))) return false;
  return undefined;
}
