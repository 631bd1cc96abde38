import { UserError } from "../../../base/lib/errors";
import { valueAt } from "../../../base/lib/json";
import { nodeConfigOf } from "./node-config";
import { durationAt, type NodeConfig, numberAt } from "./node-config-value";
import { type Broken, type Checked, checkedOf, type NetworkNumbers, networkNumbers } from "./numbers";
import { PRESET_NAMES, type Preset, presetOf } from "./presets";
import { NETWORK_RULES } from "./rules-of-network";
import { TIME_RULES } from "./rules-of-time";
import type { KubernetesNetworkSpec } from "./spec";

export type { Broken, NetworkNumbers } from "./numbers";

/** Any genesis time will do for a check. */
const SOME_TIME = "2026-01-01T00:00:00Z";

/**
 * Checks the rules between a network's numbers before anything is made. A node finds some of them when it starts; for
 * the others nothing is ever said, and the network stands still.
 * @throws {UserError} one, with every broken rule
 */
export function checkNumbers(spec: KubernetesNetworkSpec): void {
  const broken = brokenOf(spec);
  if (broken.length === 0) return;
  const parts = broken.map(({ rule, numbers, fix }) => `(${rule}) ${numbers} ${fix}`).join(" ");
  throw new UserError("NumbersWrong", `The numbers of ${spec.tag} do not go together: ${parts}`, "", 2);
}

/** Every rule that a spec breaks. */
export function brokenOf(spec: KubernetesNetworkSpec): Broken[] {
  const { preset: name } = spec.kubernetes;
  const preset = presetOf(name);
  if (!preset) {
    const numbers = `The values of the preset ${name} are not known.`;
    return [{ rule: "preset", numbers, fix: `Set preset to one of ${PRESET_NAMES.join(", ")}.` }];
  }
  const made = {
    genesisTime: SOME_TIME,
    peerIds: Array.from({ length: spec.miners }, (_, i) => `12D3KooW${i + 1}`),
    poetKeys: Array.from({ length: spec.poets }, (_, i) => `${i + 1}`),
    bootstrapUrl: "http://bootstrap",
  };
  return brokenRules(nodeConfigOf(spec, made), preset, networkNumbers(spec, SOME_TIME));
}

/**
 * The rules that a config breaks in a network.
 * @param config the nodes' file, with the overrides
 * @param preset the values below it
 */
export function brokenRules(config: NodeConfig, preset: Preset, network: NetworkNumbers): Broken[] {
  const checked = checkedOf(config, preset, network);
  const rules: readonly ((checked: Checked) => Broken | undefined)[] = [
    ...DURATIONS.map((path) => (one: Checked) => durationRule(one, path)),
    ...COUNTS.map((path) => (one: Checked) => countRule(one, path)),
    ...NETWORK_RULES,
    ...TIME_RULES,
    presetRule,
  ];
  return rules.flatMap((rule) => rule(checked) ?? []);
}

/** Keys that rules read as durations. */
const DURATIONS = [
  "main.layer-duration",
  "main.atx-grade-delay",
  "hare3.preround-delay",
  "hare3.round-duration",
  "beacon.beacon-proposal-duration",
  "beacon.beacon-first-voting-round-duration",
  "beacon.beacon-voting-round-duration",
  "beacon.beacon-weak-coin-round-duration",
  "poet.phase-shift",
  "poet.cycle-gap",
  "poet.grace-period",
  "poet.positioning-atx-selection-timeout",
  "syncer.interval",
  "syncer.gossipduration",
].map((path) => path.split("."));

/** Keys that rules read as numbers. */
const COUNTS = [
  "main.layers-per-epoch",
  "tortoise.tortoise-zdist",
  "hare3.iterations-limit",
  "hare3.enable-layer",
  "beacon.beacon-rounds-number",
  "p2p.min-peers",
].map((path) => path.split("."));

/** Go reads a number as nanoseconds, which nobody means. */
function durationRule({ config }: Checked, path: readonly string[]): Broken | undefined {
  const isZeroLayer = path.includes("layer-duration") && durationAt(config, ...path) === 0;
  if ((durationAt(config, ...path) ?? -1) >= 0 && !isZeroLayer) return undefined;
  const [, key = ""] = path;
  return {
    rule: key === "layer-duration" ? "layer-duration" : "duration",
    numbers: `${path.join(".")} is ${JSON.stringify(valueAt(config, path))}, not a Go duration.`,
    fix: 'Write it in nodeConfig as text with a unit, such as "5s".',
  };
}

/** go-spacemesh would make another number of -1 or 1.5. */
function countRule({ config }: Checked, path: readonly string[]): Broken | undefined {
  const value = numberAt(config, ...path);
  if (value !== undefined && Number.isInteger(value) && value >= 0) return undefined;
  return {
    rule: "count",
    numbers: `${path.join(".")} is ${JSON.stringify(valueAt(config, path))}, not a whole number from 0.`,
    fix: "Write another number in nodeConfig.",
  };
}

/** The rules and the timing are those of the setting's preset. */
function presetRule({ config }: Checked): Broken | undefined {
  const name = valueAt(config, ["preset"]);
  if (typeof name === "string" && presetOf(name)) return undefined;
  return {
    rule: "preset",
    numbers: `The values of the preset ${JSON.stringify(name)} are not known.`,
    fix: `Set preset to one of ${PRESET_NAMES.join(", ")}.`,
  };
}

/** From the start of the pods to a node that is registered with its first proof, as run with one poet, in seconds. */
const START = 30;

/** Says that a network starts an epoch late, since its first proofs miss the first round of the poets. No mistake. */
export function lateStart(spec: KubernetesNetworkSpec): string | undefined {
  const time = spec.genesisDelay * 60 + spec.poetPhases.phaseShift;
  if (time >= START) return undefined;
  return (
    `the first round of the poets begins ${time} s after the start, and nodes need about ${START} s: blocks may come ` +
    "an epoch late"
  );
}
