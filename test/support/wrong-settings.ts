import { SETTINGS_OF_AN_OPERATOR } from "./settings";

/** A text, and what the error about it must name. */
type TextCase = readonly [given: string, names: readonly string[]];

const FORM = ["v1.2.3+1"];

/** Texts that are not build tags. */
export const WRONG_TAGS: readonly TextCase[] = [
  ["", FORM],
  ["edge", FORM],
  ["v1.2.3", FORM], // a release
  ["1.2.3+1", FORM],
  ["v1.2.3-1", FORM],
  ["v1.2.3-b1", FORM], // an image's tag
  ["1_2_3_1", FORM], // a stack's name
  ["v1-2-3-1", FORM], // a cluster's name
  ["v1.2.3+0", FORM],
  ["v1.2.3+01", FORM],
  ["v1.02.3+1", FORM],
  ["v1.2.3+-1", FORM],
  ["v1.2.3+1.5", FORM],
  ["v1.2.3+1e3", FORM],
  ["v1.2.3-rc.1+1", FORM],
  ["v1.2.3+1-dirty", FORM],
  ["refs/tags/v1.2.3+1", FORM],
  [" v1.2.3+1", FORM],
  ["v1.2.3+1\nv1.2.3+2", FORM],
  ["\u001b[31mv1.2.3+1", FORM],
  ["v\u0661.2.3+1", FORM], // a digit of another script
  ["v1.2.3+1$(reboot)", FORM],
  ["v1.2.3+99999999999999999999", FORM],
  [`v1.2.3+${"1".repeat(10_000)}`, FORM],
  ["v1000000000000.1000000000000.1000000000000+1", ["v1000000000000-1000000000000-1000000000000-1", "40"]],
];

/** Names of stacks that are not ours. */
export const WRONG_STACKS: readonly string[] = [
  ...[
    "staging",
    "Edge",
    "edges",
    "devnet",
    "v1.2.3",
    "1.2.3.1",
    "1_2_3",
    "1_2_3_0",
    "1_2_3_01",
    "01_2_3_1",
    "1_2_3_1_1",
  ],
  ...["1_2_3_x", "v1_2_3_1", "1-2-3-1", "v1-2-3-1", "1_2_3_1-copy", "1_2_3_99999999999999999999"],
  "1000000000000_1000000000000_1000000000000_1",
];

/** What the error about each setting must name: bounds, examples and formats. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  zone: ["spacemesh.io"],
  subdomain: ["e.g. net"],
  zoneId: ["zone", "Cloudflare"],
  accountId: ["account", "Cloudflare"],
  discoveryHost: ["discover.net.spacemesh.io"],
  tls: ["true or false"],
  acmeDirectory: ["https", "ACME"],
  acmeContact: ["mail address"],
  port: ["1 to 65535"],
  dnsTtl: ["60 to 86400", "or 1"],
  dnsServers: ["address:port", "203.0.113.7:53"],
  nodeRepository: ["https", "ssh", "file:///absolute/folder", "token"],
  channels: ["testnet"],
  driver: ["spacecraft", "kubernetes"],
  kubeContext: ["context", "KUBECONFIG"],
  preset: ["fastnet", "standalone", "testnet"],
  hrp: ["stest"],
  coinbase: ["address"],
  accounts: ["smidge"],
  smeshers: ["number of nodes", "0 for all but the last"],
  nodeConfig: ['{"hare3": {"round-duration": "300ms"}}'],
  resources: ["CPU, memory and disk"],
  storageClass: ["default", "none"],
  exposure: ["nodePort, loadBalancer or none"],
  images: ["digest"],
  gcpProject: ["Google Cloud project"],
  gcpLocation: ["Google Cloud location", "us-east1"],
  gcpZone: ["Google Cloud zone", "us-east1-b"],
  miners: ["2 to 500"],
  bootnodes: ["1 to 100", "fewer than miners"],
  poets: ["1 to 20"],
  genesisDelay: ["minutes", "0 to 1440"],
  layerDuration: ["seconds", "1 to 86400"],
  layersPerEpoch: ["2 to 100000"],
  poetPhaseShift: ["seconds", "less than an epoch"],
  poetCycleGap: ["seconds", "less than an epoch"],
  networkTimeout: ["seconds", "10 to 86400"],
  readyTimeout: ["seconds", "5 to 7200"],
  archiveTimeout: ["seconds", "10 to 86400"],
  networks: ["0 to 1000", "no limit"],
  allowedSigners: ["sam@example.org ssh-ed25519", "OpenPGP", "cert-authority"],
  retireAfter: ["hours", "0 to 8760"],
  smokeLayers: ["layers", "1 to 10000"],
  blogRepository: ["https", "ssh", "file:///absolute/folder", "token"],
  blogFolder: ["_posts", "content/post"],
  blogFormat: ["jekyll or hugo"],
  archive: ["file:///absolute/folder", "s3://bucket", "gs://bucket/prefix", "credentials"],
  versions: ['{"poet": "v0.10.10", ...}'],
};

const expected = (key: string): readonly string[] => EXPECTED[key] ?? [];

/** Every setting that a network needs, with what the error must name when the setting is missing. */
export const LACKING = Object.keys(SETTINGS_OF_AN_OPERATOR).map((key) => [key, expected(key)] as const);

