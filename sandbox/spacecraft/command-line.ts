import { DEFAULTS, type Key, parseBoolean } from "./settings";

/** A parsed command line. */
export interface CommandLine {
  /** Undefined when the caller only wants help. */
  readonly command: string | undefined;
  readonly flags: ReadonlyMap<string, string>;
  /** File given by `--config`. */
  readonly config: string | undefined;
}

/** An invalid command line. go-spacecraft prints the error on standard error and exits with 1. */
export class UsageError extends Error {
  constructor(
    message: string,
    /** Text that follows the message. */
    readonly usage: string,
  ) {
    super(message);
    this.name = "UsageError";
  }
}

/** Flags of all commands (go-spacecraft cmd/root.go). */
const GLOBAL: readonly string[] = ["config", "network-name", "gcp-location", "gcp-zone", "gcp-project"];

const CREATE_NETWORK: readonly Key[] = [
  "bootnode-amount",
  "bootstrap",
  "enable-json-api",
  "enable-slack-alerts",
  "gcp-machine-cpu",
  "gcp-machine-memory",
  "gcp-machine-type",
  "genesis-delay",
  "go-sm-config",
  "go-sm-image",
  "logs-expiry",
  "max-concurrent-deployments",
  "metrics",
  "miner-cpu",
  "miner-disk-size",
  "miner-go-sm-config",
  "miner-ram",
  "miners",
  "poet-cpu",
  "poet-gateway-amount",
  "poet-image",
  "poet-ram",
  "poets",
  "slack-channel-id",
  "slack-token",
  "cloudflare-api-token",
];

/** Flags of the supported commands (go-spacecraft cmd/*.go). */
const COMMAND_FLAGS: Readonly<Record<string, readonly string[]>> = {
  createNetwork: CREATE_NETWORK,
  deleteNetwork: ["cloudflare-api-token", "keep-logs-metrics", "private"],
  hosts: [],
  list: [],
};

/** Commands of go-spacecraft that the sandbox does not support. */
export const UNSUPPORTED: readonly string[] = [
  "addMiner",
  "deleteMiner",
  "deployCM",
  "deployWS",
  "releaseNetwork",
  "rewards",
  "upgradeNetwork",
];

const SHORT: Readonly<Record<string, string>> = { n: "network-name", m: "miners", p: "poets" };

/** Parses a command line as Cobra does. @throws {UsageError} with Cobra's text */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const command = argv.find((word, i) => !word.startsWith("-") && !takesNext(argv[i - 1]));
  if (command !== undefined && !(command in COMMAND_FLAGS) && !UNSUPPORTED.includes(command)) {
    throw new UsageError(`unknown command "${command}" for "spacecraft"`, "Run 'spacecraft --help' for usage.");
  }
  const flags = new Map<string, string>();
  if (command !== undefined && UNSUPPORTED.includes(command)) return { command, flags, config: undefined };
  const words = argv.filter((word) => word !== command);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--help" || word === "-h") return { command: undefined, flags, config: undefined };
    if (!word.startsWith("-")) continue;
    const { shown, name, value } = splitFlag(word);
    if (!isKnown(name, command)) {
      const what = word.startsWith("--") ? `unknown flag: --${name}` : `unknown shorthand flag: '${shown}' in ${word}`;
      throw new UsageError(what, usage(command));
    }
    const given = value ?? (isSwitch(name) ? "true" : words[++i]);
    if (given === undefined) throw new UsageError(`flag needs an argument: --${name}`, usage(command));
    check(name, given, command);
    flags.set(name, given);
  }
  return { command, flags, config: flags.get("config") };
}

/** Whether the word is a flag that takes the next word as its value. */
function takesNext(word: string | undefined): boolean {
  if (!word?.startsWith("-")) return false;
  const { name, value } = splitFlag(word);
  return value === undefined && !isSwitch(name);
}

function splitFlag(word: string): { shown: string; name: string; value: string | undefined } {
  if (word.startsWith("--")) {
    const [, name = "", , value] = /^--([^=]*)(=(.*))?$/s.exec(word) ?? [];
    return { shown: name, name, value };
  }
  const shown = word.slice(1, 2);
  const rest = word.slice(2).replace(/^=/, "");
  return { shown, name: SHORT[shown] ?? shown, value: rest === "" ? undefined : rest };
}

const isSwitch = (name: string): boolean => typeof DEFAULTS[name as Key] === "boolean";

const isKnown = (name: string, command: string | undefined): boolean =>
  GLOBAL.includes(name) || (command !== undefined && COMMAND_FLAGS[command]?.includes(name) === true);

function check(name: string, value: string, command: string | undefined): void {
  const fallback = DEFAULTS[name as Key];
  const kind = typeof fallback === "number" ? "ParseInt" : "ParseBool";
  const isValid =
    typeof fallback === "number"
      ? /^[+-]?\d+$/.test(value)
      : typeof fallback !== "boolean" || parseBoolean(value) !== undefined;
  if (isValid) return;
  const why = `strconv.${kind}: parsing "${value}": invalid syntax`;
  throw new UsageError(`invalid argument "${value}" for "--${name}" flag: ${why}`, usage(command));
}

/** The help of a command, or of the program. */
export function usage(command: string | undefined): string {
  const list = (names: readonly string[]) => names.map((name) => `      --${name}`).join("\n");
  if (command === undefined) {
    const commands = [...Object.keys(COMMAND_FLAGS), ...UNSUPPORTED].sort().map((name) => `  ${name}`);
    return `Usage:\n  spacecraft [command]\n\nAvailable Commands:\n${commands.join("\n")}\n\nFlags:\n${list(GLOBAL)}\n`;
  }
  const own = COMMAND_FLAGS[command] ?? [];
  const flags = own.length > 0 ? `\n\nFlags:\n${list(own)}` : "";
  return `Usage:\n  spacecraft ${command} [flags]${flags}\n\nGlobal Flags:\n${list(GLOBAL)}\n`;
}
