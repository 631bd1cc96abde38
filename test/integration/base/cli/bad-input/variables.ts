import { invalid, notAStore, notJson, notSet, otherNetwork, refusal, wrongSetting } from "./refusals";
import { ENDPOINTS, FACTS, given, RECORD, type Refusal, SPEC, TAG, type WrongCall } from "./valid";

const RECORD_FILE = "infra/archive/";
const ENDPOINTS_FILE = "infra/base/model/endpoints.ts";
const BASE_URL = "ending in a slash, e.g. https://discover.net.spacemesh.io/";
const SECONDS = "seconds, 1 to 86400";
const NAME_SERVERS = "as address:port (203.0.113.7:53)";
const notAKubeconfig: Refusal = refusal("KubeconfigInvalid", "kubeconfig");
const collecting = (name: string, value: unknown, what: string, refusal: Refusal): WrongCall =>
  given(`step archive collect ${TAG}`, name, value, what, refusal);
const moving = (value: string | undefined, what: string, refusal: Refusal, name = "NODE_REPOSITORY"): WrongCall =>
  given(`step branch move devnet ${TAG}`, name, value, what, refusal);
const resolving = (name: string, value: unknown, what: string, refusal: Refusal): WrongCall =>
  given(`step dns resolved ${TAG}`, name, value, what, refusal);

/**
 * One wrong variable of the steps archive, branch, discovery, dns and gateway, or the store of an archive's readers.
 */
