import { invalidArgument, notARelease, notATag, refusal, usage } from "./refusals";
import { called, type Refusal, TAG, type WrongCall } from "./valid";

const notAGeneration = (given: string) => invalidArgument("--against", given, "a generation");
const notALayerNumber = (given: string) => invalidArgument("--limit-layers", given, "a number of layers from 1");
const notAReason: Refusal = refusal("ReasonInvalid", "--reason", "1 to 1000 characters");
const notAChannel = (given: string) => refusal("ChannelUnknown", `"${given}"`, "testnet");
const notAVerdict = (given: string) =>
  invalidArgument("--verdict", given, "healthy", "slow", "stalled", "split", "blind");
const unknownCommand = (given: string, nearest: string) =>
  refusal("CommandUnknown", `"${given}"`, `\`smeshnet ${nearest}\``);
const retireTagOrDue: Refusal = refusal("UsageInvalid", "`smeshnet retire TAG`", "`smeshnet retire --due`");

/** Wrong words of the commands that people run. */
export const ARGUMENTS: readonly WrongCall[] = [
  called("promot v1.2.3", "a mistyped command", unknownCommand("promot", "promote")),
  called("frobnicate", "a word that is like no command", refusal("CommandUnknown", '"frobnicate"', "`smeshnet`")),
  called("--version", "a flag in the place of a command", refusal("CommandUnknown", '"--version"', "`smeshnet`")),
  called("help deplo", "help of a mistyped command", refusal("CommandUnknown", '"deplo', "`smeshnet deploy`")),
  called("archive", "no action", unknownCommand("archive", "archive list|show|seal|sync|verify")),
  called("archive lst", "a mistyped action", unknownCommand("archive lst", "archive list")),
  called("archive purge", "an unknown action", refusal("CommandUnknown", '"archive purge"', "`smeshnet archive ")),
  called("archive probe", "the action of a step", refusal("CommandUnknown", '"archive probe"', "`smeshnet archive ")),
  called("archive list v1.2.3", "a release instead of a build", notATag("v1.2.3")),
  called("archive show", "a missing tag", usage("archive show", "'TAG'")),
  called("archive show v1.2.3+9 --number 0", "archive number 0", invalidArgument("--number", "0", "1 for the first")),
  called("archive show v1.2.3+9 miner-1", "an object that the archive does not hold", {
    code: "ArchivedObjectMissing",
    names: ['"miner-1"', "archives/v1.2.3+9/1/manifest.json", "`smeshnet archive show v1.2.3+9`"],
  }),
  called("archive verify", "a missing tag", usage("archive verify", "'TAG'")),
  called("archive verify v1.2.3+1 pods.json", "an object", usage("archive verify", "1 argument")),
  called("archive verify v1.2.3+1 --number 1", "the number of an archive", usage("archive verify", "'--number'")),
  called("archive verify v1.2.3+1 --json", "--json", usage("archive verify", "'--json'")),
  called("archive verify v1.2.3", "a release instead of a build", notATag("v1.2.3")),
  called("completion", "a missing shell", usage("completion", "'SHELL'")),
  called("completion tcsh", "an unknown shell", refusal("ShellUnknown", '"tcsh"', "bash, zsh, fish")),
  called("demote", "a missing reason", refusal("ReasonMissing", "`--reason TEXT`")),
  called(["demote", "--reason", " "], "a blank reason", notAReason),
  called(["demote", "--reason", "a\nb"], "a reason of two lines", notAReason),
  called("demote v1.2.2 --reason x", "a tag", usage("demote", "0 arguments")),
  called("demote --reason x --channel mainnet", "an unknown channel", notAChannel("mainnet")),
  called("demote --reason x --against last", "a generation in words", notAGeneration("last")),
  called("deploy", "a missing tag", usage("deploy", "'TAG|edge'")),
  called("deploy 1_2_3_1", "a stack name", notATag("1_2_3_1")),
  called("deploy v1.2.3+0", "build 0", notATag("v1.2.3+0")),
  called("deploy v1.2.3+1 v1.2.3+2", "two tags", usage("deploy", "1 argument")),
  called("deploy v1.2.3+1 --event x", "a mistyped flag", usage("deploy", "'--event'", "--events")),
  called("deploy v1.2.3+1 --events", "a flag without its value", usage("deploy", "'--events <FILE>'")),
  called("deploy v1.2.3+1 --events --json", "a flag in the place of a value", usage("deploy", "--events")),
  called("doctor v1.2.3+1", "an argument", usage("doctor", "0 arguments")),
  called("doctor --timeout 0", "no time", invalidArgument("--timeout", "0", "a number of seconds, 1 to 600")),
  called("drift testnet", "an argument", usage("drift", "0 arguments")),
  called("list testnet", "an argument", usage("list", "0 arguments")),
  called("list --every 5", "an interval without --watch", refusal("UsageInvalid", "`smeshnet list --watch --every 5`")),
  called("promote", "a missing release", usage("promote", "'RELEASE'")),
  called("promote v1.2.3 v1.2.4", "two releases", usage("promote", "1 argument")),
  called(`promote ${TAG}`, "a build instead of a release", notARelease(TAG)),
  called("promote 1.2.3", "a release without its v", notARelease("1.2.3")),
  called("promote v1.2.3-rc.1", "a release candidate", notARelease("v1.2.3-rc.1")),
  called(["promote", "v1.2.3\nv1.2.4"], "a release of two lines", notARelease("v1.2.3\nv1.2.4")),
  called("promote v1.2.3 --channel mainnet", "an unknown channel", notAChannel("mainnet")),
  called(["promote", "v1.2.3", "--channel", ""], "an empty channel", notAChannel("")),
  called("promote v1.2.3 --against 1.5", "a fraction as generation", notAGeneration("1.5")),
  called(["promote", "v1.2.3", "--against", "", "--preview"], "an empty generation", notAGeneration("")),
  called("promote v1.2.3 --force", "an unknown flag", usage("promote", "'--force'")),
  called("promote v1.2.3 --reason", "a flag without its value", usage("promote", "'--reason <TEXT>'")),
  called("promote v1.2.3 --reason --preview", "a flag in the place of a reason", usage("promote", "--reason")),
  called(["promote", "v1.2.3", "--reason", ""], "an empty reason", notAReason),
  called(["promote", "v1.2.3", "--reason", "\u001b[2Jx"], "a reason that clears the screen", {
    ...notAReason,
    hides: ["\u001b"],
  }),
  called(["promote", "v1.2.3", "--reason", "x".repeat(1001)], "a reason too long to announce", {
    ...notAReason,
    hides: ["x".repeat(200)],
  }),
  called("recover", "a missing stack", usage("recover", "'TAG|STACK'")),
  called("recover v1.2.3", "a release instead of a build", notATag("v1.2.3")),
  called("retire", "neither a tag nor --due", retireTagOrDue),
  called(`retire ${TAG} --due`, "a tag together with --due", retireTagOrDue),
  called("retire --due --why old", "one reason for several networks", {
    code: "UsageInvalid",
    names: ["--why", "`smeshnet retire TAG --why ...`"],
  }),
  called("retire --due --verdict slow", "one verdict for several networks", {
    code: "UsageInvalid",
    names: ["--verdict", "`smeshnet retire TAG --verdict ...`"],
  }),
  called(`retire ${TAG} --verdict great`, "an unknown verdict", notAVerdict("great")),
  called(["retire", TAG, "--verdict", ""], "an empty verdict", notAVerdict("")),
  called(`retire ${TAG} --why`, "a flag without its value", usage("retire", "'--why <TEXT>'")),
  called("retire v1.2.3", "a release instead of a build", notATag("v1.2.3")),
  called("retire testnet", "a channel", notATag("testnet")),
  called(`smoke ${TAG} --limit-layers 0`, "0 layers", notALayerNumber("0")),
  called(`smoke ${TAG} --limit-layers 1e3`, "layers with an exponent", notALayerNumber("1e3")),
  called("smoke latest", "a word instead of a tag", notATag("latest")),
  called("tag check", "neither a tag nor a push", refusal("UsageInvalid", "`--hook`")),
  called("tag check v1.2.3+1 --hook", "both a tag and a push", refusal("UsageInvalid", "`--hook`")),
  called("status", "a missing tag", usage("status", "'TAG'")),
  called(["status", ""], "an empty tag", notATag("")),
];
