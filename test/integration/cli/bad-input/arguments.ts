import { called, NOT_A_RELEASE, NOT_A_TAG, TAG, type WrongCall } from "./valid";

const GENERATION = /^error: --against is ".*": wanted a generation, e\.g\. 3$/;
const NO_REASON = /^error: say with --reason TEXT why the channel goes back; everybody will read it$/;
const NOT_A_REASON = /^error: --reason is ".*: wanted one line of text, 1 to 1000 characters$/;
const RETIRE = /^error: write retire TAG or retire --due$/;
const NOT_A_VERDICT = /^error: ".*" is not a verdict: write healthy, slow, stalled, split, blind$/;
const NOT_A_CHANNEL = /^error: ".*" is not a channel: there are testnet$/;

/** No variable is wrong, but the command line. */
export const ARGUMENTS: readonly WrongCall[] = [
  called(
    ["archive"],
    "no action",
    /^error: wrong number of arguments; Usage: archive list \[TAG\] or archive show TAG \[OBJECT\] .*or archive collect TAG/,
  ),
  called(
    ["archive", "purge"],
    "an action it has not",
    /^error: "purge" is not an action: write probe or list or show or collect or verify$/,
  ),
  called(["archive", "show"], "show without a tag", /^error: show is of one tag: write show v1\.2\.3\+1$/),
  called(
    ["archive", "verify", "v1.2.3+1", "pods.json"],
    "verify with an object",
    /^error: verify takes no object, no --number and no --json: only show does$/,
  ),
  called(
    ["archive", "show", "v1.2.3+9", "--number", "0"],
    "the archive of number 0",
    /^error: --number is "0": wanted the number of an archive, 1 for the first$/,
  ),
  called(
    ["archive", "show", "v1.2.3+9", "miner-1"],
    "an object that is not there",
    /^error: "miner-1" is not in archives\/v1\.2\.3\+9\/1\/manifest\.json: archive show TAG says what is$/,
  ),
  called(["archive", "collect"], "collect without a tag", /^error: collect is of one tag: write collect v1\.2\.3\+1$/),
  called(["archive", "verify", "v1.2.3"], "a release instead of a build", NOT_A_TAG),
  called(["branch", "move", "devnet"], "no tag", /^error: wrong number of arguments; Usage: branch move NAME TAG/),
  called(["branch", "delete", "devnet", TAG], "an action it has not", /^error: "delete" is not an action: write move$/),
  called(
    ["branch", "move", "dev net", TAG],
    "a branch with a space",
    /^error: NAME is "dev net": wanted the name of a branch, e\.g\. devnet$/,
  ),
  called(
    ["branch", "move", "dev..net", TAG],
    "a branch that git refuses",
    /^error: NAME is "dev\.\.net": wanted the name of a branch/,
  ),
  called(
    ["branch", "move", "", TAG],
    "an empty branch",
    /^error: NAME is "": wanted the name of a branch, e\.g\. devnet$/,
  ),
  called(["branch", "move", "devnet", "v1.2.3+1\nx"], "a tag of two lines", NOT_A_TAG),
  called(
    ["branch", "--force", "move", "devnet", TAG],
    "an unknown flag",
    /^error: Unknown option '--force'.*; Usage: branch move NAME TAG/,
  ),
  called(["branch", "move", "testnet", "v1.2"], "neither a build nor a release", NOT_A_TAG),
  called(["channel", "moved"], "no name", /^error: wrong number of arguments; Usage: channel moved NAME/),
  called(["channel", "move", "testnet"], "an action misspelt", /^error: "move" is not an action: write moved$/),
  called(
    ["channel", "moved", "Test net"],
    "no name of a channel",
    /^error: NAME is "Test net": wanted the name of a channel, e\.g\. testnet$/,
  ),
  called(["demote"], "no reason", NO_REASON),
  called(["demote", "--reason", " "], "a reason of blanks", NOT_A_REASON),
  called(["demote", "--reason", "a\nb"], "a reason of two lines", NOT_A_REASON),
  called(
    ["demote", "v1.2.2", "--reason", "x"],
    "a tag",
    /^error: wrong number of arguments; Usage: demote --reason TEXT/,
  ),
  called(["demote", "--reason", "x", "--channel", "mainnet"], "an unknown channel", NOT_A_CHANNEL),
  called(["demote", "--reason", "x", "--against", "last"], "a generation in words", GENERATION),
  called(["deploy"], "nothing to deploy", /^error: wrong number of arguments; Usage: deploy TAG\|edge/),
  called(["deploy", "1_2_3_1"], "a stack's name", NOT_A_TAG),
  called(["deploy", "v1.2.3+0"], "build 0", NOT_A_TAG),
  called(["deploy", TAG, "v1.2.3+2"], "two tags", /^error: wrong number of arguments; Usage: deploy TAG\|edge/),
  called(
    ["deploy", TAG, "--event", "x"],
    "a flag misspelt",
    /^error: Unknown option '--event'.*; Usage: deploy TAG\|edge/,
  ),
  called(
    ["deploy", TAG, "--events"],
    "a flag without its value",
    /^error: Option '--events <value>' argument missing; Usage: deploy/,
  ),
  called(
    ["deploy", TAG, "--events", "--json"],
    "a flag in the place of a value",
    /^error: Option '--events' argument is ambiguous.*; Usage: deploy/,
  ),
  called(["discovery", "unlisted", TAG], "an action it has not", /^error: "unlisted" is not an action: write listed$/),
  called(["dns", "lookup"], "no name", /^error: wrong number of arguments; Usage: dns resolved TAG or dns lookup NAME/),
  called(
    ["dns", "resolve", TAG],
    "an action misspelt",
    /^error: "resolve" is not an action: write resolved or lookup$/,
  ),
  called(
    ["dns", "lookup", "api host"],
    "a name with a space",
    /^error: NAME is "api host": wanted a name in the zone, e\.g\. api-v1-2-3-1\./,
  ),
  called(["gateway", "dead", TAG], "an action it has not", /^error: "dead" is not an action: write alive$/),
  called(["gateway", "alive", "v1-2-3-1"], "a cluster's name", NOT_A_TAG),
  called(["guard", "testnet"], "a channel", NOT_A_TAG),
  called(["history", "end", TAG], "an action it has not", /^error: "end" is not an action: write open or close$/),
  called(["history", "close", "1_2_3_1"], "a stack's name", NOT_A_TAG),
  called(
    ["network", "restart", TAG],
    "an action it has not",
    /^error: "restart" is not an action: write up or down or inspect$/,
  ),
  called(["network", "up", "1.2.3"], "no build tag", NOT_A_TAG),
  called(["page", "served"], "no tag", /^error: wrong number of arguments; Usage: page served TAG/),
  called(["page", "serve", TAG], "an action misspelt", /^error: "serve" is not an action: write served$/),
  called(["poet", "waits", "poet-1"], "an action misspelt", /^error: "waits" is not an action: write wait$/),
  called(
    ["poet", "wait", "Poet 1"],
    "no name of a poet",
    /^error: NAME is "Poet 1": wanted the name of a poet, e\.g\. poet-1$/,
  ),
  called(
    ["smoke", TAG, "--limit-layers", "0"],
    "no layers",
    /^error: --limit-layers is "0": wanted a whole number of layers from 1$/,
  ),
  called(
    ["smoke", TAG, "--limit-layers", "1e3"],
    "layers in powers of ten",
    /^error: --limit-layers is "1e3": wanted a whole number/,
  ),
  called(["promote"], "no release", /^error: wrong number of arguments; Usage: promote RELEASE/),
  called(["promote", "v1.2.3", "v1.2.4"], "two releases", /^error: wrong number of arguments; Usage: promote RELEASE/),
  called(["promote", TAG], "a build instead of a release", NOT_A_RELEASE),
  called(["promote", "1.2.3"], "a release without its v", NOT_A_RELEASE),
  called(["promote", "v1.2.3-rc.1"], "a release candidate", NOT_A_RELEASE),
  called(["promote", "v1.2.3\nv1.2.4"], "a release of two lines", NOT_A_RELEASE),
  called(["promote", "v1.2.3", "--channel", "mainnet"], "an unknown channel", NOT_A_CHANNEL),
  called(["promote", "v1.2.3", "--channel", ""], "an empty channel", NOT_A_CHANNEL),
  called(["promote", "v1.2.3", "--against", "1.5"], "no whole generation", GENERATION),
  called(["promote", "v1.2.3", "--against", "", "--preview"], "an empty generation", GENERATION),
  called(
    ["promote", "v1.2.3", "--force"],
    "an unknown flag",
    /^error: Unknown option '--force'.*; Usage: promote RELEASE/,
  ),
  called(
    ["promote", "v1.2.3", "--reason"],
    "a flag without its value",
    /^error: Option '--reason <value>' argument missing; Usage: promote/,
  ),
  called(["promote", "v1.2.3", "--reason", ""], "an empty reason", NOT_A_REASON),
  called(["promote", "v1.2.3", "--reason", "\u001b[2Jx"], "a reason that would clear the screen", NOT_A_REASON),
  called(["promote", "v1.2.3", "--reason", "x".repeat(1001)], "a reason too long to be announced", NOT_A_REASON),
  called(["retire"], "nothing to retire", RETIRE),
  called(["retire", TAG, "--due"], "a tag and all that are due", RETIRE),
  called(
    ["retire", "--due", "--why", "old"],
    "a reason for all",
    /^error: --why is of one network: write retire TAG --why \.\.\.$/,
  ),
  called(["retire", "--due", "--verdict", "slow"], "a verdict for all", /^error: --verdict is of one network: /),
  called(["retire", TAG, "--verdict", "great"], "a verdict that there is not", NOT_A_VERDICT),
  called(["retire", TAG, "--verdict", ""], "an empty verdict", NOT_A_VERDICT),
  called(
    ["retire", TAG, "--why"],
    "a flag without its value",
    /^error: Option '--why <value>' argument missing; Usage: retire/,
  ),
  called(["retire", "v1.2.3"], "a release instead of a build", NOT_A_TAG),
  called(["retire", "testnet"], "a channel", NOT_A_TAG),
  called(["smoke", "latest"], "no build tag", NOT_A_TAG),
  called(["status"], "no tag", /^error: wrong number of arguments; Usage: status TAG \[--json\]/),
  called(["status", ""], "an empty tag", NOT_A_TAG),
];
