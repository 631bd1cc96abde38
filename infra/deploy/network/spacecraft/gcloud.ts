import { join } from "node:path";
import { z } from "zod";
import { boundedTextFile, LIMITS } from "../../../base/lib/bounded";
import { UserError } from "../../../base/lib/errors";
import { exec, lastLine, output } from "../../../base/lib/exec";
import { parsedJson } from "../../../base/lib/json";
import { withTemporaryFolder } from "../../../base/lib/temporary";
import { timeText } from "../../../base/model/formats";
import type { SpacecraftSpec } from "./spec";

/** A cluster as `gcloud container clusters describe` shows it. */
const Cluster = z.object({
  status: z.string(),
  /** RFC 3339. It tells the cluster from others of its name, so one without it is not known. */
  createTime: timeText,
});
export type Cluster = Readonly<z.infer<typeof Cluster>>;

/** Longest time of one call, in seconds. */
const TIMEOUT = 120;

/** The cluster; undefined without one. @throws {UserError} when gcloud cannot tell */
export async function describeCluster(spec: SpacecraftSpec, signal: AbortSignal): Promise<Cluster | undefined> {
  const args = ["container", "clusters", "describe", spec.cluster, ...place(spec), "--format", "json"];
  const { exitCode, stdout, stderr } = await exec("gcloud", args, { secrets: ["google"], timeout: TIMEOUT, signal });
  if (exitCode !== 0 && /NOT_FOUND|code=404|Not found/.test(stderr)) return undefined;
  const { success, data } = Cluster.safeParse(exitCode === 0 ? parsedJson(stdout) : undefined);
  if (success) return data;
  throw new UserError(
    "ClusterUnknown",
    `gcloud cannot tell whether cluster ${spec.cluster} exists: ${lastLine(stderr) || "unexpected output"}.`,
    "Check gcloud's credentials and project, then run the command again.",
  );
}

/** What gcloud lists for a whole project, by the words of its command. */
export const LISTABLE = {
  clusters: ["container", "clusters"],
  disks: ["compute", "disks"],
  "forwarding rules": ["compute", "forwarding-rules"],
  "target pools": ["compute", "target-pools"],
  addresses: ["compute", "addresses"],
} as const;
export type Listable = keyof typeof LISTABLE;

/** Everything of a kind in a project, in all its locations. @throws {UserError} when gcloud cannot tell */
export async function listAll(kind: Listable, project: string, signal: AbortSignal): Promise<readonly unknown[]> {
  const args = [...LISTABLE[kind], "list", "--project", project, "--format", "json"];
  const { exitCode, stdout, stderr } = await exec("gcloud", args, { secrets: ["google"], timeout: TIMEOUT, signal });
  const found = exitCode === 0 ? parsedJson(stdout) : undefined;
  if (Array.isArray(found)) return found;
  throw new UserError(
    "PlatformUnknown",
    `gcloud cannot list the ${kind} of project ${project}: ${lastLine(stderr) || "unexpected output"}.`,
    "Check gcloud's credentials and project, and the right to view Compute Engine and Kubernetes Engine.",
  );
}

/** A kubeconfig for the cluster as text. Its user runs gke-gcloud-auth-plugin. Your own kubeconfig is not touched. */
export const kubeconfigOf = (spec: SpacecraftSpec, signal: AbortSignal): Promise<string> =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "kubeconfig");
    const args = ["container", "clusters", "get-credentials", spec.cluster, ...place(spec)];
    const variables = { KUBECONFIG: file };
    await output("gcloud", args, { secrets: ["google"], variables, timeout: TIMEOUT, signal });
    return boundedTextFile(file, LIMITS.small);
  });

/** Deletes a cluster without go-spacecraft, when its API server does not answer. Returns when it is gone. */
export async function deleteCluster(spec: SpacecraftSpec, signal: AbortSignal): Promise<void> {
  await output("gcloud", deleteArguments(spec), { secrets: ["google"], timeout: spec.timeout, signal });
}

/** The command that a person runs to delete a cluster. */
export const deleteCommand = (spec: Place): string =>
  ["gcloud", ...deleteArguments(spec).filter((word) => word !== "--quiet")].join(" ");

const deleteArguments = (spec: Place): string[] => [
  "container",
  "clusters",
  "delete",
  spec.cluster,
  ...place(spec),
  "--quiet",
];

/** Which cluster, and where. */
export interface Place {
  readonly cluster: string;
  readonly gcp: Pick<SpacecraftSpec["gcp"], "location" | "project">;
}

const place = ({ gcp }: Pick<Place, "gcp">): string[] => ["--location", gcp.location, "--project", gcp.project];
