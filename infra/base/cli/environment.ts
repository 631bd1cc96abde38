import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS } from "../model/cloudflare-token";
import type { Variable } from "./command";

/** The environment variables of commands, each described once. */

const PULUMI: readonly Variable[] = [
  { name: "PULUMI_BACKEND_URL", help: "Where Pulumi keeps its state; without it Pulumi's own login counts." },
  { name: "PULUMI_CONFIG_PASSPHRASE", help: "Encrypts secrets in the state (secret)." },
  { name: "PULUMI_CONFIG_PASSPHRASE_FILE", help: "File that holds the passphrase instead." },
];

const CLOUDFLARE: Variable = {
  name: CLOUDFLARE_TOKEN,
  help: "Token for what has none of its own at Cloudflare (secret).",
};

/** Of commands that read or write the zone. */
export const ZONE: readonly Variable[] = [
  CLOUDFLARE,
  { name: CLOUDFLARE_TOKENS.dns, help: "Token that may edit the zone's DNS records (secret)." },
];

const KV: Variable = { name: CLOUDFLARE_TOKENS.kv, help: "Token that may edit Workers KV (secret)." };

/** Of commands that read or write keys of the edge. */
export const EDGE_KEYS: readonly Variable[] = [CLOUDFLARE, KV];

/** Of commands that read or write the edge itself. */
export const EDGE: readonly Variable[] = [
  { name: CLOUDFLARE_TOKENS.workers, help: "Token that may edit Workers, for the edge alone (secret)." },
];

/** Of the store of archives and promotions, by the kind of its URL. */
export const STORE: readonly Variable[] = [
  { name: "SMESHNET_RECORD_KEY", help: "Seals and proves the records; older keys follow after commas (secret)." },
  { name: "AWS_ACCESS_KEY_ID", help: "For a store at s3://: the key that may list, read and write there (secret)." },
  { name: "AWS_SECRET_ACCESS_KEY", help: "For a store at s3:// (secret)." },
  { name: "AWS_SESSION_TOKEN", help: "For a store at s3://, with temporary credentials (secret)." },
  { name: "AWS_CREDENTIAL_EXPIRATION", help: "When temporary credentials expire, in RFC 3339." },
  { name: "GOOGLE_APPLICATION_CREDENTIALS", help: "For a store at gs://: path of a service account's key file." },
];

/** Of commands that only read the store. */
export const STORE_TO_READ: readonly Variable[] = [
  ...STORE,
  { name: "ARCHIVE_READER_AWS_ACCESS_KEY_ID", help: "For a store at s3://: a key for reading only, instead (secret)." },
  { name: "ARCHIVE_READER_AWS_SECRET_ACCESS_KEY", help: "Belongs to it (secret)." },
  { name: "ARCHIVE_READER_AWS_SESSION_TOKEN", help: "Belongs to it, with temporary credentials (secret)." },
  {
    name: "ARCHIVE_READER_GOOGLE_APPLICATION_CREDENTIALS",
    help: "For a store at gs://: the key file of an account for reading only, instead.",
  },
];

/** Of commands that reach a cluster of the driver `kubernetes` by its context. */
export const KUBERNETES: readonly Variable[] = [
  { name: "KUBECONFIG", help: "Kubeconfig files with the setting kubeContext; ~/.kube/config by default." },
];

export const SETTINGS: readonly Variable[] = [
  { name: "SMESHNET_<SETTING>", help: "Overrides a setting of Pulumi.yaml, e.g. SMESHNET_NODE_REPOSITORY." },
];

export const DISCORD: readonly Variable[] = [
  { name: "DISCORD_WEBHOOK", help: "URL of the Discord webhook that posts announcements (secret)." },
];

/** Of commands that make a network with monitoring. */
export const MONITORING: readonly Variable[] = [
  { name: "DISCORD_WEBHOOK", help: "With the setting monitoring: URL of the webhook that posts alerts (secret)." },
  { name: "REMOTE_WRITE_USER", help: "With the setting remoteWrite: name at the receiver of metrics." },
  {
    name: "REMOTE_WRITE_PASSWORD",
    help: "With the setting remoteWrite: password at the receiver of metrics (secret).",
  },
];

/** Of commands that post to a pull request. GitHub Actions sets all but the token. */
export const GITHUB: readonly Variable[] = [
  { name: "GITHUB_TOKEN", help: "Token that may write checks and comments of pull requests (secret)." },
  { name: "GITHUB_EVENT_PATH", help: "File with the event that started the workflow." },
  { name: "GITHUB_REPOSITORY", help: "Repository of the pull request, as OWNER/NAME." },
  { name: "GITHUB_API_URL", help: "Base URL of GitHub's API; https://api.github.com by default." },
  { name: "GITHUB_STEP_SUMMARY", help: "File that GitHub shows as the summary of the job." },
];

/** Of commands whose log a CI keeps. GitHub Actions sets them. */
export const CI_RUN: readonly Variable[] = [
  { name: "GITHUB_SERVER_URL", help: "With the next two: URL of GitHub, for a link to the log of this run." },
  { name: "GITHUB_REPOSITORY", help: "Repository whose workflow runs, as OWNER/NAME." },
  { name: "GITHUB_RUN_ID", help: "Number of the workflow's run." },
];

/** The values of those variables that are secrets and set, so that no error repeats them. */
export const secretsIn = (variables: readonly Variable[], environment: NodeJS.ProcessEnv): string[] =>
  variables.flatMap(({ name, help }) => (help.includes("(secret)") ? (environment[name] ?? []) : []));

/** Of commands that read stacks. */
export const READING: readonly Variable[] = [...PULUMI, ...SETTINGS];

const DRIVERS: readonly Variable[] = [
  ...KUBERNETES,
  { name: "SPACECRAFT_HOME", help: "Folder in which go-spacecraft runs; gcloud's own variables count too." },
];

/** Of commands that run the engine for a network or a channel. */
export const DEPLOYING: readonly Variable[] = [...PULUMI, ...ZONE, KV, ...STORE, ...DRIVERS, ...SETTINGS];

/** Of commands that look at all stacks, and only read. */
export const LOOKING: readonly Variable[] = [
  ...PULUMI,
  ...ZONE,
  KV,
  ...EDGE,
  ...STORE_TO_READ,
  ...DRIVERS,
  ...SETTINGS,
];

/** Of commands that put something into the zone for a while, and reach networks. */
export const CHALLENGING: readonly Variable[] = [...PULUMI, ...ZONE, ...STORE, ...DRIVERS, ...SETTINGS];

/** Of commands that remove networks. */
export const RETIRING: readonly Variable[] = [
  ...DEPLOYING,
  { name: "CLUSTER_GONE", help: "Uid of a cluster that is gone for good, so that its network can be retired." },
];
