import { sameKnown, sameTime } from "../../../base/lib/same-known";
import type { NetworkSpec } from "../../../base/model/network-spec";

/** What an inspection found of the cluster with the network's name. */
export type ClusterFound =
  | { readonly cluster: "absent" }
  | {
      readonly cluster: "present";
      /** As GKE reports it: RUNNING, PROVISIONING, RECONCILING, STOPPING, ERROR, DEGRADED. */
      readonly status: string;
      /** RFC 3339. */
      readonly createTime: string;
      /** The build tag in our marker, if the cluster has one. */
      readonly marker?: string;
      /** When we recorded that we would create it (RFC 3339), if that is the last record. */
      readonly intent?: string;
      /** Creation time of the cluster that we last recorded as existing and ours (RFC 3339). */
      readonly standing?: string;
      /** How far the network got; absent when the API server does not answer. */
      readonly progress?: Progress;
    };

/** How far a network got. */
export interface Progress {
  readonly miners: number;
  readonly readyMiners: number;
  readonly poets: number;
  readonly readyPoets: number;
  /** What is missing, a phrase each; empty when the network is complete. */
  readonly missing: readonly string[];
}

/** What to do about a cluster; `why` is a phrase. */
export type Plan =
  | { readonly action: "create"; readonly why: string }
  | { readonly action: "adopt"; readonly why: string }
  | { readonly action: "replace"; readonly why: string }
  /** The cluster is changing, and GKE accepts no other change until that ends. */
  | { readonly action: "await"; readonly why: string }
  /** The cluster is somebody else's, or the settings want another size than it has. */
  | { readonly action: "refuse"; readonly reason: "not ours" | "other size"; readonly why: string };

/** Decides what `up` does. It touches a cluster only when its marker, or our earlier record, says that it is ours. */
export function planUp(found: ClusterFound, spec: NetworkSpec): Plan {
  if (found.cluster === "absent") return { action: "create", why: `there is no cluster ${spec.cluster} yet` };
  if (!isOurs(found, spec)) return notOurs(found, spec);
  const { progress } = found;
  // A complete network is usable while GKE repairs its cluster. Any other would be removed, which GKE then refuses.
  const usable = found.status === "RECONCILING" && progress?.missing.length === 0;
  if (isChanging(found) && !usable) {
    return { action: "await", why: `${spec.cluster} is ours and ${found.status}` };
  }
  if (!progress) return { action: "replace", why: `${spec.cluster} is ours, ${found.status}, and does not answer` };
  if (progress.missing.length > 0) {
    return { action: "replace", why: `${spec.cluster} is ours and half-made: ${progress.missing.join(", ")}` };
  }
  if (progress.miners !== spec.miners || progress.poets !== spec.poets) {
    const has = `${progress.miners} nodes and ${progress.poets} poets`;
    const wants = `${spec.miners} and ${spec.poets}`;
    return {
      action: "refuse",
      reason: "other size",
      why: `cluster ${spec.cluster} runs with ${has}, the settings want ${wants}`,
    };
  }
  return { action: "adopt", why: `${spec.cluster} is complete and ours` };
}

/** Decides what `down` does. */
export function planDown(found: ClusterFound, spec: NetworkSpec): Plan {
  if (found.cluster === "absent") return { action: "adopt", why: `there is no cluster ${spec.cluster}` };
  if (!isOurs(found, spec)) return notOurs(found, spec);
  if (isChanging(found)) return { action: "await", why: `${spec.cluster} is ours and ${found.status}` };
  return { action: "replace", why: `${spec.cluster} is ours` };
}

type Present = Extract<ClusterFound, { cluster: "present" }>;

const isChanging = ({ status }: Present): boolean => ["STOPPING", "PROVISIONING", "RECONCILING"].includes(status);

/**
 * A cluster is ours by its marker. Without a marker it is ours if we recorded its creation time, or if it was created
 * after we recorded that we would create it.
 */
export function isOurs(
  found: Pick<Present, "marker" | "standing" | "createTime" | "intent">,
  spec: Pick<NetworkSpec, "tag">,
): boolean {
  if (found.marker !== undefined) return sameKnown(found.marker, spec.tag);
  if (sameTime(found.standing, found.createTime)) return true;
  // A time that is not known is neither before nor after another.
  return Date.parse(found.intent ?? "") <= Date.parse(found.createTime);
}

function notOurs(found: Present, spec: NetworkSpec): Plan {
  const owner = found.marker ? `belongs to ${found.marker}` : `has no marker of ${spec.tag}`;
  return { action: "refuse", reason: "not ours", why: `cluster ${spec.cluster} exists and ${owner}` };
}