/** A setting with values that are wrong, as YAML or JSON gives them. */
const each = (key: string, ...values: unknown[]) => values.map((value) => [key, value, expected(key)] as const);

/** Valid versions with some of them changed. */
const versions = (changes: Record<string, unknown>) => ({
  ...(SETTINGS_OF_AN_OPERATOR.versions as Record<string, unknown>),
  ...changes,
});

/** Values that are not numbers, not whole, too low or too high; also text that JavaScript would take for a number. */
const numbers = (key: string, below: number, above: number) =>
  each(key, "", "many", true, 7.5, "0x10", "1e2", " 7", below, above, `${above}`);

type Case = readonly [key: string, value: unknown, names: readonly string[]];

const ADDRESS = "stest1qqqqqqrs60l66w5uksxzmaznwq6xnhqfv56c28qlkm4a5";
const RESOURCES = { cpu: "1", memory: "1Gi", disk: "1Gi" };

/** One wrong setting each, and what the error must name. */
export const WRONG_SETTINGS: readonly Case[] = [
  ...each("zone", "", "spacemesh", "Spacemesh.io", "spacemesh.io.", "https://spacemesh.io", "-.io", "a b.io", 7, [
    "a.io",
  ]),
  ...each("subdomain", "", "net.test", "Net", "-net", "net_1", "n".repeat(64)),
  ...each("zoneId", "", " ", "two words", "-x"),
  ...each("accountId", "", "a\nb", "--flag", { id: "a" }),
  ...each("discoveryHost", "", "discover", "https://discover.net.spacemesh.io/", "discover.net.spacemesh.io:443", 7),
  ["discoveryHost", "list.example.org", ["a host in spacemesh.io"]],
  ["discoveryHost", "discover.net.notspacemesh.io", ["a host in spacemesh.io"]],
  ...each("tls", "", "yes", "True", "1", 1, null),
  ...numbers("port", 0, 65536),
  ...each("port", "443/tcp", ":443", -1, "80,443", [443]),
  ...each("dnsTtl", "", 0, 2, 59, 86401, "1m", 60.5),
  ...each(
    "nodeRepository",
    "",
    "go-spacemesh",
    "../go-spacemesh",
    "file://relative",
    "github.com/spacemeshos/go-spacemesh",
  ),
  ...each("nodeRepository", "--upload-pack=reboot", "ext::sh -c reboot", "file:///", "https://", 7),
  ...each(
    "nodeRepository",
    "https://t0ken@github.com/a/b.git",
    "https://x:t0ken@github.com/a/b.git",
    "ssh://x:t0ken@host/a",
  ),
  ...each("acmeDirectory", "", "http://acme.example/dir", "https://user:pass@acme.example/dir", "https://acme", 7),
  ...each("acmeContact", "sam", "mailto:sam@example.org", "sam@", "a@b.c,d@e.f", 7),
  ...each("driver", "", "gke", "Spacecraft", 7),
  ...each("kubeContext", "two words"),
  ...each("preset", "", "mainnet", "Fastnet"),
  ...each("hrp", "", "1st", "STEST"),
  ...each("coinbase", "0x1234", "stest1", 7),
  ...each("accounts", { me: "1" }, { [ADDRESS]: "1.5" }, { [ADDRESS]: "-1" }, { [ADDRESS]: 1e30 }, []),
  ...numbers("smeshers", -1, 500),
  ...each("nodeConfig", [], "hare3", { hare3: 1 }),
  ...each(
    "resources",
    "",
    { node: RESOURCES, poet: { ...RESOURCES, gpu: "1" } },
    { node: RESOURCES, poet: { ...RESOURCES, cpu: "lots" } },
  ),
  ...each("storageClass", "", "Fast", "-"),
  ...each("exposure", "", "ingress", "NodePort"),
  ...each("images", { node: "Image:1" }, []),
  ...each("gcpProject", "", "my project", "--project"),
  ...each("gcpLocation", "", "us east1", "--zone=a"),
  ...each("gcpZone", "", "us-east1-b ", []),
  ...numbers("miners", 1, 501),
  ...numbers("bootnodes", 0, 101),
  ["bootnodes", 10, ["fewer than the 10 miners"]],
  ["bootnodes", 11, ["fewer than the 10 miners"]],
  ...numbers("poets", 0, 21),
  ...numbers("genesisDelay", -1, 1441),
  ...numbers("layerDuration", 0, 86401),
  ...numbers("layersPerEpoch", 1, 100001),
  ...numbers("poetPhaseShift", -1, 31536001),
  ...numbers("poetCycleGap", 0, 31536001),
  ["poetPhaseShift", 86400, ["less than an epoch, 86400 s"]],
  ["poetCycleGap", 86401, ["less than an epoch, 86400 s"]],
  ...numbers("networkTimeout", 9, 86401),
  ...numbers("readyTimeout", 4, 7201),
  ...numbers("archiveTimeout", 9, 86401),
  ...numbers("networks", -1, 1001),
  ...each("allowedSigners", "sam@example.org", "signers.txt", "sam@example.org cert-authority ssh-ed25519 AAAA", 7),
  ...numbers("retireAfter", -1, 8761),
  ...each("retireAfter", "24h", "1d", null),
  ...numbers("smokeLayers", 0, 10001),
  ...each("blogRepository", "blog", "../blog", "--upload-pack=reboot", "https://t0ken@github.com/a/b.git", 7),
  ...each("blogFolder", "", "/posts", "../posts", "posts/..", ".git/hooks", "posts/", "-posts", "a b"),
  ...each("blogFormat", "", "Jekyll", "html", 7),
  ...each("archive", "", "archive", "./archive", "/archive", "file://archive", "file:archive", "http://host/archive"),
  ...each("archive", "file:///", "file:///a%2Fb", "s3://", "s3://Bucket", "s3://a_bucket", "s3:bucket", 7),
  ...each("archive", "s3://key:secret@bucket", "s3://bucket?access_key=k", "s3://bucket?region=a&region=b"),
  ...each(
    "archive",
    "s3://bucket?endpoint=host:9000",
    "s3://bucket?endpoint=http://key:secret@host",
    "s3://bucket/../a",
  ),
  ...each("archive", "s3://bucket//a", "s3://bucket/a b", "gs://", "gs://bucket?region=us-east1", "gs://me@bucket"),
  ...each("versions", "", "v0.10.10", "{", ["v0.10.10"], 7),
  ...["latest", "", "0.10", "v0.10.10 ", "v0.10.10:latest", "v0.10.10/../evil", "v0.10.10+1", 0.1, null].map(
    (poet): Case => ["versions", versions({ poet }), ["smeshnet:versions.poet", "without a build", "v0.10.10"]],
  ),
  ...["newest", "v1", "^0.2.1", 2, ["v0.2.1"]].map(
    (smapp): Case => ["versions", versions({ smapp }), ["smeshnet:versions.smapp", "v0.10.10"]],
  ),
  ...["latest", "v0.10.10+1", 7].map(
    (poet): Case => ["versionsToday", JSON.stringify({ poet }), ["smeshnet:versionsToday", "v2.1.0"]],
  ),
  [
    "versionsToday",
    JSON.stringify({ monitoring: "v0.1.0" }),
    ["smeshnet:versionsToday.monitoring", "poet, smapp, tap"],
  ],
  ["images", JSON.stringify({ smapp: "smapp:v1" }), ["smeshnet:images.smapp", "node, poet, explorerBackend"]],
  ["versions", versions({ tap: undefined }), ["smeshnet:versions.tap", "v0.10.10"]],
  ["versions", versions({ node: "v1.2.3" }), ["smeshnet:versions.node", "poet, smapp, "]],
  ["versions", versions({ wallet: "v1.2.3" }), ["smeshnet:versions.wallet", "poet, smapp, "]],
  ...[
    "ns.spacemesh.io",
    "1.1.1.1:0",
    "1.1.1.1:65536",
    "1.1.1.256",
    "1.1.1.1;8.8.8.8",
    "::1",
    "[::x]:53",
    " 1.1.1.1",
  ].map((server): Case => ["dnsServers", server, expected("dnsServers")]),
  ...each("dnsServers", 53, [53]),
  ...each("channels", "Testnet", "testnet, devnet", "test_net", "testnet;devnet", [7], [["testnet"]], {
    testnet: true,
  }),
  ["channels", "testnet,testnet", ["different channels", "edge", "net"]],
  ["channels", ["edge"], ["different channels", "edge", "net"]],
  ["channels", ["net"], ["different channels", "edge", "net"]],
];
