import { sameKnown } from "../../../base/lib/same-known";
import { LAYERS_WITHOUT_TALLY } from "./node-config";
import { durationAt, type NodeConfig, numberAt } from "./node-config-value";
import { above, type Broken, type Checked, notBelow, secondsText } from "./numbers";
import { beaconLength, hareLength } from "./timing";

/** Time of a proof of space in RandomX's light mode, as run (3 to 5 s), in milliseconds. */
const PROOF = 5000;

/** What must hold between the times within layers and epochs. @see brokenRules */
export const TIME_RULES: readonly ((checked: Checked) => Broken | undefined)[] = [
  hare,
  beacon,
  phaseShift,
  cycleGap,
  proof,
  poetPhases,
  grace,
  positioning,
  grade,
  syncInterval,
  gossip,
  tally,
  requests,
];

/** go-spacemesh hare3/hare.go, Validate: the node ends. */
function hare({ config, layer, count }: Checked): Broken | undefined {
  const ends = hareLength(config);
  const zdist = count("tortoise", "tortoise-zdist");
  const limit = layer === undefined || zdist === undefined ? undefined : layer * zdist;
  if (!above(ends, limit)) return undefined;
  return {
    rule: "hare",
    numbers: `Hare ends ${secondsText(ends)} after its layer begins, after ${zdist} layers (${secondsText(limit)}).`,
    fix: "Lower hare3.preround-delay, round-duration or iterations-limit in nodeConfig.",
  };
}

/** No beacon, no proposals in the next epoch. */
function beacon({ config, epoch }: Checked): Broken | undefined {
  const length = beaconLength(config);
  if (!notBelow(length, epoch)) return undefined;
  return {
    rule: "beacon",
    numbers: `The beacon takes ${secondsText(length)}, an epoch ${secondsText(epoch)}.`,
    fix: "Lower the durations of beacon in nodeConfig, or make epochs longer.",
  };
}

function phaseShift({ epoch, ms }: Checked): Broken | undefined {
  const shift = ms("poet", "phase-shift");
  if (!notBelow(shift, epoch)) return undefined;
  return {
    rule: "phase-shift",
    numbers: `The poets' phase shift is ${secondsText(shift)}, an epoch ${secondsText(epoch)}.`,
    fix: "Set poetPhaseShift to less than an epoch.",
  };
}

/** A round lasts an epoch without the gap. */
function cycleGap({ epoch, ms }: Checked): Broken | undefined {
  const gap = ms("poet", "cycle-gap");
  if (!notBelow(gap, epoch)) return undefined;
  return {
    rule: "cycle-gap",
    numbers: `The poets pause for ${secondsText(gap)} in an epoch of ${secondsText(epoch)}, so no round has a length.`,
    fix: "Set poetCycleGap to less than an epoch.",
  };
}

/** A smesher proves its space between two rounds, or its ATX comes an epoch late. */
function proof({ ms }: Checked): Broken | undefined {
  const gap = ms("poet", "cycle-gap");
  if (!above(PROOF, gap)) return undefined;
  return {
    rule: "proof",
    numbers: `The poets pause for ${secondsText(gap)}, but a proof of space takes up to ${secondsText(PROOF)}.`,
    fix: `Set poetCycleGap to ${PROOF / 1000} or more.`,
  };
}

/** go-spacemesh activation/poet.go, errIncompatiblePhaseShift: the node ends. */
function poetPhases({ network, ms }: Checked): Broken | undefined {
  const { poet } = network;
  const differing = (["phase-shift", "cycle-gap"] as const).filter((key) => {
    const own = ms("poet", key);
    const theirs = key === "phase-shift" ? poet.phaseShift : poet.cycleGap;
    return own !== undefined && own !== theirs * 1000;
  });
  if (differing.length === 0) return undefined;
  const own = differing.map((key) => `${key} ${secondsText(ms("poet", key))}`).join(" and ");
  return {
    rule: "poet-phases",
    numbers: `Nodes expect ${own}, but poets start with ${poet.phaseShift} s and ${poet.cycleGap} s.`,
    fix: "Set poetPhaseShift and poetCycleGap, and leave poet's phases out of nodeConfig.",
  };
}

