import { ENDPOINTS, FACTS, given, RECORD, SPEC, TAG, type WrongCall } from "./valid";

const NOT_SET = (name: string) => new RegExp(`^error: ${name} is not set: --help tells what to set it to$`);
const SPEC_FIX = ": give it the network's spec \\(infra/network-spec\\.ts\\) as JSON$";
const FACTS_FIX = ": give it the network's facts \\(infra/network-facts\\.ts\\) as JSON$";
const NAMES_FIX = ": give it the network's public names \\(infra/endpoints\\.ts\\) as JSON$";
const PHASES_FIX = `: give it a poet's phases in seconds, \\{"phaseShift": s, "cycleGap": s\\}, as JSON$`;
const STORE =
  /^error: ".*" is not a store: write file:\/\/\/absolute\/folder, s3:\/\/.* or gs:\/\/bucket\/prefix, with no credentials in it$/;
const CREDENTIALS =
  /^error: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: give .* that may list, read and write there$/;
const WAIT = /^error: READY_TIMEOUT is ".*": wanted the longest wait in seconds, 1 to 86400$/;
const BASE =
  /^error: DISCOVERY_URL is ".*": wanted the base of the edge with a slash at its end, e\.g\. https:\/\/\S+\/$/;
const SERVERS = /^error: DNS_SERVERS is ".*": wanted name servers .* as address:port \(203\.0\.113\.7:53\)/;
const line = (start: string, end: string) => new RegExp(`^error: ${start}${end}`);