export const VARIABLES: readonly WrongCall[] = [
  given("archive list", "SMESHNET_ARCHIVE", "s3://key:secret@bucket", "a store URL with credentials", {
    ...wrongSetting(
      "archive",
      "SMESHNET_ARCHIVE",
      '"s3://***@bucket"',
      "file:///absolute/folder",
      "without credentials",
    ),
    hides: ["key", "secret"],
  }),
  given(
    "archive list",
    "SMESHNET_ARCHIVE",
    "s3://bucket?endpoint=host",
    "an S3 endpoint that is no URL",
    wrongSetting("archive", "SMESHNET_ARCHIVE", '"s3://bucket?endpoint=host"', "&endpoint=https://host"),
  ),
  given("archive list", "SMESHNET_ARCHIVE", "s3://bucket", "an S3 store without credentials", {
    ...refusal("StoreCredentialsMissing", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "list, read and write"),
    exitCode: 1,
  }),
  given("step archive probe", "ARCHIVE", "s3://key:secret@bucket", "a store URL with credentials", {
    ...notAStore("s3://***@bucket"),
    hides: ["key", "secret"],
  }),
  given("step archive probe", "ARCHIVE", "s3://bucket", "an S3 store without credentials", {
    ...refusal("StoreCredentialsMissing", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "list, read and write"),
    exitCode: 1,
  }),
  given("step archive probe", "ARCHIVE", "archive", "a relative folder as store", notAStore("archive")),
  given("step archive probe", "ARCHIVE", "", "an empty ARCHIVE", notSet("ARCHIVE")),
  collecting("ARCHIVE", "http://host/archive", "a web server as store", notAStore("http://host/archive")),
  collecting("NETWORK_RECORD", undefined, "an unset NETWORK_RECORD", notSet("NETWORK_RECORD")),
  collecting("NETWORK_RECORD", "{", "a truncated NETWORK_RECORD", notJson("NETWORK_RECORD", RECORD_FILE)),
  collecting(
    "NETWORK_RECORD",
    { ...RECORD, tag: "v1.2.3+2" },
    "the record of another network",
    otherNetwork("NETWORK_RECORD", "v1.2.3+2", "the record of v1.2.3+1"),
  ),
  collecting(
    "NETWORK_RECORD",
    { tag: TAG },
    "a record without documents",
    invalid("NETWORK_RECORD.documents", "an object with a document for each file name", RECORD_FILE),
  ),
  collecting(
    "NETWORK_RECORD",
    { tag: TAG, documents: { "../x": 1 } },
    "a record with a document outside its folder",
    invalid("NETWORK_RECORD.documents.../x", "an object with a document for each file name", RECORD_FILE),
  ),
  collecting(
    "NETWORK_SPEC",
    { ...SPEC, tag: "v1.2.3+2", cluster: "v1-2-3-2" },
    "the spec of another network",
    otherNetwork("NETWORK_SPEC", "v1.2.3+2", "the spec of v1.2.3+1"),
  ),
  collecting("KUBECONFIG_TEXT", "{", "a truncated kubeconfig", notAKubeconfig),
  collecting("DRIVER", "gke", "an unknown driver", invalid("DRIVER", '"gke"', "spacecraft", "kubernetes")),
  moving(undefined, "an unset NODE_REPOSITORY", notSet("NODE_REPOSITORY")),
  moving("", "an empty NODE_REPOSITORY", notSet("NODE_REPOSITORY")),
  moving(
    "--upload-pack=x",
    "a repository that git reads as an option",
    invalid("NODE_REPOSITORY", '"--upload-pack=x"', "the URL of the node repository"),
  ),
  moving("v1.2.3", "a tag as the decided commit", invalid("COMMIT", '"v1.2.3"', "a commit as 40 or 64"), "COMMIT"),
  // Without COMMIT the step keeps the commit that it printed before.
  moving(
    undefined,
    "an earlier output without a commit",
    invalid("PULUMI_COMMAND_STDOUT.commit", "a commit"),
    "COMMIT",
  ),
  moving("https://x:t0ken@127.0.0.1:{port}/a", "a repository URL with a token", {
    ...invalid("NODE_REPOSITORY", '"https://***@127.0.0.1:', "without a token", "credential helper"),
    hides: ["t0ken"],
  }),
  given(
    `step discovery listed ${TAG}`,
    "ENTRY",
    "[]",
    "a list as ENTRY",
    invalid("ENTRY", "[]", "an object", '{"tag", "entry"}'),
  ),
  given(
    `step discovery listed ${TAG}`,
    "ENTRY",
    { tag: TAG, entry: { netName: "v9.9.9+9" } },
    "the entry of another network",
    otherNetwork("ENTRY", "v9.9.9+9", "the entry of v1.2.3+1"),
  ),
  given(
    `step discovery listed ${TAG}`,
    "DISCOVERY_URL",
    "http://discover.net.spacemesh.io",
    "a base URL without a slash at its end",
    invalid("DISCOVERY_URL", '"http://discover.net.spacemesh.io"', BASE_URL),
  ),
  given(
    `step discovery listed ${TAG}`,
    "READY_TIMEOUT",
    "soon",
    "a time limit in words",
    invalid("READY_TIMEOUT", '"soon"', SECONDS),
  ),
  resolving(
    "DNS_SERVERS",
    "ns.spacemesh.io",
    "the name of a name server",
    invalid("DNS_SERVERS", '"ns.spacemesh.io"', NAME_SERVERS),
  ),
  resolving("DNS_ZONE", undefined, "an unset DNS_ZONE", notSet("DNS_ZONE")),
  resolving(
    "ADDRESS",
    "http://127.0.0.1/",
    "a URL as ADDRESS",
    invalid("ADDRESS", '"http://127.0.0.1/"', "an IPv4 address or a host, e.g. 203.0.113.5"),
  ),
  resolving("ENDPOINTS", "null", "null as ENDPOINTS", invalid("ENDPOINTS is null", "an object", ENDPOINTS_FILE)),
  resolving(
    "ENDPOINTS",
    { ...ENDPOINTS, grpc: "api" },
    "a host in the place of a URL",
    invalid("ENDPOINTS.grpc", '"api"', "a URL", ENDPOINTS_FILE),
  ),
  given(`step gateway alive ${TAG}`, "KUBECONFIG_TEXT", "a secret", "any text as kubeconfig", {
    ...notAKubeconfig,
    hides: ["secret"],
  }),
  given(
    `step gateway alive ${TAG}`,
    "NETWORK_FACTS",
    { ...FACTS, tag: "v1.2.3+2" },
    "the facts of another network",
    otherNetwork("NETWORK_FACTS", "v1.2.3+2", "the facts of v1.2.3+1"),
  ),
  given(
    `step gateway alive ${TAG}`,
    "READY_TIMEOUT",
    "0",
    "a time limit of 0",
    invalid("READY_TIMEOUT", '"0"', SECONDS),
  ),
];
