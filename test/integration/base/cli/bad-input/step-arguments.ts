import { invalidArgument, notAnAction, notATag, refusal, stepUsage } from "./refusals";
import { called, TAG, type WrongCall } from "./valid";

const notABranch = (given: string) => invalidArgument("NAME", given, "the name of a branch, e.g. devnet");

/** Wrong words of the steps that engines run. */
export const STEP_ARGUMENTS: readonly WrongCall[] = [
  called("step", "a missing name", refusal("StepUnknown", '""', "`smeshnet`")),
  called("step deploy", "a command as a step", refusal("StepUnknown", '"deploy"', "`smeshnet`")),
  called("step toString guard", "a name that every object has", refusal("StepUnknown", '"toString"', "`smeshnet`")),
  called("step archive", "a missing action", refusal("ActionUnknown", "probe, collect")),
  called("step archive purge", "an unknown action", notAnAction("purge", "probe", "collect")),
  called(`step archive show ${TAG}`, "the action of a command", notAnAction("show", "probe", "collect")),
  called(`step archive probe ${TAG}`, "a tag for the probe", stepUsage("archive probe")),
  called("step archive collect", "a missing tag", stepUsage("archive collect TAG")),
  called("step archive collect v1.2.3", "a release instead of a build", notATag("v1.2.3")),
  called("step branch move devnet", "a missing tag", stepUsage("branch move NAME TAG")),
  called(`step branch delete devnet ${TAG}`, "an unknown action", notAnAction("delete", "move")),
  called(["step", "branch", "move", "dev net", TAG], "a branch name with a space", notABranch("dev net")),
  called(`step branch move dev..net ${TAG}`, "a branch name that git refuses", notABranch("dev..net")),
  called(["step", "branch", "move", "", TAG], "an empty branch name", notABranch("")),
  called(["step", "branch", "move", "devnet", "v1.2.3+1\nx"], "a tag of two lines", notATag("v1.2.3+1\nx")),
  called(`step branch --force move devnet ${TAG}`, "an unknown flag", stepUsage("branch move NAME TAG")),
  called("step branch move testnet v1.2", "a tag of neither a build nor a release", notATag("v1.2")),
  called("step channel moved", "a missing name", stepUsage("channel moved NAME")),
  called("step channel move testnet", "a mistyped action", notAnAction("move", "moved")),
  called(
    ["step", "channel", "moved", "Test net"],
    "a channel name with a space",
    invalidArgument("NAME", "Test net", "the name of a channel, e.g. testnet"),
  ),
  called(`step discovery unlisted ${TAG}`, "an unknown action", notAnAction("unlisted", "listed")),
  called("step discovery listed", "a missing tag", stepUsage("discovery listed TAG")),
  called("step dns lookup", "a missing name", stepUsage("dns resolved|lookup NAME")),
  called(`step dns resolve ${TAG}`, "a mistyped action", notAnAction("resolve", "resolved", "lookup")),
  called(
    ["step", "dns", "lookup", "api host"],
    "a host name with a space",
    invalidArgument("NAME", "api host", "a name in the zone, e.g. api-v1-2-3-1."),
  ),
  called(`step gateway dead ${TAG}`, "an unknown action", notAnAction("dead", "alive")),
  called("step gateway alive v1-2-3-1", "a cluster name", notATag("v1-2-3-1")),
  called("step guard", "a missing tag", stepUsage("guard TAG")),
  called("step guard testnet", "a channel", notATag("testnet")),
  called(`step history end ${TAG}`, "an unknown action", notAnAction("end", "open", "close")),
  called("step history close 1_2_3_1", "a stack name", notATag("1_2_3_1")),
  called(`step network restart ${TAG}`, "an unknown action", {
    code: "ActionUnknown",
    names: ['"restart"', "up", "down", "inspect"],
  }),
  called("step network up 1.2.3", "a tag without its v and build", notATag("1.2.3")),
  called("step network up", "a missing tag", stepUsage("network up|down|inspect TAG")),
  called("step page served", "a missing tag", stepUsage("page served TAG")),
  called(`step page serve ${TAG}`, "a mistyped action", notAnAction("serve", "served")),
  called("step poet waits poet-1", "a mistyped action", notAnAction("waits", "wait")),
  called(
    ["step", "poet", "wait", "Poet 1"],
    "a poet name with a space",
    invalidArgument("NAME", "Poet 1", "the name of a poet, e.g. poet-1"),
  ),
  called(`step smoke ${TAG}`, "a missing limit", stepUsage("smoke TAG --limit-layers N")),
  called(`step smoke ${TAG} --limit 3`, "a mistyped flag", notAnAction("--limit", "--limit-layers")),
  called(
    `step smoke ${TAG} --limit-layers 0`,
    "0 layers",
    invalidArgument("--limit-layers", "0", "a number of layers from 1"),
  ),
  called(
    `step smoke ${TAG} --limit-layers 1e3`,
    "layers with an exponent",
    invalidArgument("--limit-layers", "1e3", "a number of layers from 1"),
  ),
  called("step smoke latest --limit-layers 3", "a word instead of a tag", notATag("latest")),
];
