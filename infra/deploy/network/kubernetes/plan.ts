import { sameKnown } from "../../../base/lib/same-known";
import type { NetworkSpec } from "../../../base/model/network-spec";
import type { KubernetesNetworkSpec } from "./spec";

/** What an inspection found of the namespace with the network's name. */
export type Found =
  | { readonly namespace: "absent" }
  | {
      readonly namespace: "present";
      readonly uid: string;
      /** `Active` or `Terminating`, as Kubernetes reports it. */
      readonly phase: string;
      /** The build tag in our annotation, if it has one. */
      readonly owner?: string;
      /** Whether the network was complete once. */
      readonly completed: boolean;
      /** What was made once; absent before. */
      readonly made?: Pick<MadeFound, "genesisTime" | "miners" | "poets" | "phaseShift">;
      readonly progress: Progress;
    };

interface MadeFound {
  /** RFC 3339. */
  readonly genesisTime: string;
  readonly miners: number;
  readonly poets: number;
  /** Seconds from genesis until the first round of the poets. */
  readonly phaseShift: number;
}

/** How far a network got. */
export interface Progress {
  readonly miners: number;
  readonly readyMiners: number;
  readonly poets: number;
  readonly readyPoets: number;
  /** What is missing, a phrase each; empty when the network is complete. */
  readonly missing: readonly string[];
}

/** What to do about a namespace; `why` is a phrase. */
export type Plan =
  | { readonly action: "create"; readonly why: string }
  | { readonly action: "adopt"; readonly why: string }
  /** Make what is missing. Nothing that is there changes. */
  | { readonly action: "complete"; readonly why: string }
  | { readonly action: "replace"; readonly why: string }
  | { readonly action: "await"; readonly why: string }
  | { readonly action: "refuse"; readonly reason: "not ours" | "other size"; readonly why: string };

/**
 * Decides what `up` does. The namespace itself says whose it is, from its first moment on.
 * @param now milliseconds since 1970
 */
export function planUp(found: Found, spec: KubernetesNetworkSpec, now: number): Plan {
  const name = spec.namespace;
  if (found.namespace === "absent") return { action: "create", why: `there is no namespace ${name} yet` };
  if (!isOurs(found, spec)) return notOurs(found, name);
  if (found.phase === "Terminating") return { action: "await", why: `${name} is ours and being removed` };
  const { made, progress } = found;
  if (!made) return { action: "complete", why: `${name} is ours and empty` };
  if (made.miners !== spec.miners || made.poets !== spec.poets) {
    const has = `${made.miners} nodes and ${made.poets} poets`;
    const why = `namespace ${name} was made for ${has}, the settings want ${spec.miners} and ${spec.poets}`;
    return { action: "refuse", reason: "other size", why };
  }
  if (progress.missing.length === 0) return { action: "adopt", why: `${name} is complete and ours` };
  const missing = progress.missing.join(", ");
  // Nobody can take part in the first round of the poets any more. A network that ran before goes on, whatever it lacks.
  const isLate = now > Date.parse(made.genesisTime) + made.phaseShift * 1000;
  if (isLate && !found.completed) {
    return { action: "replace", why: `${name} is ours and half-made, and its genesis has passed: ${missing}` };
  }
  return { action: "complete", why: `${name} is ours and ${found.completed ? "incomplete" : "half-made"}: ${missing}` };
}

/** Decides what `down` does. */
export function planDown(
  found: Found,
  spec: KubernetesNetworkSpec,
): Extract<Plan, { action: "adopt" | "replace" | "refuse" }> {
  const name = spec.namespace;
  if (found.namespace === "absent") return { action: "adopt", why: `there is no namespace ${name}` };
  if (!isOurs(found, spec)) return notOurs(found, name);
  return { action: "replace", why: `${name} is ours` };
}

/** Whether the namespace says that it is the one of this network. */
export const isOurs = (found: Found, { tag }: Pick<NetworkSpec, "tag">): boolean =>
  found.namespace === "present" && sameKnown(found.owner, tag);

function notOurs({ owner }: Extract<Found, { namespace: "present" }>, name: string) {
  const whose = owner === undefined ? "is not marked as ours" : `belongs to ${owner}`;
  return { action: "refuse", reason: "not ours", why: `namespace ${name} exists and ${whose}` } as const;
}
