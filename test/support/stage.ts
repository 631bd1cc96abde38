import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Stage } from "../../sandbox/actions/play";
import { CHECKOUT } from "./checkout";
import type { TestSandbox } from "./sandbox";
import { OURS } from "./workflows";

/** Variables and secrets that a team keeps at GitHub. Whatever a workflow does not hand on, its steps do not have. */
const VARS = [
  "PULUMI_BACKEND_URL",
  "SMESHNET_ACCOUNT_ID",
  "SMESHNET_ARCHIVE",
  "SMESHNET_GCP_LOCATION",
  "SMESHNET_GCP_PROJECT",
  "SMESHNET_GCP_ZONE",
  "SMESHNET_NODE_REPOSITORY",
  "SMESHNET_SIMMER_KEY",
  "SMESHNET_ZONE_ID",
];
const SECRETS = [
  "CLOUDFLARE_DNS_TOKEN",
  "CLOUDFLARE_KV_TOKEN",
  "CLOUDFLARE_WORKERS_TOKEN",
  "DISCORD_WEBHOOK",
  "PULUMI_CONFIG_PASSPHRASE",
  "SIMMER_PRIVATE_KEY",
  "SMESHNET_RECORD_KEY",
];
const UNSET_VARS = [
  "SMESHNET_ALLOWED_SIGNERS",
  "SMESHNET_NETWORKS",
  "SMESHNET_DRIVER",
  "SMESHNET_GOOGLE_ACCOUNT",
  "SMESHNET_GOOGLE_PROVIDER",
  "SMESHNET_GRAFANA",
  "SMESHNET_KUBE_CONTEXT",
  "SMESHNET_MONITORING",
  "SMESHNET_REMOTE_WRITE",
  "SMESHNET_RUNNER",
  "SMESHNET_WATCHER",
  "REMOTE_WRITE_USER",
  "SPACECRAFT_HOME",
];
const UNSET_SECRETS = [
  "ARCHIVE_READER_AWS_ACCESS_KEY_ID",
  "ARCHIVE_READER_AWS_SECRET_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "CLOUDFLARE_API_TOKEN",
  "KUBECONFIG",
  "PULUMI_ACCESS_TOKEN",
  "REMOTE_WRITE_PASSWORD",
];

/**
 * A machine in a sandbox that plays the workflows of the node repository.
 * @param print gets what jobs and steps say
 */
export function stageOf(sandbox: TestSandbox, print: (text: string) => void): Stage {
  const { env } = sandbox;
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, env[name] ?? ""]));
  const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, ""]));
  const machine = Object.entries(env).filter(([name]) => ![...VARS, ...SECRETS].includes(name));
  const sha = execFileSync("git", ["-C", CHECKOUT, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  return {
    repository: "git/go-spacemesh", // with the server below, this is the sandbox's repository
    serverUrl: `file://${sandbox.home}`,
    vars: { ...pick(VARS), ...empty(UNSET_VARS) },
    secrets: { ...pick(SECRETS), ...empty(UNSET_SECRETS) },
    token: "token",
    repositories: { [OURS]: { folder: CHECKOUT, sha } },
    machine: { ...Object.fromEntries(machine), XDG_STATE_HOME: join(sandbox.home, "watcher") },
    home: join(sandbox.home, "runner"),
    say: (line) => print(`${line}\n`),
    print,
  };
}
