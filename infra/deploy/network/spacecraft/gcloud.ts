import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../base/lib/errors";
import { exec, lastLine, output } from "../../../base/lib/exec";
import type { NetworkSpec } from "../../../base/model/network-spec";

/** A cluster as `gcloud container clusters describe` tells it. */
export interface Cluster {
  readonly status: string;
  /** RFC 3339. */
  readonly createTime: string;
}

/** Longest time of one call, in seconds. */
const TIMEOUT = 120;

/** The cluster, or undefined when there is none. @throws {UserError} when gcloud cannot tell. */
export async function describeCluster(spec: NetworkSpec, signal: AbortSignal): Promise<Cluster | undefined> {
  const args = ["container", "clusters", "describe", spec.cluster, ...place(spec), "--format", "json"];
  const { exitCode, stdout, stderr } = await exec("gcloud", args, { timeout: TIMEOUT, signal });
  if (exitCode === 0) return JSON.parse(stdout) as Cluster;
  if (/NOT_FOUND|code=404|Not found/.test(stderr)) return undefined;
  throw new UserError(`gcloud cannot tell whether cluster ${spec.cluster} exists: ${lastLine(stderr)}`);
}

/** A kubeconfig for the cluster as text; its user execs gke-gcloud-auth-plugin. Your own kubeconfig is not touched. */
export async function kubeconfigOf(spec: NetworkSpec, signal: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "smeshnet-"));
  const file = join(folder, "kubeconfig");
  try {
    const args = ["container", "clusters", "get-credentials", spec.cluster, ...place(spec)];
    await output("gcloud", args, { env: { ...process.env, KUBECONFIG: file }, timeout: TIMEOUT, signal });
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Deletes a cluster without go-spacecraft, for one whose API server does not answer. Returns when it is gone. */
export async function deleteCluster(spec: NetworkSpec, signal: AbortSignal): Promise<void> {
  const args = ["container", "clusters", "delete", spec.cluster, ...place(spec), "--quiet"];
  await output("gcloud", args, { timeout: spec.timeout, signal });
}

const place = ({ gcp }: NetworkSpec): string[] => ["--location", gcp.location, "--project", gcp.project];
