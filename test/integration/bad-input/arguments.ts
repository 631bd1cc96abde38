import { called, NOT_A_TAG, TAG, type WrongCall } from "./valid";

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
  called(["smoke", "latest"], "no build tag", NOT_A_TAG),
  called(["status"], "no tag", /^error: wrong number of arguments; Usage: status TAG \[--json\]/),
  called(["status", ""], "an empty tag", NOT_A_TAG),
];