/** The command line is right, but one variable is wrong. */
export const VARIABLES: readonly WrongCall[] = [
  given("archive list", "ARCHIVE", "s3://key:secret@bucket", "with credentials", STORE),
  given("archive list", "ARCHIVE", "s3://bucket?endpoint=host", "at an endpoint that is no URL", STORE),
  {
    ...given("archive list", "ARCHIVE", "s3://bucket", "without credentials", CREDENTIALS),
    exitCode: 1,
  },
  given("archive probe", "ARCHIVE", "archive", "as a relative folder", STORE),
  given("archive probe", "ARCHIVE", "", "empty", STORE),
  given(`archive collect ${TAG}`, "ARCHIVE", "http://host/archive", "at a web server", STORE),
  given(`archive collect ${TAG}`, "NETWORK_RECORD", undefined, "not set", NOT_SET("NETWORK_RECORD")),
  given(
    `archive collect ${TAG}`,
    "NETWORK_RECORD",
    "{",
    "cut off",
    /^error: NETWORK_RECORD is not JSON: give it the network's record \(/,
  ),
  given(
    `archive collect ${TAG}`,
    "NETWORK_RECORD",
    { ...RECORD, tag: "v1.2.3+2" },
    "of another tag",
    /^error: NETWORK_RECORD is that of "v1\.2\.3\+2", not of v1\.2\.3\+1: give it that of v1\.2\.3\+1$/,
  ),
  given(
    `archive collect ${TAG}`,
    "NETWORK_RECORD",
    { tag: TAG },
    "without documents",
    /^error: NETWORK_RECORD\.documents is not set, wanted an object .*: give it the network's record \(/,
  ),
  given(
    `archive collect ${TAG}`,
    "NETWORK_RECORD",
    { tag: TAG, documents: { "../x": 1 } },
    "with a document outside",
    /^error: NETWORK_RECORD\.documents\.\.\.\/x is .*, wanted an object with a document for each file name: give it the network's record \(/,
  ),
  given(
    `archive collect ${TAG}`,
    "NETWORK_SPEC",
    { ...SPEC, tag: "v1.2.3+2", cluster: "v1-2-3-2" },
    "of another tag",
    /^error: NETWORK_SPEC is that of "v1\.2\.3\+2", not of v1\.2\.3\+1: give it that of/,
  ),
  given(
    `archive collect ${TAG}`,
    "KUBECONFIG_TEXT",
    "{",
    "cut off",
    /^error: what should be a kubeconfig is none.*: give the text of one, as kubectl takes it$/,
  ),
  given(`branch move devnet ${TAG}`, "NODE_REPOSITORY", undefined, "not set", NOT_SET("NODE_REPOSITORY")),
  given(`branch move devnet ${TAG}`, "NODE_REPOSITORY", "", "empty", NOT_SET("NODE_REPOSITORY")),
  given(
    `branch move devnet ${TAG}`,
    "NODE_REPOSITORY",
    "--upload-pack=x",
    "that git takes for an option",
    /^error: NODE_REPOSITORY is "--upload-pack=x": wanted the URL of the node repository \(/,
  ),
  given(
    `branch move devnet ${TAG}`,
    "NODE_REPOSITORY",
    "https://x:t0ken@127.0.0.1:{port}/a",
    "with a token",
    /^error: NODE_REPOSITORY is "https:\/\/\*\*\*@127.*": wanted the URL .* with no token in it: git's credential helpers/,
  ),
  given(
    `discovery listed ${TAG}`,
    "ENTRY",
    "[]",
    "as a list",
    /^error: ENTRY is \[\], wanted an object: give it the network's entry, \{"tag", "entry"\}, as JSON$/,
  ),
  given(
    `discovery listed ${TAG}`,
    "ENTRY",
    { tag: TAG, entry: { netName: "v9.9.9+9" } },
    "of another tag",
    /^error: ENTRY is that of "v9\.9\.9\+9", not of v1\.2\.3\+1: give it that of v1\.2\.3\+1$/,
  ),
  given(
    `discovery listed ${TAG}`,
    "DISCOVERY_URL",
    "http://discover.net.spacemesh.io",
    "without a slash at its end",
    BASE,
  ),
  given(`discovery listed ${TAG}`, "READY_TIMEOUT", "soon", "in words", WAIT),
  given(`dns resolved ${TAG}`, "DNS_SERVERS", "ns.spacemesh.io", "as a name", SERVERS),
  given(`dns resolved ${TAG}`, "DNS_ZONE", undefined, "not set", NOT_SET("DNS_ZONE")),
  given(
    `dns resolved ${TAG}`,
    "ADDRESS",
    "http://127.0.0.1/",
    "as a URL",
    /^error: ADDRESS is "http:.*": wanted an IPv4 address or a host, e\.g\. 203\.0\.113\.5$/,
  ),
  given(`dns resolved ${TAG}`, "ENDPOINTS", "null", "null", line("ENDPOINTS is null, wanted an object", NAMES_FIX)),
  given(
    `dns resolved ${TAG}`,
    "ENDPOINTS",
    { ...ENDPOINTS, grpc: "api" },
    "with a host for a URL",
    line('ENDPOINTS\\.grpc is "api", wanted a URL', NAMES_FIX),
  ),
  given(
    `gateway alive ${TAG}`,
    "KUBECONFIG_TEXT",
    "a secret",
    "as any text",
    /^error: what should be a kubeconfig is none(?!.*secret).*: give the text of one, as kubectl takes it$/,
  ),
  given(
    `gateway alive ${TAG}`,
    "NETWORK_FACTS",
    { ...FACTS, tag: "v1.2.3+2" },
    "of another tag",
    /^error: NETWORK_FACTS is that of "v1\.2\.3\+2", not of v1\.2\.3\+1: give it/,
  ),
  given(`gateway alive ${TAG}`, "READY_TIMEOUT", "0", "of no time", WAIT),
  given(`guard ${TAG}`, "CHANNELS", undefined, "not set", NOT_SET("CHANNELS")),
  given(
    `guard ${TAG}`,
    "CHANNELS",
    "test net",
    "with a space",
    /^error: CHANNELS is "test net": wanted the channels .* e\.g\. testnet$/,
  ),
  given(`guard ${TAG}`, "ARCHIVE", "./archive", "as a relative folder", STORE),
  given(`network up ${TAG}`, "NETWORK_SPEC", undefined, "not set", NOT_SET("NETWORK_SPEC")),
  given(`network up ${TAG}`, "NETWORK_SPEC", "miners=10", "as no JSON", line("NETWORK_SPEC is not JSON", SPEC_FIX)),
  given(
    `network up ${TAG}`,
    "NETWORK_SPEC",
    [SPEC],
    "as a list",
    line("NETWORK_SPEC is \\[.*\\.\\.\\., wanted an object", SPEC_FIX),
  ),
  given(
    `network up ${TAG}`,
    "NETWORK_SPEC",
    { ...SPEC, miners: "10" },
    "with text for a number",
    line('NETWORK_SPEC\\.miners is "10", wanted a whole number from 1', SPEC_FIX),
  ),
  given(
    `network up ${TAG}`,
    "NETWORK_SPEC",
    { ...SPEC, gcp: { project: "p" } },
    "without a place",
    line("NETWORK_SPEC\\.gcp\\.location is not set, wanted text", SPEC_FIX),
  ),
  given(
    `network down ${TAG}`,
    "NETWORK_SPEC",
    { ...SPEC, cluster: "v1-2-3-2" },
    "with another tag's cluster",
    line('NETWORK_SPEC\\.cluster is "v1-2-3-2", wanted the tag\'s own cluster.*', SPEC_FIX),
  ),
  given(
    "network down v1.2.3+2",
    "NETWORK_SPEC",
    SPEC,
    "of another tag",
    /^error: NETWORK_SPEC is that of "v1\.2\.3\+1", not of v1\.2\.3\+2: give it that of v1\.2\.3\+2$/,
  ),
  given(`network inspect ${TAG}`, "ARCHIVE", undefined, "not set", NOT_SET("ARCHIVE")),
  given(
    `page served ${TAG}`,
    "PAGE_SHA256",
    "abc",
    "too short",
    /^error: PAGE_SHA256 is "abc": wanted a SHA-256 as 64 hexadecimal digits$/,
  ),
  given(
    `page served ${TAG}`,
    "PAGE_URL",
    "1_2_3_1.net.spacemesh.io",
    "without a scheme",
    /^error: PAGE_URL is ".*": wanted the URL of the page, e\.g\. http:\/\/1_2_3_1\.net\./,
  ),
  given(`page served ${TAG}`, "DISCOVERY_URL", "ftp://discover/", "of another scheme", BASE),
  given(
    "poet wait poet-1",
    "POET_ADDRESS",
    "127.0.0.1",
    "without a port",
    /^error: POET_ADDRESS is "127\.0\.0\.1": wanted HOST:PORT, e\.g\. 203\.0\.113\.1:5000$/,
  ),
  given(
    "poet wait poet-1",
    "POET_ADDRESS",
    "127.0.0.1:70000",
    "with no port there is",
    /^error: POET_ADDRESS is "127\.0\.0\.1:70000": wanted HOST:PORT/,
  ),
  given(
    "poet wait poet-1",
    "POET_PHASES",
    { phaseShift: 4 },
    "without the pause",
    line("POET_PHASES\\.cycleGap is not set, wanted a whole number from 0", PHASES_FIX),
  ),
  given("poet wait poet-1", "READY_TIMEOUT", "-1", "below nothing", WAIT),
  given(
    `smoke ${TAG}`,
    "NETWORK_FACTS",
    { ...FACTS, nodes: [{ name: "miner-1", grpc: "a" }] },
    "with a node nowhere",
    line('NETWORK_FACTS\\.nodes\\.0\\.grpc is "a", wanted HOST:PORT', FACTS_FIX),
  ),
  given(
    `smoke ${TAG}`,
    "NETWORK_FACTS",
    { ...FACTS, genesisTime: "now" },
    "with no time of genesis",
    line('NETWORK_FACTS\\.genesisTime is "now", wanted a time, .*', FACTS_FIX),
  ),
  given(
    "smoke v1.2.3+2",
    "NETWORK_FACTS",
    FACTS,
    "of another tag",
    /^error: NETWORK_FACTS is that of "v1\.2\.3\+1", not of v1\.2\.3\+2: give it that of v1\.2\.3\+2$/,
  ),
  given(`smoke ${TAG}`, "MANIFEST", undefined, "not set", NOT_SET("MANIFEST")),
  given(
    `smoke ${TAG}`,
    "MANIFEST",
    { node: "v1.2.3+1" },
    "with a version for a component",
    /^error: MANIFEST\.node is "v1\.2\.3\+1", wanted an object: give it the network's versions \(/,
  ),
  given(`smoke ${TAG}`, "POET_PHASES", '"4s"', "as text", line('POET_PHASES is "4s", wanted an object', PHASES_FIX)),
];
