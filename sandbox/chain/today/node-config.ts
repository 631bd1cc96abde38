import { readFileSync } from "node:fs";
import { z } from "zod";
import type { LayerClock } from "../clock";
import { type Flags, parseFlags } from "./flags";
import { genesisId } from "./genesis";
import { goDuration } from "./go-duration";
import { listeners, type NodeListeners } from "./listeners";
import { nodeRefusal, nodeValues } from "./node-rules";
import { PRESETS } from "./presets";
import { Refusal } from "./refusal";

/** Values that a node reads from its preset, its config file and its command line, each over the one before. */
export interface NodeConfig extends LayerClock {
  readonly extraData: string;
  /** 20 bytes. */
  readonly genesisId: Buffer;
  /** Prefix of addresses, e.g. `stest`. */
  readonly hrp: string;
  /** Balances at genesis in smidge, by address. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly labelsPerUnit: number;
  /** Whether the node needs no peers. */
  readonly isStandalone: boolean;
  readonly dataFolder: string;
  /** Base URLs of the poets. */
  readonly poets: readonly string[];
  /** Start of a poet's round after an epoch's start, in milliseconds. */
  readonly phaseShift: number | undefined;
  /** Addresses of bootnodes, e.g. `/dns4/miner-1/tcp/7513/p2p/12D3KooW...`. */
  readonly bootnodes: readonly string[];
  /** Empty for none. */
  readonly bootstrapUrl: string;
  readonly bootstrapVersion: string;
  readonly isSmeshing: boolean;
  /** Whether the node only introduces others: it takes no part in gossip then. */
  readonly isBootnode: boolean;
  /** Whether the node's processed layer passes a layer that it missed. */
  readonly passesGaps: boolean;
  readonly listeners: NodeListeners;
  /** Whether the log is JSON. */
  readonly logsJson: boolean;
}

const text = z.coerce.string();
const texts = z.union([z.array(z.string()), z.string().transform((list) => list.split(",").filter(Boolean))]);
const whole = z.coerce.number().int().nonnegative();
const truth = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);
const duration = z.unknown().transform((value, context) => {
  const milliseconds = goDuration(value);
  if (milliseconds === undefined) context.addIssue({ code: "custom", message: `time: invalid duration "${value}"` });
  return milliseconds ?? 0;
});
const accounts = z.record(z.string(), z.union([z.number().transform((amount) => String(BigInt(amount))), z.string()]));
const poets = z.array(z.looseObject({ address: z.string() })).nullable();

/** The keys that decide what the simulator does. The others are only checked for their names. */
const File = z.looseObject({
  preset: text.optional(),
  genesis: z.looseObject({
    "genesis-time": z.iso.datetime({ offset: true }).optional(),
    "genesis-extra-data": text.optional(),
    accounts: accounts.optional(),
  }),
  main: z
    .looseObject({
      "data-folder": text.optional(),
      standalone: truth.optional(),
      metrics: truth.optional(),
      "metrics-port": whole.optional(),
      "layer-duration": duration.optional(),
      "layers-per-epoch": whole.optional(),
      "network-hrp": text.optional(),
      "poet-servers": poets.optional(),
    })
    .default({}),
  p2p: z.looseObject({ bootnodes: texts.optional(), "p2p-bootnode": truth.optional() }).default({}),
  api: z
    .looseObject({
      "grpc-public-listener": text.optional(),
      "grpc-private-listener": text.optional(),
      "grpc-json-listener": text.optional(),
      "grpc-cors-allowed-origins": texts.optional(),
    })
    .default({}),
  post: z.looseObject({ "post-labels-per-unit": whole.optional() }).default({}),
  poet: z.looseObject({ "phase-shift": duration.optional() }).default({}),
  smeshing: z.looseObject({ "smeshing-start": truth.optional(), "smeshing-coinbase": text.optional() }).default({}),
  syncer: z.looseObject({ tallyvotesfrequency: z.coerce.number().optional() }).default({}),
  bootstrap: z.looseObject({ "bootstrap-url": text.optional(), "bootstrap-version": text.optional() }).default({}),
  logging: z.looseObject({ "log-encoder": text.optional() }).default({}),
});

/** Section of each flag that overrides a key of the file with another section than its own name tells. */
const FLAG_KEYS: Readonly<Record<string, readonly [section: string, key: string]>> = {
  "data-folder": ["main", "data-folder"],
  metrics: ["main", "metrics"],
  "metrics-port": ["main", "metrics-port"],
  "layer-duration": ["main", "layer-duration"],
  "layers-per-epoch": ["main", "layers-per-epoch"],
  "genesis-time": ["genesis", "genesis-time"],
  "genesis-extra-data": ["genesis", "genesis-extra-data"],
  bootnodes: ["p2p", "bootnodes"],
  "p2p-bootnode": ["p2p", "p2p-bootnode"],
  "grpc-public-listener": ["api", "grpc-public-listener"],
  "grpc-private-listener": ["api", "grpc-private-listener"],
  "grpc-json-listener": ["api", "grpc-json-listener"],
  "grpc-cors-allowed-origin": ["api", "grpc-cors-allowed-origins"],
  "post-labels-per-unit": ["post", "post-labels-per-unit"],
  "phase-shift": ["poet", "phase-shift"],
  "smeshing-start": ["smeshing", "smeshing-start"],
  "smeshing-coinbase": ["smeshing", "smeshing-coinbase"],
  "bootstrap-url": ["bootstrap", "bootstrap-url"],
  "bootstrap-version": ["bootstrap", "bootstrap-version"],
  "log-encoder": ["logging", "log-encoder"],
};

