import { keyMistakes } from "./config-keys";
import { goText, nanoseconds } from "./go-duration";

/** The numbers of a preset on which a node ends or stands still. Durations are Go texts. */
interface Values {
  readonly [path: string]: unknown;
}

/** config/presets/*.go and config/mainnet.go of go-spacemesh 1.8.3, by `section.key`. */
const PRESETS: Readonly<Record<string, Values>> = {
  "": {
    "genesis.genesis-time": "2023-07-14T08:00:00Z",
    "genesis.genesis-extra-data": "00000000000000000001a6bc150307b5c1998045752b3c87eccf3c013036f3cc",
    "main.layer-duration": "5m",
    "main.layers-per-epoch": 4032,
    "main.network-hrp": "sm",
    "tortoise.tortoise-zdist": 2,
    "hare3.preround-delay": "25s",
    "hare3.round-duration": "12s",
    "hare3.iterations-limit": 4,
    "hare3.enable-layer": 35117,
    "poet.phase-shift": "240h",
    "poet.cycle-gap": "12h",
  },
  fastnet: {
    "genesis.genesis-extra-data": "fastnet",
    "main.layer-duration": "15s",
    "main.layers-per-epoch": 4,
    "main.network-hrp": "stest",
    "tortoise.tortoise-zdist": 2,
    "hare3.preround-delay": "3s",
    "hare3.round-duration": "700ms",
    "hare3.iterations-limit": 2,
    "poet.phase-shift": "30s",
    "poet.cycle-gap": "30s",
    "poet.grace-period": "10s",
    "syncer.interval": "5s",
    "syncer.gossipduration": "10s",
    "syncer.tallyvotesfrequency": 0.25,
    ...quickBeacon(),
  },
  standalone: {
    "genesis.genesis-extra-data": "standalone",
    "main.standalone": true,
    "main.layer-duration": "6s",
    "main.layers-per-epoch": 10,
    "main.network-hrp": "standalone",
    "tortoise.tortoise-zdist": 2,
    "hare3.preround-delay": "1s",
    "hare3.round-duration": "100ms",
    "hare3.iterations-limit": 4,
    "poet.phase-shift": "30s",
    "poet.cycle-gap": "30s",
    "poet.grace-period": "12s",
    "syncer.interval": "3s",
    "syncer.gossipduration": "15s",
    "syncer.tallyvotesfrequency": 0.25,
    ...quickBeacon(),
  },
  testnet: {
    "genesis.genesis-time": "2023-09-13T18:00:00Z",
    "genesis.genesis-extra-data": "0000000000000000000000c76c58ebac180989673fd6d237b40e66ed5c976ec3",
    "main.layer-duration": "5m",
    "main.layers-per-epoch": 288,
    "main.network-hrp": "stest",
    "tortoise.tortoise-zdist": 2,
    "hare3.preround-delay": "25s",
    "hare3.round-duration": "12s",
    "hare3.iterations-limit": 4,
    "hare3.enable-layer": 7366,
    "poet.phase-shift": "12h",
    "poet.cycle-gap": "2h",
    "poet.grace-period": "10m",
    "syncer.interval": "1m",
    "syncer.gossipduration": "50s",
    "syncer.tallyvotesfrequency": 0,
    "beacon.beacon-proposal-duration": "4m",
    "beacon.beacon-first-voting-round-duration": "30m",
    "beacon.beacon-rounds-number": 20,
    "beacon.beacon-voting-round-duration": "4m",
    "beacon.beacon-weak-coin-round-duration": "4m",
  },
};

function quickBeacon(): Values {
  return {
    "beacon.beacon-proposal-duration": "2s",
    "beacon.beacon-first-voting-round-duration": "10s",
    "beacon.beacon-rounds-number": 4,
    "beacon.beacon-voting-round-duration": "2s",
    "beacon.beacon-weak-coin-round-duration": "2s",
  };
}

/** Flags that replace a key of the file (cmd/root.go). */
const FLAGS: Readonly<Record<string, string>> = {
  "genesis-time": "genesis.genesis-time",
  "genesis-extra-data": "genesis.genesis-extra-data",
  "layer-duration": "main.layer-duration",
  "layers-per-epoch": "main.layers-per-epoch",
  "network-hrp": "main.network-hrp",
  "phase-shift": "poet.phase-shift",
  "cycle-gap": "poet.cycle-gap",
  "grace-period": "poet.grace-period",
};

/** Sections and keys that hold durations, of those that decide whether a node starts. */
const DURATIONS = [
  "main.layer-duration",
  "hare3.preround-delay",
  "hare3.round-duration",
  "poet.phase-shift",
  "poet.cycle-gap",
  "poet.grace-period",
  "poet.positioning-atx-selection-timeout",
  "syncer.interval",
  "syncer.gossipduration",
  "beacon.beacon-proposal-duration",
  "beacon.beacon-first-voting-round-duration",
  "beacon.beacon-voting-round-duration",
  "beacon.beacon-weak-coin-round-duration",
];

/** What a node makes of a file and flags, by `section.key`. */
export type NodeValues = (path: string) => unknown;

/**
 * Why a node of today (go-spacemesh 1.8.3) would not start with a config file, in its own words; undefined if it would.
 * The order is that of the node: file, genesis, p2p, hare, standalone, poets.
 * @param config the parsed file
 * @param flags of its command line that replace keys of the file, without dashes: `{"phase-shift": "15s"}`
 * @param poet what its poets answer to `GET /v1/info`, when they are asked
 */
