import type { NetworkSpec } from "../../../base/model/network-spec";

/** What an inspection has found of the cluster that bears the network's name. */
export type ClusterFound =
  | { readonly cluster: "absent" }
  | {
      readonly cluster: "present";
      /** As GKE says it: RUNNING, PROVISIONING, RECONCILING, STOPPING, ERROR, DEGRADED. */
      readonly status: string;
      /** RFC 3339. */
      readonly createTime: string;
      /** The build tag in our marker, when the cluster carries one. */
      readonly marker?: string;
      /** When we wrote down that we were going to make it (RFC 3339), if that is the last we wrote of it. */
      readonly intent?: string;
      /** When the one came to be that we have last written down as standing and ours (RFC 3339). */
      readonly standing?: string;
      /** What is there of the network; absent when the API server does not answer. */
      readonly progress?: Progress;
    };

/** How far a network has got. */
export interface Progress {
  readonly miners: number;
  readonly readyMiners: number;
  readonly poets: number;
  readonly readyPoets: number;
  /** What keeps it from being complete, in words; empty when it is complete. */
  readonly missing: readonly string[];
}

/** What to do about it. */
export type Plan =
  | { readonly action: "create"; readonly why: string }
  | { readonly action: "adopt"; readonly why: string }
  | { readonly action: "replace"; readonly why: string }
  /** Somebody's change of the cluster is under way, and GKE takes no other until it has ended. */
  | { readonly action: "await"; readonly why: string }
  | { readonly action: "refuse"; readonly why: string };

/** Decides what `up` does. Pure: a cluster is touched only when its marker, or our intent before it was made, says it is ours. */
export function planUp(found: ClusterFound, spec: NetworkSpec): Plan {
  if (found.cluster === "absent") return { action: "create", why: `there is no cluster ${spec.cluster} yet` };
  if (!isOurs(found, spec)) return { action: "refuse", why: notOurs(found, spec) };
  const { progress } = found;
  // A whole network can be used while GKE repairs its cluster; any other would be removed, which GKE then refuses.
  const usable = found.status === "RECONCILING" && progress?.missing.length === 0;
  if (isChanging(found) && !usable) {
    return { action: "await", why: `${spec.cluster} is ours and ${found.status}` };
  }
  if (!progress) return { action: "replace", why: `${spec.cluster} is ours, ${found.status}, and does not answer` };
  if (progress.missing.length > 0) {
    return { action: "replace", why: `${spec.cluster} is ours and half-made: ${progress.missing.join(", ")}` };
  }
  if (progress.miners !== spec.miners || progress.poets !== spec.poets) {
    const has = `${progress.miners} miners and ${progress.poets} poets`;
    const wants = `${spec.miners} and ${spec.poets}`;
    const fix = "a running network keeps its size: put the config back, or release another build";
    return { action: "refuse", why: `${spec.cluster} runs with ${has}, the config wants ${wants}; ${fix}` };
  }
  return { action: "adopt", why: `${spec.cluster} is complete and ours` };
}

/** Decides what `down` does. Pure. */
export function planDown(found: ClusterFound, spec: NetworkSpec): Plan {
  if (found.cluster === "absent") return { action: "adopt", why: `there is no cluster ${spec.cluster} any more` };
  if (!isOurs(found, spec)) return { action: "refuse", why: notOurs(found, spec) };
  if (isChanging(found)) return { action: "await", why: `${spec.cluster} is ours and ${found.status}` };
  return { action: "replace", why: `${spec.cluster} is ours` };
}

type Present = Extract<ClusterFound, { cluster: "present" }>;

const isChanging = ({ status }: Present): boolean => ["STOPPING", "PROVISIONING", "RECONCILING"].includes(status);

/**
 * Ours by its marker; or, when it does not show one, because it is the very one that we have written down, or came to be
 * after we had written down that we would make it.
 */
function isOurs(found: Present, spec: NetworkSpec): boolean {
  if (found.marker !== undefined) return found.marker === spec.tag;
  if (found.standing === found.createTime) return true;
  return found.intent !== undefined && Date.parse(found.intent) <= Date.parse(found.createTime);
}

function notOurs(found: Present, spec: NetworkSpec): string {
  const owner = found.marker ? `belongs to ${found.marker}` : `carries no marker of ${spec.tag}`;
  return `a cluster ${spec.cluster} exists that ${owner}; it was left alone: rename or remove it, then run this again`;
}
