import { durationAt, type NodeConfig, numberAt } from "./node-config-value";

/** The clock of a network, in seconds. */
export interface Clock {
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  /** From the start of an epoch to a poet's round. */
  readonly phaseShift: number;
}

/** Part of the time there is that consensus may take, so that late messages still count. */
const USED = { hare: 0.9, beacon: 0.6 };

/** Longest values, in milliseconds: those of mainnet and testnet, made for nodes all over the world. */
const LONGEST = { preround: 25_000, round: 12_000, grace: 600_000 };

/**
 * The times within a layer and an epoch, as keys of the config file. Each is derived from the clock by one formula that
 * gives what was run with real nodes at layers of 5 s and of 2 s (docs/kubernetes.md). A key that the base has a safe
 * value for is left out.
 * @param base the preset with the overrides
 */
export function timingOf(base: NodeConfig, { layerDuration, layersPerEpoch, phaseShift }: Clock): NodeConfig {
  const layer = layerDuration * 1000;
  const epoch = layer * layersPerEpoch;
  const grace = Math.min(Math.round((phaseShift * 1000 * 8) / 15), LONGEST.grace);
  return {
    main: atMost(base, "main", { "atx-grade-delay": epoch / 16 }),
    poet: { "grace-period": goText(grace), "positioning-atx-selection-timeout": goText(Math.floor(grace / 2)) },
    hare3: hareOf(base, layer),
    beacon: beaconOf(base, epoch),
    syncer: atMost(base, "syncer", { interval: layer / 5, gossipduration: (layer * 2) / 5 }),
    "active-set-preparation": atMost(base, "active-set-preparation", {
      window: epoch / 16,
      "retry-interval": epoch / 16,
    }),
  };
}

/** Hare must end within `zdist` layers (go-spacemesh hare3/hare.go, Validate): 7 rounds each iteration. */
function hareOf(base: NodeConfig, layer: number): NodeConfig {
  const iterations = numberAt(base, "hare3", "iterations-limit") ?? 0;
  const zdist = numberAt(base, "tortoise", "tortoise-zdist") ?? 0;
  const preround = Math.min(Math.floor((layer + 1000) / 6), LONGEST.preround);
  const room = Math.floor((USED.hare * zdist * layer - preround) / Math.max(1, 7 * iterations));
  const round = Math.max(1, Math.min(Math.floor((layer + 4000) / 30), LONGEST.round, room));
  return { "preround-delay": goText(preround), "round-duration": goText(round) };
}

/**
 * The beacon of the next epoch must be known before that begins (go-spacemesh beacon/beacon.go): a proposal, a first
 * vote of five times its length, and a vote and a weak coin in each further round.
 */
function beaconOf(base: NodeConfig, epoch: number): NodeConfig {
  const length = beaconLength(base);
  if (length !== undefined && length <= USED.beacon * epoch) return {};
  const rounds = numberAt(base, "beacon", "beacon-rounds-number") ?? 1;
  const unit = Math.max(1, Math.floor((USED.beacon * epoch) / (6 + 2 * (rounds - 1))));
  return {
    "beacon-proposal-duration": goText(unit),
    "beacon-first-voting-round-duration": goText(5 * unit),
    "beacon-voting-round-duration": goText(unit),
    "beacon-weak-coin-round-duration": goText(unit),
  };
}

/** How long the beacon takes, in milliseconds; undefined when a part of it cannot be read. */
export function beaconLength(config: NodeConfig): number | undefined {
  const [proposal, first, voting, coin] = ["proposal", "first-voting-round", "voting-round", "weak-coin-round"].map(
    (part) => durationAt(config, "beacon", `beacon-${part}-duration`),
  );
  const rounds = numberAt(config, "beacon", "beacon-rounds-number");
  if (proposal === undefined || first === undefined || voting === undefined) return undefined;
  return coin === undefined || rounds === undefined ? undefined : proposal + first + (rounds - 1) * (voting + coin);
}

/** How long hare takes from the start of its layer, in milliseconds; undefined when a part of it cannot be read. */
export function hareLength(config: NodeConfig): number | undefined {
  const preround = durationAt(config, "hare3", "preround-delay");
  const round = durationAt(config, "hare3", "round-duration");
  const iterations = numberAt(config, "hare3", "iterations-limit");
  if (preround === undefined || round === undefined || iterations === undefined) return undefined;
  return preround + 7 * iterations * round;
}

/** The keys of a section that are longer in the base than they may be, with the longest that they may be, in ms. */
function atMost(base: NodeConfig, section: string, longest: Readonly<Record<string, number>>): NodeConfig {
  const tooLong = Object.entries(longest).filter(([key, limit]) => (durationAt(base, section, key) ?? 0) > limit);
  return Object.fromEntries(tooLong.map(([key, limit]) => [key, goText(Math.floor(limit))]));
}

/** Milliseconds as a Go duration in the largest unit without a fraction: `5m`, `90s`, `300ms`. */
export function goText(milliseconds: number): string {
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  if (seconds === 0 || seconds % 60 !== 0) return `${seconds}s`;
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds / 60}m`;
}