function grace({ ms }: Checked): Broken | undefined {
  const [period, shift] = [ms("poet", "grace-period"), ms("poet", "phase-shift")];
  if (period !== 0 && !notBelow(period, shift)) return undefined;
  return {
    rule: "grace",
    numbers: `The grace period is ${secondsText(period)}, not between 0 and the phase shift of ${secondsText(shift)}.`,
    fix: "Raise poetPhaseShift, or change poet.grace-period in nodeConfig.",
  };
}

/** go-spacemesh activation/activation.go: "Must be less, than GracePeriod". */
function positioning({ ms }: Checked): Broken | undefined {
  const [timeout, period] = [ms("poet", "positioning-atx-selection-timeout"), ms("poet", "grace-period")];
  if (period === 0 || !notBelow(timeout, period)) return undefined;
  return {
    rule: "positioning",
    numbers: `The positioning ATX is sought for ${secondsText(timeout)}, the grace period is ${secondsText(period)}.`,
    fix: "Lower poet.positioning-atx-selection-timeout in nodeConfig.",
  };
}

/** An ATX that comes later than 4 grade delays before its epoch is in no active set (miner/active_set_generator.go). */
function grade({ epoch, ms }: Checked): Broken | undefined {
  const [shift, gap, delay] = [ms("poet", "phase-shift"), ms("poet", "cycle-gap"), ms("main", "atx-grade-delay")];
  if (shift === undefined || gap === undefined || delay === undefined) return undefined;
  const needed = shift - gap + PROOF + 4 * delay;
  // Phases that no epoch holds are a mistake of their own.
  if (!above(needed, epoch) || notBelow(shift, epoch) || notBelow(gap, epoch)) return undefined;
  return {
    rule: "grade",
    numbers: `ATXs must be published ${secondsText(needed)} before the end of an epoch of ${secondsText(epoch)}.`,
    fix: "Make epochs longer, lower poetPhaseShift, or lower main.atx-grade-delay in nodeConfig.",
  };
}

/** As run: a restarted node follows but never says that it is synced. */
function syncInterval({ layer, ms }: Checked): Broken | undefined {
  const interval = ms("syncer", "interval");
  if (layer === undefined || !above(interval, layer / 5)) return undefined;
  return {
    rule: "sync-interval",
    numbers: `syncer.interval is ${secondsText(interval)}, more than a fifth of a layer (${secondsText(layer / 5)}).`,
    fix: "Lower syncer.interval in nodeConfig.",
  };
}

/** As {@link syncInterval}. */
function gossip({ layer, ms }: Checked): Broken | undefined {
  const duration = ms("syncer", "gossipduration");
  if (layer === undefined || !notBelow(duration, layer / 2)) return undefined;
  return {
    rule: "gossip",
    numbers: `syncer.gossipduration is ${secondsText(duration)}, half a layer is ${secondsText(layer / 2)}.`,
    fix: "Lower syncer.gossipduration in nodeConfig.",
  };
}

/** As run with 8 layers: a node that missed one never says that it is synced. */
function tally({ count }: Checked): Broken | undefined {
  const [layers, frequency] = [count("main", "layers-per-epoch"), count("syncer", "tallyvotesfrequency")];
  if (!above(layers, LAYERS_WITHOUT_TALLY) || frequency === undefined || sameKnown(frequency, 0)) return undefined;
  return {
    rule: "tally",
    numbers: `syncer.tallyvotesfrequency is ${frequency} with ${layers} layers in an epoch.`,
    fix: `Set it to 0 in nodeConfig: it must be 0 with more than ${LAYERS_WITHOUT_TALLY} layers.`,
  };
}

/** As run: `failed to download epoch info`. A node that knows nothing asks each second (syncer/atxsync/syncer.go). */
function requests({ config, network }: Checked): Broken | undefined {
  const peers = numberAt(config, "syncer", "atx-sync", "epoch-info-peers") ?? 0;
  const served = servedPerSecond(config);
  const asked = Math.min(peers, network.miners - 1);
  if (!above(asked, served)) return undefined;
  return {
    rule: "requests",
    numbers: `Up to ${asked} nodes ask another one each second, but fetch.servers.ax/1 serves ${served} a second.`,
    fix: "Raise its requests in nodeConfig.",
  };
}

/** Requests for epochs that a node serves in a second; undefined when the config sets no limit. */
function servedPerSecond(config: NodeConfig): number | undefined {
  const interval = durationAt(config, "fetch", "servers", "ax/1", "interval");
  const count = numberAt(config, "fetch", "servers", "ax/1", "requests");
  return interval && count ? count / (interval / 1000) : undefined;
}
