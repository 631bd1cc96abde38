import { recordedSupersedes } from "../../base/engine/printed";
import type { Exported } from "../../base/engine/state";
import { type BuildTag, buildTag } from "../../base/model/build-tag";
import type { Superseded } from "../../base/model/trailers";
import type { NetworkState } from "./model";

/** Whether the edge is asked how deployments failed: there is an edge, and a network that is not complete. */
export const mayAskEdge = (found: readonly { readonly state: NetworkState }[], stacks: readonly string[]): boolean =>
  stacks.includes("edge") && found.some(({ state }) => mayHaveFailed(state));

/** Whether a failure may be the last that happened to a network. One that was completed since may still have one. */
export const mayHaveFailed = (state: NetworkState): boolean =>
  state === "incomplete" || state === "smoke test not passed" || state === "not deployed";

/** Builds that took the place of others, by the tag of the other. @param found newest first; the newest counts */
export function successorsOf(
  found: readonly { readonly tag: BuildTag; readonly exported?: Exported }[],
): ReadonlyMap<string, Superseded> {
  const successors = new Map<string, Superseded>();
  for (const { tag, exported } of found) {
    const told = recordedSupersedes(exported);
    if (told && !successors.has(told.tag)) successors.set(told.tag, { tag: buildTag(tag), why: told.why });
  }
  return successors;
}
