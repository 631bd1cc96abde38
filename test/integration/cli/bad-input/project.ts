import { called, given, TAG, VALID, type WrongCall } from "./valid";

/** A repository that is wrong. */
function repository(path: string, number: number, what: string, fix: RegExp): WrongCall {
  const env = { ...VALID, NODE_REPOSITORY: path };
  return { args: ["branch", "move", "devnet", `v1.2.3+${number}`], env, what, fix, exitCode: 1, git: true };
}

/** The same before a deployment. */
function deployed(path: string, number: number, what: string, fix: RegExp): WrongCall {
  const env = { ...VALID, SMESHNET_NODE_REPOSITORY: path };
  return { args: ["deploy", `v1.2.3+${number}`], env, what, fix, exitCode: 1, git: true };
}

const NO_TAG = (number: number) =>
  new RegExp(
    `^error: file://\\S+ has no tag v1\\.2\\.3\\+${number}: push it with git push origin v1\\.2\\.3\\+${number}$`,
  );
const UNREADABLE = /^error: \S+ cannot be read \(.+\): look at its URL and at your rights, and run this again$/;

/** One setting of the project is wrong, or its file. */
export const SETTINGS: readonly WrongCall[] = [
  given(
    `status ${TAG}`,
    "SMESHNET_PORT",
    "https",
    "in words",
    /^error: smeshnet:port is "https": wanted the TCP port .* 1 to 65535 \(set it in Pulumi\.yaml, or SMESHNET_PORT\)$/,
  ),
  given(
    `status ${TAG}`,
    "SMESHNET_DNS_SERVERS",
    "localhost",
    "as a name",
    /^error: smeshnet:dnsServers is "localhost": wanted name servers .* as address:port/,
  ),
  given(
    "dns lookup api.net.spacemesh.io",
    "SMESHNET_ZONE",
    "",
    "empty",
    /^error: smeshnet:zone is "": wanted the DNS zone, e\.g\. spacemesh\.io \(set it/,
  ),
  given(
    `deploy ${TAG}`,
    "SMESHNET_ZONE_ID",
    undefined,
    "not set",
    /^error: smeshnet:zoneId is not set: wanted the id of the zone at Cloudflare .* \(set it in Pulumi\.yaml, or SMESHNET_ZONE_ID\)$/,
  ),
  given(
    `deploy ${TAG}`,
    "SMESHNET_VERSIONS",
    "{}}",
    "as no JSON",
    /^error: smeshnet:versions is "\{\}\}": wanted the version of each component, e\.g\. \{"poet"/,
  ),
  given(
    "promote v1.2.3",
    "SMESHNET_CHANNELS",
    "testnet,stage",
    "of which none is named",
    /^error: name the channel with --channel: there are testnet, stage$/,
  ),
  given(
    "demote --reason stalls",
    "SMESHNET_CHANNELS",
    "",
    "empty",
    /^error: name the channel with --channel: there is none: set smeshnet:channels$/,
  ),
  given(
    "promote v1.2.3",
    "SMESHNET_CHANNELS",
    "edge",
    "that is another stack",
    /^error: smeshnet:channels is .*: wanted each channel once, and none named edge or net \(set it/,
  ),
  given(
    "retire --due",
    "SMESHNET_RETIRE_AFTER",
    "24h",
    "with a unit",
    /^error: smeshnet:retireAfter is "24h": wanted hours that the previous network stays .* \(set it in Pulumi\.yaml, or SMESHNET_RETIRE_AFTER\)$/,
  ),
  given(
    "promote v1.2.3",
    "SMESHNET_RETIRE_AFTER",
    "-1",
    "below nothing",
    /^error: smeshnet:retireAfter is "-1": wanted hours .* 0 to 8760 \(set it/,
  ),
  given(
    "deploy edge",
    "SMESHNET_ARCHIVE",
    "s3://key:secret@bucket",
    "with credentials",
    /^error: smeshnet:archive is "s3:\/\/\*\*\*@bucket": wanted the URL of the archive store, file:\/\/\/absolute\/folder/,
  ),
  ...(
    [
      [
        "no-project",
        "that is not there",
        /^error: Pulumi\.yaml cannot be read in \S+ \(ENOENT\): run this in the project's folder$/,
      ],
      ["broken-project", "that is no YAML", /^error: Pulumi\.yaml is not YAML: mend it \(.*\)$/],
      [
        "text-project",
        "that is one word",
        /^error: Pulumi\.yaml holds no settings: write them below config:, as smeshnet:key: value$/,
      ],
      ["list-project", "with settings as a list", /^error: Pulumi\.yaml holds no settings: write them below config:/],
      [
        "port-project",
        "with a port there is not",
        /^error: smeshnet:port is 99999: wanted the TCP port .* \(set it in Pulumi\.yaml, or SMESHNET_PORT\)$/,
      ],
    ] as const
  ).map(([cwd, what, fix]) => ({ ...called(["status", TAG], `Pulumi.yaml ${what}`, fix), cwd })),
];

/** The world is at fault: the node repository. */
export const REPOSITORIES: readonly WrongCall[] = [
  repository("file://{folder}/kept/node.git", 9, "a repository without the tag", NO_TAG(9)),
  repository("file://{folder}/kept/node.git", 2, "a branch by the tag's name", NO_TAG(2)),
  repository("file://{folder}/kept/node.git", 3, "a tag in a folder", NO_TAG(3)),
  repository(
    "file://{folder}/kept/node.git",
    4,
    "a tag of no commit",
    /^error: v1\.2\.3\+4 of file:\S+ names a tree: name a commit so instead$/,
  ),
  repository("file://{folder}/kept/empty.git", 1, "a repository without a commit", NO_TAG(1)),
  repository("file://{folder}/kept/plain", 1, "a folder that is no repository", UNREADABLE),
  repository("{folder}/kept/file", 1, "a file", UNREADABLE),
  repository("file:///nowhere", 1, "a folder that is not there", UNREADABLE),
  repository("http://127.0.0.1:1/a.git", 1, "a server that is not there", UNREADABLE),
  deployed("file://{folder}/kept/node.git", 9, "a repository without the tag", NO_TAG(9)),
  deployed("file://{folder}/kept/plain", 1, "a folder that is no repository", UNREADABLE),
];
