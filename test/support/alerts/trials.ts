import type { WatchedNetwork } from "../../../infra/deploy/monitoring/network";

/** A network whose layers last a minute and whose epochs have 5 layers. Blocks begin at minute 10. */
export const NETWORK: WatchedNetwork = {
  tag: "v1.2.3+1",
  driver: "kubernetes",
  genesis: 0,
  layerDuration: 60,
  layersPerEpoch: 5,
  poetPhases: { phaseShift: 60, cycleGap: 60 },
  hasFirstBeacon: true,
  nodes: ["miner-1", "miner-2", "miner-3", "miner-4"],
  poets: ["poet-1", "poet-2"],
  hasTap: true,
  nodeDisk: 10 * 2 ** 30,
  watcher: "127.0.0.1:9000",
};

/** The value of a series at a minute; undefined where it is absent. */
export type Curve = (minute: number) => number | undefined;

/** An alert that must fire: with these labels besides its severity, and this value where its text shows one. */
export interface Firing {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value?: number;
}

/** Curves, and what one alert makes of them at a minute. */
export interface Trial {
  readonly alert: string;
  /** What it is about, for the test's name. */
  readonly when: string;
  readonly minute: number;
  readonly series: Readonly<Record<string, Curve>>;
  /** Empty when the alert must not fire. */
  readonly fires: readonly Firing[];
}

type Series = Readonly<Record<string, Curve>>;

const always =
  (value: number): Curve =>
  () =>
    value;
/** A value that rises each minute. */
const risesTo =
  (last: number): Curve =>
  (minute) =>
    Math.min(Math.floor(minute), last);
const rises = risesTo(1000);
const downFrom =
  (start: number): Curve =>
  (minute) =>
    Number(minute < start);

const node = (number: number) => `job="node",instance="miner-${number}"`;
const up = (...curves: readonly Curve[]): Series =>
  Object.fromEntries(curves.map((curve, i) => [`up{${node(i + 1)}}`, curve]));
const ALL_UP = up(always(1), always(1), always(1), always(1));
const verified = (...curves: readonly Curve[]): Series =>
  Object.fromEntries(
    curves.map((curve, i) => [`spacemesh_tortoise_state_layers{${node(i + 1)},kind="verified"}`, curve]),
  );
const ofNode = (metric: string, curve: Curve, labels = ""): Series => ({ [`${metric}{${node(1)}${labels}}`]: curve });
const MINER_1 = { job: "node", instance: "miner-1" };

/** A trial in which the alert fires, once without a word about labels. */
const fires = (
  alert: string,
  when: string,
  minute: number,
  series: Series,
  firing: Firing | readonly Firing[] = {},
): Trial => ({ alert, when, minute, series, fires: [firing].flat() });
const silent = (alert: string, when: string, minute: number, series: Series): Trial => ({
  alert,
  when,
  minute,
  series,
  fires: [],
});

/** A layer that trails the clock's from a minute on. */
const behind =
  (count: number, start = 0): Curve =>
  (minute) =>
    Math.floor(minute) - (minute < start ? 0 : count);
const applied = (...curves: readonly Curve[]): Series =>
  Object.fromEntries(curves.map((curve, i) => [`spacemesh_vm_applied_layer{${node(i + 1)}}`, curve]));

const layers = (last: Curve, verifiedLayer: Curve): Series => ({
  ...ofNode("spacemesh_tortoise_state_layers", last, ',kind="last"'),
  ...ofNode("spacemesh_tortoise_state_layers", verifiedLayer, ',kind="verified"'),
});

const beacons = (...names: readonly (readonly [beacon: string, epoch: number])[]): Series =>
  Object.fromEntries(
    names.map(([beacon, epoch], i) => [
      `spacemesh_beacons_beacon_calculated_weight{${node(i + 1)},beacon="${beacon}",epoch="${epoch}"}`,
      always(0),
    ]),
  );

const hare = (name: string, share: number, peers: number): Series => ({
  ...ofNode(`spacemesh_${name}_session`, rises, ',stage="started"'),
  ...ofNode(`spacemesh_${name}_session`, (minute) => Math.floor(minute * share), ',stage="result"'),
  ...ofNode("spacemesh_p2p_total_peers", always(peers)),
});