/** Layers in an epoch up to which a tally of votes leaves out no layer (go-spacemesh syncer/state_syncer.go). */
const LAYERS_WITHOUT_TALLY = 4;

/**
 * Reads a node's config from its command line and the file that it names.
 * @param args the command line without the program's name
 * @throws {Refusal} in the node's words
 */
export function readNodeConfig(args: readonly string[]): NodeConfig {
  const flags = parseFlags(args);
  const file = readFile(flags.get("config") ?? "");
  const refusal = nodeRefusal(file, Object.fromEntries(flags));
  if (refusal !== undefined) throw new Refusal(refusal);
  return configOf(file, flags);
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    throw new Refusal(`opening config file: open ${path}: no such file or directory`);
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(content));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Refusal(`loading config: can't load config: While parsing config: ${reason}`);
  }
}

function configOf(file: Readonly<Record<string, unknown>>, flags: Flags): NodeConfig {
  const parsed = File.safeParse(withFlags(file, flags));
  if (!parsed.success) {
    throw new Refusal(
      decodingFailed(parsed.error.issues.map(({ path, message }) => `'${path.join(".")}': ${message}`)),
    );
  }
  const { genesis, main, p2p, api, post, poet, smeshing, bootstrap, syncer, logging } = parsed.data;
  const name = flags.get("preset") ?? parsed.data.preset ?? "";
  const preset = PRESETS[name];
  if (!preset)
    throw new Refusal(
      `loading config: preset ${name} is not registered. select one from the options [fastnet standalone testnet]`,
    );
  const extraData = genesis["genesis-extra-data"] ?? preset.extraData;
  if (extraData === "") throw new Refusal("initializing app: wait until genesis-extra-data is available");
  if (extraData.length > 255)
    throw new Refusal(`initializing app: extra-data is longer than 255 symbols: ${extraData}`);
  const genesisText = genesis["genesis-time"];
  // The node would take the year 1 and a layer beyond 32 bits.
  if (genesisText === undefined) throw new Refusal("the sandbox's node requires genesis.genesis-time");
  const genesisTime = Math.floor(Date.parse(genesisText) / 1000) * 1000;
  const isSmeshing = smeshing["smeshing-start"] ?? preset.isSmeshing;
  if (isSmeshing && !(smeshing["smeshing-coinbase"] ?? preset.hasCoinbase))
    throw new Refusal("smeshing enabled but no coinbase account provided", false);
  const layersPerEpoch = main["layers-per-epoch"] ?? preset.layersPerEpoch;
  const tally = syncer.tallyvotesfrequency ?? nodeValues({ preset: name })("syncer.tallyvotesfrequency");
  return {
    genesisTime,
    layerDuration: (main["layer-duration"] ?? preset.layerDuration * 1000) / 1000,
    layersPerEpoch,
    extraData,
    genesisId: genesisId(genesisTime, extraData),
    hrp: main["network-hrp"] ?? preset.hrp,
    accounts: genesis.accounts ?? {},
    labelsPerUnit: post["post-labels-per-unit"] ?? preset.labelsPerUnit,
    isStandalone: main.standalone ?? preset.isStandalone,
    dataFolder: main["data-folder"] ?? "",
    poets: poetsOf(flags, main["poet-servers"] ?? []),
    phaseShift: poet["phase-shift"] ?? preset.phaseShift,
    bootnodes: p2p.bootnodes ?? [],
    bootstrapUrl: (bootstrap["bootstrap-url"] ?? "").replace(/\/$/, ""),
    bootstrapVersion: bootstrap["bootstrap-version"] ?? "https://spacemesh.io/bootstrap.schema.json.1.0",
    isSmeshing,
    isBootnode: p2p["p2p-bootnode"] ?? false,
    passesGaps: layersPerEpoch <= LAYERS_WITHOUT_TALLY || tally === 0,
    listeners: listeners(api, main, preset),
    logsJson: logging["log-encoder"] === "json",
  };
}

/** The file's sections with the flags' values over them, keys in lower case as the node's reader makes them. */
function withFlags(file: Readonly<Record<string, unknown>>, flags: Flags): Record<string, unknown> {
  const sections = Object.fromEntries(
    Object.entries(file).map(([name, section]) => [
      name.toLowerCase(),
      isObject(section) ? lowerKeys(section) : section,
    ]),
  );
  for (const [flag, value] of flags) {
    const [section, key] = FLAG_KEYS[flag] ?? [];
    if (section === undefined || key === undefined) continue;
    sections[section] = { ...(isObject(sections[section]) ? sections[section] : {}), [key]: value };
  }
  return { genesis: {}, ...sections };
}

function poetsOf(flags: Flags, configured: readonly { address: string }[]): string[] {
  const given = flags.get("poet-servers");
  if (given === undefined) return configured.map(({ address }) => address);
  try {
    return (poets.parse(JSON.parse(given)) ?? []).map(({ address }) => address);
  } catch {
    throw new Refusal(`invalid argument "${given}" for "--poet-servers" flag: invalid value`);
  }
}

const decodingFailed = (mistakes: readonly string[]): string =>
  `loading config: unmarshal config: decoding failed due to the following error(s):\n\n${mistakes.join("\n")}`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const lowerKeys = (section: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(section).map(([key, value]) => [key.toLowerCase(), value]));
