import { refusal, wrongSetting } from "./refusals";
import { called, given, type Refusal, TAG, VALID, type WrongCall } from "./valid";

/** A step reads from a wrong repository. The world is at fault. */
function moved(path: string, build: number, what: string, refusal: Refusal): WrongCall {
  const env = { ...VALID, NODE_REPOSITORY: path, COMMIT: undefined, PULUMI_COMMAND_STDOUT: undefined };
  return {
    args: ["step", "branch", "move", "devnet", `v1.2.3+${build}`],
    env,
    what,
    ...refusal,
    exitCode: 1,
    git: true,
  };
}

/** A deployment reads from a wrong repository. */
function deployed(path: string, build: number, what: string, refusal: Refusal): WrongCall {
  const env = { ...VALID, SMESHNET_NODE_REPOSITORY: path };
  return { args: ["deploy", `v1.2.3+${build}`], env, what, ...refusal, exitCode: 1, git: true };
}

/** A command runs in a folder whose Pulumi.yaml is wrong. */
const inFolder = (project: string, what: string, refusal: Refusal): WrongCall => ({
  ...called(`status ${TAG}`, what, refusal),
  project,
});

/** The step of a deployment whose first step decided on another commit. */
const movedOn = (build: number, what: string, refusal: Refusal): WrongCall => {
  const call = moved("file://{folder}/kept/node.git", build, what, refusal);
  return { ...call, env: { ...call.env, COMMIT: VALID.COMMIT } };
};

const noTag = (build: number): Refusal =>
  refusal("TagMissing", "file://", `no tag v1.2.3+${build}`, `\`git push origin v1.2.3+${build}\``);
const unreadable = (repository: string): Refusal => refusal("GitFailed", repository, "cannot be read", "(", "URL");

/** One wrong setting of the project, or a wrong Pulumi.yaml. */
export const SETTINGS: readonly WrongCall[] = [
  given(
    `status ${TAG}`,
    "SMESHNET_PORT",
    "https",
    "a port in words",
    wrongSetting("port", "SMESHNET_PORT", '"https"', "the TCP port", "1 to 65535"),
  ),
  given(
    `status ${TAG}`,
    "SMESHNET_DNS_SERVERS",
    "localhost",
    "the name of a name server",
    wrongSetting("dnsServers", "SMESHNET_DNS_SERVERS", '"localhost"', "name servers", "as address:port"),
  ),
  given(
    "step dns lookup api.net.spacemesh.io",
    "SMESHNET_ZONE",
    "spacemesh",
    "a zone without a dot",
    wrongSetting("zone", "SMESHNET_ZONE", '"spacemesh"', "the DNS zone, e.g. spacemesh.io"),
  ),
  given(
    `deploy ${TAG}`,
    "SMESHNET_ZONE_ID",
    undefined,
    "an unset zone id",
    wrongSetting("zoneId", "SMESHNET_ZONE_ID", "the id of the zone at Cloudflare"),
  ),
  given(
    `deploy ${TAG}`,
    "SMESHNET_VERSIONS",
    "{}}",
    "versions that are not JSON",
    wrongSetting("versions", "SMESHNET_VERSIONS", '"{}}"', "the version of each component", '{"poet"'),
  ),
  given("promote v1.2.3", "SMESHNET_CHANNELS", "testnet,stage", "no channel where there are two", {
    code: "ChannelAmbiguous",
    names: ["testnet, stage", "`--channel NAME`"],
  }),
  given("demote --reason stalls", "SMESHNET_CHANNELS", "[]", "an empty list of channels", {
    code: "ChannelMissing",
    names: ["`smeshnet:channels`", "Pulumi.yaml"],
  }),
  given(
    "promote v1.2.3",
    "SMESHNET_CHANNELS",
    "edge",
    "a channel with the name of another stack",
    wrongSetting("channels", "SMESHNET_CHANNELS", "none named edge or net"),
  ),
  given(
    "retire --due",
    "SMESHNET_RETIRE_AFTER",
    "24h",
    "hours with a unit",
    wrongSetting("retireAfter", "SMESHNET_RETIRE_AFTER", '"24h"', "the hours that the previous network stays"),
  ),
  given(
    "promote v1.2.3",
    "SMESHNET_RETIRE_AFTER",
    "-1",
    "negative hours",
    wrongSetting("retireAfter", "SMESHNET_RETIRE_AFTER", '"-1"', "the hours", "0 to 8760"),
  ),
  given("deploy edge", "SMESHNET_ARCHIVE", "s3://key:secret@bucket", "a store URL with credentials", {
    ...wrongSetting(
      "archive",
      "SMESHNET_ARCHIVE",
      '"s3://***@bucket"',
      "the URL of the archive store",
      "file:///absolute/folder",
    ),
    hides: ["key", "secret"],
  }),
  inFolder("no-project", "a folder without Pulumi.yaml", {
    code: "ProjectUnreadable",
    names: ["Pulumi.yaml", "/no-project", "ENOENT"],
  }),
  inFolder("broken-project", "a Pulumi.yaml that is not YAML", refusal("ProjectInvalid", "Pulumi.yaml", "YAML", "(")),
  inFolder(
    "text-project",
    "a Pulumi.yaml of one word",
    refusal("ProjectInvalid", "Pulumi.yaml", "`config:`", "`smeshnet:KEY: VALUE`"),
  ),
  inFolder("list-project", "settings as a list", refusal("ProjectInvalid", "Pulumi.yaml", "`config:`")),
  inFolder(
    "port-project",
    "a port above 65535 in Pulumi.yaml",
    wrongSetting("port", "SMESHNET_PORT", "99999", "the TCP port"),
  ),
];

/** The node repository is wrong. */
export const REPOSITORIES: readonly WrongCall[] = [
  moved("file://{folder}/kept/node.git", 9, "a repository without the tag", noTag(9)),
  moved("file://{folder}/kept/node.git", 2, "a branch with the name of the tag", noTag(2)),
  moved("file://{folder}/kept/node.git", 3, "a tag in a folder of tags", noTag(3)),
  moved(
    "file://{folder}/kept/node.git",
    4,
    "a tag of a tree",
    refusal("TagNotCommit", "v1.2.3+4", "kept/node.git", "tree", "commit"),
  ),
  movedOn(1, "a tag that points elsewhere by now", refusal("TagMoved", "v1.2.3+1", `${VALID.COMMIT}`, "kept/node.git")),
  movedOn(9, "a tag that was deleted", refusal("TagDeleted", "v1.2.3+9", `${VALID.COMMIT}`, "kept/node.git")),
  moved("file://{folder}/kept/empty.git", 1, "a repository without a commit", noTag(1)),
  moved("file://{folder}/kept/plain", 1, "a folder that is no repository", unreadable("/kept/plain")),
  moved("{folder}/kept/file", 1, "a file as repository", unreadable("/kept/file")),
  moved("file:///nowhere", 1, "a repository folder that does not exist", unreadable("file:///nowhere")),
  moved(
    "http://127.0.0.1:1/a.git",
    1,
    "a repository server that does not exist",
    unreadable("http://127.0.0.1:1/a.git"),
  ),
  { ...deployed("file://{folder}/kept/node.git", 9, "a repository without the tag", noTag(9)), reads: true },
  {
    ...deployed("file://{folder}/kept/plain", 1, "a folder that is no repository", unreadable("/kept/plain")),
    reads: true,
  },
];