const CHAIN: readonly Trial[] = [
  fires("NetworkStalled", "two of four nodes stand", 26, {
    ...ALL_UP,
    ...verified(risesTo(20), risesTo(20), rises, rises),
  }),
  fires("NetworkStalled", "no node ever verified a layer", 20, ALL_UP),
  silent("NetworkStalled", "one of four nodes stands", 26, {
    ...ALL_UP,
    ...verified(risesTo(20), rises, rises, rises),
  }),
  silent("NetworkStalled", "all stand for three layers", 24, {
    ...ALL_UP,
    ...verified(risesTo(20), risesTo(20), risesTo(20), risesTo(20)),
  }),
  silent("NetworkStalled", "the first layer may still be verified", 17, ALL_UP),
  silent("NetworkStalled", "the nodes that stand are down", 26, {
    ...up(downFrom(20), downFrom(20), always(1), always(1)),
    ...verified(risesTo(20), risesTo(20), rises, rises),
  }),
  fires(
    "NodeStalled",
    "one node stands",
    26,
    { ...ALL_UP, ...verified(risesTo(20), rises, rises, rises) },
    { labels: MINER_1 },
  ),
  silent("NodeStalled", "all go on", 26, { ...ALL_UP, ...verified(rises, rises, rises, rises) }),
  silent("NodeStalled", "a node stands for three layers", 24, {
    ...ALL_UP,
    ...verified(risesTo(20), rises, rises, rises),
  }),
  silent("NodeStalled", "a node verified one layer of four", 26, {
    ...ALL_UP,
    ...verified((minute) => (minute < 23 ? Math.min(minute, 19) : 20), rises, rises, rises),
  }),
  silent("NodeStalled", "the first layer may still be verified", 17, ALL_UP),
  silent("NodeStalled", "the node that stands is down", 26, {
    ...up(downFrom(20), always(1), always(1), always(1)),
    ...verified(risesTo(20), rises, rises, rises),
  }),
  fires("VerifiedBehind", "four layers wait", 26, layers(rises, behind(4)), { labels: MINER_1, value: 4 }),
  silent("VerifiedBehind", "three layers wait", 26, layers(rises, behind(3))),
  silent("VerifiedBehind", "four layers wait for one layer", 26, layers(rises, behind(4, 25))),
  silent("VerifiedBehind", "the first layers may still be verified", 17, layers(rises, behind(4))),
  fires("NodesApart", "a node is four layers behind", 26, applied(rises, behind(4)), { value: 4 }),
  silent("NodesApart", "a node is three layers behind", 26, applied(rises, behind(3))),
  silent("NodesApart", "a node is four layers behind for one layer", 26, applied(rises, behind(4, 25))),
  silent("NodesApart", "the first layers may still be verified", 17, applied(rises, behind(4))),
  fires("SplitByBeacons", "nodes differ about an epoch", 16, beacons(["aa", 4], ["bb", 4], ["aa", 4]), {
    labels: { epoch: "4" },
    value: 2,
  }),
  silent("SplitByBeacons", "nodes agree", 16, beacons(["aa", 4], ["aa", 4])),
  silent("SplitByBeacons", "nodes differ for half a layer", 10.5, beacons(["aa", 4], ["bb", 4])),
  silent("SplitByBeacons", "a node is an epoch ahead", 16, beacons(["aa", 4], ["bb", 5])),
  silent("SplitByBeacons", "blocks have not begun", 9, beacons(["aa", 2], ["bb", 2])),
  fires("NoPeers", "a node is alone before the first block", 4, ofNode("spacemesh_p2p_total_peers", always(0)), {
    labels: MINER_1,
  }),
  silent("NoPeers", "a node has one peer", 4, ofNode("spacemesh_p2p_total_peers", always(1))),
  silent("NoPeers", "a node was alone for a layer", 4, ofNode("spacemesh_p2p_total_peers", downFrom(3))),
  fires("HareFails", "four of ten layers have a result", 24, hare("hare", 0.4, 3), { labels: MINER_1 }),
  fires("HareFails", "four of ten layers have a result in hare 4", 24, hare("hare4", 0.4, 3), { labels: MINER_1 }),
  silent("HareFails", "six of ten layers have a result", 24, hare("hare", 0.6, 3)),
  silent("HareFails", "the node has no peers", 24, hare("hare", 0.4, 0)),
  silent("HareFails", "blocks began eight layers ago", 18, hare("hare", 0.4, 3)),
  fires("SelfHealing", "the mode is full for five layers", 17, ofNode("spacemesh_tortoise_mode", always(1)), {
    labels: MINER_1,
  }),
  silent("SelfHealing", "the mode is full for three layers", 17, {
    ...ofNode("spacemesh_tortoise_mode", (minute) => Number(minute >= 14)),
  }),
  silent("SelfHealing", "the mode is verifying", 17, ofNode("spacemesh_tortoise_mode", always(0))),
  silent("SelfHealing", "blocks begin", 10, ofNode("spacemesh_tortoise_mode", always(1))),
  fires("ClockOffset", "a clock is 2.5 s behind", 4, ofNode("spacemesh_clock_peers_offset", always(-2.5)), {
    labels: MINER_1,
    value: 2.5,
  }),
  silent("ClockOffset", "a clock is 2 s ahead", 4, ofNode("spacemesh_clock_peers_offset", always(2))),
  silent("ClockOffset", "a clock is 3 s ahead for half a layer", 4, {
    ...ofNode("spacemesh_clock_peers_offset", (minute) => (minute < 3.5 ? 0 : 3)),
  }),
  fires("DiskFull", "nine of ten gigabytes are taken", 4, ofNode("spacemesh_database_total_size", always(9e9)), {
    labels: { instance: "miner-1" },
  }),
  silent("DiskFull", "eight of ten gigabytes are taken", 4, ofNode("spacemesh_database_total_size", always(8e9))),
];