export function nodeRefusal(
  config: unknown,
  flags: Readonly<Record<string, string>> = {},
  poet?: { readonly phaseShift: string },
): string | undefined {
  const file = sectionsOf(config);
  const preset = flags.preset ?? file.preset ?? "";
  if (typeof preset !== "string" || !Object.hasOwn(PRESETS, preset)) {
    const options = Object.keys(PRESETS).filter(Boolean).join(" ");
    const fault = `preset ${String(preset)} is not registered.`;
    return `loading config: ${fault} select one from the options [${options}]`;
  }
  const wrong = [...unreadable(file), ...keyMistakes(file)];
  if (wrong.length > 0) {
    return `loading config: unmarshal config: decoding failed due to the following error(s):\n\n${wrong.join("\n")}`;
  }
  const values = nodeValues(config, flags);
  return (
    genesisRefusal(values) ??
    p2pRefusal(values) ??
    accountsRefusal(values) ??
    hareRefusal(values) ??
    standaloneRefusal(values) ??
    poetRefusal(values, poet)
  );
}

/** The values of a config: flags over file over preset. */
export function nodeValues(config: unknown, flags: Readonly<Record<string, string>> = {}): NodeValues {
  const file = sectionsOf(config);
  const named = flags.preset ?? file.preset;
  const preset = PRESETS[typeof named === "string" ? named : ""] ?? {};
  return (path) => {
    const [section = "", key = ""] = path.split(".");
    const flag = Object.keys(FLAGS).find((name) => FLAGS[name] === path && flags[name] !== undefined);
    return (flag && flags[flag]) ?? sectionsOf(file[section])[key] ?? preset[path];
  };
}

/** node/node.go, LoadConfig: what cannot be decoded. A number is taken as nanoseconds. */
function unreadable(file: Values): string[] {
  return DURATIONS.flatMap((path) => {
    const [section = "", key = ""] = path.split(".");
    const value = sectionsOf(file[section])[key];
    if (typeof value !== "string" || nanoseconds(value) !== undefined) return [];
    const fault = /^[-+]?[\d.]+$/.test(value) ? "missing unit in" : "invalid";
    return [`error decoding '${path}': time: ${fault} duration ${JSON.stringify(value)}`];
  });
}

/** config/genesis.go, Validate. */
function genesisRefusal(values: NodeValues): string | undefined {
  const extra = values("genesis.genesis-extra-data");
  const length = typeof extra === "string" ? Buffer.byteLength(extra) : 0;
  if (length === 0) return "wait until genesis-extra-data is available";
  if (length > 255) return `extra-data is longer than 255 symbols: ${String(extra)}`;
  const time = values("genesis.genesis-time");
  const isTime = typeof time === "string" && /^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time);
  if (time === undefined || isTime) return undefined;
  return `parsing time ${JSON.stringify(time)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(time)}`;
}

/** p2p/host.go, parseIntoAddr. */
function p2pRefusal(values: NodeValues): string | undefined {
  const nodes = values("p2p.bootnodes");
  const wrong = (Array.isArray(nodes) ? nodes : []).find(
    (node) => !/^\/(dns4|dns6|dns|ip4|ip6)\/[^/]+\/(tcp|udp)\/\d+(\/[^/]+)*\/p2p\/\w+$/.test(String(node)),
  );
  return wrong === undefined ? undefined : `can't parse bootnode ${String(wrong)}: invalid p2p multiaddr`;
}

/** config/genesis.go, ToAccounts. It knows the network's prefix by then. */
function accountsRefusal(values: NodeValues): string | undefined {
  const hrp = String(values("main.network-hrp"));
  const wrong = Object.keys(sectionsOf(values("genesis.accounts"))).find((address) => !address.startsWith(`${hrp}1`));
  if (wrong === undefined) return undefined;
  const own = wrong.slice(0, Math.max(0, wrong.lastIndexOf("1")));
  return (
    `could not create address from genesis config \`${wrong}\`: ` +
    `wrong network id: expected \`${hrp}\`, got \`${own}\`: unsupported network`
  );
}

/** hare3/hare.go, Validate. */
function hareRefusal(values: NodeValues): string | undefined {
  const [preround, round, layer] = [
    nanoseconds(values("hare3.preround-delay")),
    nanoseconds(values("hare3.round-duration")),
    nanoseconds(values("main.layer-duration")),
  ];
  const terminates = (preround ?? 0n) + 7n * whole(values("hare3.iterations-limit")) * (round ?? 0n);
  const expected = whole(values("tortoise.tortoise-zdist")) * (layer ?? 0n);
  if (terminates > expected) return `hare terminates later (${goText(terminates)}) than expected (${goText(expected)})`;
  const [from, to] = [whole(values("hare3.enable-layer")), values("hare3.disable-layer")];
  if (to === undefined || whole(to) > from || values("hare3.enable") === false) return undefined;
  return `disabled layer (${whole(to)}) must be larger than enabled (${from})`;
}

/** node/node.go, launchStandalone. */
function standaloneRefusal(values: NodeValues): string | undefined {
  const servers = values("main.poet-servers");
  const count = Array.isArray(servers) ? servers.length : 1;
  if (values("main.standalone") !== true || count === 1) return undefined;
  return `to launch in a standalone mode provide single local address for poet: ${JSON.stringify(servers)}`;
}

/** activation/poet.go, verifyPhaseShiftConfiguration: Fatal. */
function poetRefusal(values: NodeValues, poet: { readonly phaseShift: string } | undefined): string | undefined {
  if (!poet || nanoseconds(poet.phaseShift) === nanoseconds(values("poet.phase-shift"))) return undefined;
  return "failed to create poet service";
}

const whole = (value: unknown): bigint => (typeof value === "number" ? BigInt(Math.trunc(value)) : 0n);

const sectionsOf = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
