/**
 * Environment variables that hold a secret, or the path of one, by who takes them. A step and a program that we start
 * are listed with the groups that they need, and get no other secret. A variable that stands here in no group reaches
 * everybody, so that a credential helper of git or of a cluster keeps variables of its own.
 */
export const SECRETS = {
  /** For everything at Cloudflare that has no token of its own. */
  cloudflare: ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_USER_SERVICE_KEY"],
  cloudflareDns: ["CLOUDFLARE_DNS_TOKEN"],
  cloudflareKv: ["CLOUDFLARE_KV_TOKEN"],
  cloudflareWorkers: ["CLOUDFLARE_WORKERS_TOKEN"],
  /** Seals the records of the store. */
  records: ["SMESHNET_RECORD_KEY"],
  /** Seals certificates. */
  certificates: ["SIMMER_PRIVATE_KEY"],
  discord: ["DISCORD_WEBHOOK"],
  /** Where metrics are written. */
  metrics: ["REMOTE_WRITE_USER", "REMOTE_WRITE_PASSWORD"],
  /** Pulumi's backend, and the secrets in its states. */
  state: ["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"],
  /** Of git's credential helper, as our workflows set it up. */
  git: ["GIT_TOKEN", "SMESHNET_GIT_TOKEN"],
  github: ["GITHUB_TOKEN", "GH_TOKEN"],
  /** By these a workflow proves to others who it is. */
  workflow: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"],
  aws: [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  ],
  google: [
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_GHA_CREDS_PATH",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "CLOUDSDK_AUTH_ACCESS_TOKEN",
    "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
  ],
  /** Of an account that may only read the store. */
  archiveReader: [
    "ARCHIVE_READER_AWS_ACCESS_KEY_ID",
    "ARCHIVE_READER_AWS_SECRET_ACCESS_KEY",
    "ARCHIVE_READER_AWS_SESSION_TOKEN",
    "ARCHIVE_READER_GOOGLE_APPLICATION_CREDENTIALS",
  ],
  azure: [
    "ARM_CLIENT_SECRET",
    "AZURE_CLIENT_SECRET",
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_STORAGE_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
  ],
  /** The kubeconfig that the engine hands to a step. */
  kubeconfig: ["KUBECONFIG_TEXT"],
  /** What a step printed when it was created; that of the network holds its kubeconfig. */
  printed: ["PULUMI_COMMAND_STDOUT", "PULUMI_COMMAND_STDERR"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A group of secrets. */
export type SecretGroup = keyof typeof SECRETS;

/** Groups that may be empty, and those that then serve in their place. */
const IN_PLACE: Partial<Readonly<Record<SecretGroup, readonly SecretGroup[]>>> = {
  cloudflareDns: ["cloudflare"],
  cloudflareKv: ["cloudflare"],
  cloudflareWorkers: ["cloudflare"],
  archiveReader: ["aws", "google"],
};

/** Whatever opens a bucket for the store. */
export const OF_STORE = ["records", "aws", "google"] as const satisfies readonly SecretGroup[];

/** Whatever opens it for whoever only reads it. */
export const OF_READING = ["records", "archiveReader"] as const satisfies readonly SecretGroup[];

/** Whatever a program may need that fetches the credential of a cluster at its cloud. */
export const OF_CLUSTERS = ["aws", "google", "azure", "workflow"] as const satisfies readonly SecretGroup[];

/** Whatever the pulumi CLI needs to read and write states, also in a bucket. */
export const OF_STATES = ["state", "aws", "google", "azure", "workflow"] as const satisfies readonly SecretGroup[];

/** An environment without all secrets but those of some groups. */
export function withSecrets(kept: readonly SecretGroup[], environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const dropped = notIn(kept, environment);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !dropped.has(name)));
}

/** Removes all secrets but those of some groups from the environment of this process. */
export function keepSecrets(kept: readonly SecretGroup[]): void {
  for (const name of notIn(kept, process.env)) delete process.env[name];
}

function notIn(kept: readonly SecretGroup[], environment: NodeJS.ProcessEnv): ReadonlySet<string> {
  const needed = new Set<string>(
    kept.flatMap((group) => {
      const others = IN_PLACE[group];
      return others && isEmpty(group, environment) ? others : group; // without others, an empty secret is one too
    }),
  );
  return new Set(Object.entries(SECRETS).flatMap(([group, names]) => (needed.has(group) ? [] : names)));
}

const isEmpty = (group: SecretGroup, environment: NodeJS.ProcessEnv): boolean =>
  SECRETS[group].every((name) => !environment[name]);