const late = (curve: Curve, condition = "late") =>
  ofNode("spacemesh_activation_publish_window_seconds_count", curve, `,condition="${condition}"`);
const activations = (epoch: number, count: number) =>
  ofNode("spacemesh_consensus_cache_atxs", always(count), `,epoch="${epoch}"`);

const SMESHING: readonly Trial[] = [
  fires(
    "PostTooLate",
    "a proof was late in this epoch",
    14,
    late((minute) => Number(minute >= 12)),
    { labels: { ...MINER_1, condition: "late" } },
  ),
  silent("PostTooLate", "a proof was late in an earlier epoch", 14, late(always(1))),
  silent("PostTooLate", "proofs are on time", 14, late(rises, "ontime")),
  fires("NoNextActivations", "the epoch ends without one", 19.75, { ...ALL_UP, ...activations(3, 4) }),
  silent("NoNextActivations", "there is one", 19.75, { ...ALL_UP, ...activations(4, 1) }),
  silent("NoNextActivations", "the epoch goes on", 18, { ...ALL_UP, ...activations(3, 4) }),
  silent("NoNextActivations", "nobody can tell", 19.75, up(always(0), always(0))),
  silent("NoNextActivations", "nobody can have one for epoch 1", 4.75, ALL_UP),
];

const poet = (number: number, id: number) => `job="poet",instance="poet-${number}",id="${id}"`;
const members = (number: number, id: number, count: number): Series => ({
  [`poet_round_members_total{${poet(number, id)}}`]: always(count),
});
const leaves = (curve: Curve): Series => ({ [`poet_round_leaves_total{${poet(1, 2)}}`]: curve });

// Round 2 runs from minute 11 to 15.
const POETS: readonly Trial[] = [
  fires("NoPoetMembers", "both poets run empty rounds", 13, { ...members(1, 2, 0), ...members(2, 2, 0) }),
  silent("NoPoetMembers", "one poet has a member", 13, { ...members(1, 2, 0), ...members(2, 2, 1) }),
  silent("NoPoetMembers", "the next round is empty yet", 13, { ...members(1, 2, 3), ...members(1, 3, 0) }),
  fires(
    "PoetWithoutMembers",
    "one poet runs an empty round",
    13,
    { ...members(1, 2, 0), ...members(2, 2, 1) },
    { labels: { job: "poet", instance: "poet-1", id: "2" } },
  ),
  silent("PoetWithoutMembers", "the next round is empty yet", 13, { ...members(1, 2, 3), ...members(1, 3, 0) }),
  fires("PoetStalled", "no new leaf in a round", 13, leaves(always(100)), {
    labels: { job: "poet", instance: "poet-1", id: "2" },
  }),
  silent("PoetStalled", "leaves rise", 13, leaves(rises)),
  silent("PoetStalled", "the round is over", 15.75, leaves(always(100))),
];

