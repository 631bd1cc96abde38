import { Refusal } from "./refusal";

/** Flags without an argument (go-spacemesh 1.8 cmd/root.go). */
const SWITCHES = new Set(
  `metrics pprof-server pprof-mutex-profile pprof-block-profile db-latency-metering no-main-override flood
  disable-natport disable-reuseport p2p-metrics p2p-bootnode p2p-private-network force-dht-server enable-tcp-transport
  enable-quic-transport enable-routing-discovery routing-discovery-advertise peersync-disable tortoise-enable-tracer
  smeshing-start smeshing-opts-throttle smeshing-opts-verifying-disable help`.split(/\s+/),
);

/** Flags with an argument. `gprc-tls-ca-cert` is spelled as the node spells it. */
const WITH_ARGUMENT = new Set(
  `config preset data-folder recovery-uri recovery-layer filelock log-encoder metrics-port metrics-push
  metrics-push-period poet-servers genesis-time genesis-extra-data layer-duration layer-average-size pprof-listener
  tick-size profiler-url profiler-name txs-per-proposal block-gas-limit optimistic-filtering-threshold db-connections
  db-prune-interval listen p2p-accept-queue low-peers high-peers min-peers bootnodes ping-peers ping-interval
  static-relays advertise-address peersync-round-retry-interval peersync-round-interval peersync-round-timeout
  peersync-max-clock-offset peersync-max-offset-errors peersync-required-responses grpc-public-listener
  grpc-private-listener grpc-post-listener grpc-tls-services grpc-tls-listener gprc-tls-ca-cert grpc-tls-cert
  grpc-tls-key grpc-recv-msg-size grpc-send-msg-size grpc-json-listener grpc-cors-allowed-origin
  eligibility-confidence-param beacon-kappa beacon-q beacon-rounds-number beacon-grace-period-duration
  beacon-proposal-duration beacon-first-voting-round-duration beacon-voting-round-duration
  beacon-weak-coin-round-duration beacon-theta beacon-votes-limit beacon-sync-weight-units tortoise-hdist
  tortoise-zdist tortoise-window-size tortoise-max-exceptions tortoise-delay-layers post-labels-per-unit
  post-min-numunits post-max-numunits post-k1 post-k2 post-k3 post-pow-difficulty smeshing-coinbase
  smeshing-opts-datadir smeshing-opts-numunits smeshing-opts-maxfilesize smeshing-opts-provider
  smeshing-opts-proving-threads smeshing-opts-proving-nonces smeshing-opts-proving-randomx-mode
  smeshing-opts-verifying-min-workers smeshing-opts-verifying-workers smeshing-opts-verifying-powflags
  layers-per-epoch phase-shift cycle-gap grace-period poet-request-timeout bootstrap-url bootstrap-version
  accounts`.split(/\s+/),
);

const SHORT: Readonly<Record<string, string>> = {
  c: "config",
  p: "preset",
  d: "data-folder",
  a: "accounts",
  h: "help",
};

/** Flags by their long name. Of a repeated flag the last one counts. */
export type Flags = ReadonlyMap<string, string>;

/**
 * Reads the node's command line as its library does (github.com/spf13/pflag): `--name=value`, `--name value`, `-c
 * value`, `-c=value`.
 * @throws {Refusal} in the library's words for an unknown flag, a missing argument and a wrong switch
 */
export function parseFlags(args: readonly string[]): Flags {
  const flags = new Map<string, string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const { name, value, shown } = nameOf(arg);
    if (SWITCHES.has(name)) flags.set(name, switchOf(shown, value));
    else {
      const argument = value ?? rest.shift();
      if (argument === undefined) throw new Refusal(`flag needs an argument: ${shown}`);
      flags.set(name, argument);
    }
  }
  return flags;
}

interface Named {
  /** Long name of a known flag. */
  readonly name: string;
  readonly value: string | undefined;
  /** The flag as the library names it in its messages. */
  readonly shown: string;
}

function nameOf(arg: string): Named {
  if (arg.startsWith("--")) {
    const [name = "", ...value] = arg.slice(2).split("=");
    if (!SWITCHES.has(name) && !WITH_ARGUMENT.has(name)) throw new Refusal(`unknown flag: --${name}`);
    return { name, value: value.length > 0 ? value.join("=") : undefined, shown: `--${name}` };
  }
  if (!arg.startsWith("-")) throw new Refusal(`unknown command "${arg}" for "node"`);
  const letter = arg.slice(1, 2);
  const name = SHORT[letter];
  if (!name) throw new Refusal(`unknown shorthand flag: '${letter}' in ${arg}`);
  const value = arg.slice(2).replace(/^=(?=.)/, "");
  return { name, value: value === "" ? undefined : value, shown: `'${letter}' in ${arg}` };
}

function switchOf(shown: string, value = "true"): string {
  if (["true", "1", "t", "T", "TRUE", "True"].includes(value)) return "true";
  if (["false", "0", "f", "F", "FALSE", "False"].includes(value)) return "false";
  const reason = `strconv.ParseBool: parsing "${value}": invalid syntax`;
  throw new Refusal(`invalid argument "${value}" for "${shown}" flag: ${reason}`);
}