const target = (job: string, instance: string, curve: Curve): Series => ({
  [`up{job="${job}",instance="${instance}"}`]: curve,
});
/** When a program started: each time again at these minutes. */
const starts = (...minutes: readonly number[]) =>
  ofNode("process_start_time_seconds", (minute) => minutes.filter((one) => one <= minute).length);
const SAMPLED = 'smeshnet_simmer_last_sample_timestamp_seconds{job="watcher",instance="watcher",network="v1.2.3+1"}';
const WATCHER = { job: "watcher", instance: "watcher" };

const PROGRAMS: readonly Trial[] = [
  fires("NodesDown", "two of four nodes are down", 13, up(downFrom(10), downFrom(10), always(1), always(1))),
  silent("NodesDown", "one of four nodes is down", 13, up(downFrom(10), always(1), always(1), always(1))),
  silent("NodesDown", "two nodes are down for a minute", 11, up(downFrom(10), downFrom(10), always(1), always(1))),
  fires("TargetDown", "a poet is down", 13, target("poet", "poet-1", downFrom(10)), {
    labels: { job: "poet", instance: "poet-1" },
  }),
  silent("TargetDown", "a poet is down for a layer", 11, target("poet", "poet-1", downFrom(10))),
  fires("GatewayDown", "it is down for three minutes", 13, target("gateway", "gateway", downFrom(10)), {
    labels: { job: "gateway", instance: "gateway" },
  }),
  silent("GatewayDown", "it is down for a minute", 11, target("gateway", "gateway", downFrom(10))),
  fires("ExplorerDown", "it is down for three layers", 13, target("explorer", "explorer", downFrom(10)), {
    labels: { job: "explorer", instance: "explorer" },
  }),
  silent("ExplorerDown", "it is down for a layer", 11, target("explorer", "explorer", downFrom(10))),
  fires("Restarts", "a node starts twice again", 13, starts(0, 5, 9), { labels: MINER_1, value: 2 }),
  silent("Restarts", "a node starts once again", 13, starts(0, 9)),
  silent("Restarts", "the second start is long ago", 20, starts(0, 5, 9)),
  fires("WatcherGone", "it is down", 13, { ...target("watcher", "watcher", downFrom(10)) }, { labels: WATCHER }),
  fires(
    "WatcherGone",
    "its last sample is five minutes old",
    15.25,
    { ...target("watcher", "watcher", always(1)), [SAMPLED]: (minute) => Math.min(minute, 9) * 60 },
    { labels: { ...WATCHER, network: "v1.2.3+1" } },
  ),
  silent("WatcherGone", "it samples", 15.25, {
    ...target("watcher", "watcher", always(1)),
    [SAMPLED]: (minute) => minute * 60,
  }),
];

const TAP_LABELS = 'job="tap",instance="tap"';
const tap = (balance: number, budgetLeft: Curve = always(1000)): Series => ({
  [`smeshnet_tap_balance_smidge{${TAP_LABELS}}`]: always(balance),
  [`smeshnet_tap_budget_smidge{${TAP_LABELS}}`]: always(1000),
  [`smeshnet_tap_budget_left_smidge{${TAP_LABELS}}`]: budgetLeft,
});
const TAP = { job: "tap", instance: "tap" };

const GIFTS: readonly Trial[] = [
  fires("TapLow", "its balance lasts for less than three days", 4, tap(2999), { labels: TAP }),
  fires("TapLow", "less than a tenth of the day's budget is left", 4, tap(9000, always(99)), { labels: TAP }),
  silent(
    "TapLow",
    "its balance lasts for three days, and a tenth of the day's budget is left",
    4,
    tap(3000, always(100)),
  ),
  silent(
    "TapLow",
    "the budget was used up for a layer",
    4,
    tap(9000, (minute) => (minute < 3 ? 1000 : 0)),
  ),
  silent("TapLow", "it has not looked at the chain yet", 4, {
    [`smeshnet_tap_budget_smidge{${TAP_LABELS}}`]: always(1000),
    [`smeshnet_tap_budget_left_smidge{${TAP_LABELS}}`]: always(1000),
  }),
  fires("TapDown", "it is down for three layers", 13, target("tap", "tap", downFrom(10)), { labels: TAP }),
  silent("TapDown", "it is down for a layer", 11, target("tap", "tap", downFrom(10))),
];

/** At least one trial of each alert in which it fires, and one in which it does not. */
export const TRIALS: readonly Trial[] = [...CHAIN, ...SMESHING, ...POETS, ...PROGRAMS, ...GIFTS];
