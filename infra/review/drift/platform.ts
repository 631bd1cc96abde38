import { driverIn } from "../../base/engine/state";
import { fromStackName, parseBuildTag, stackName } from "../../base/model/build-tag";
import type { Settings } from "../../base/model/settings";
import { STEPS } from "../../base/model/steps";
import type { PlatformObject } from "../../deploy/network/driver";
import * as mend from "./mend";
import type { Finding } from "./model";
import { hasStep, type SeenStack } from "./standing";

/**
 * What there is on the platforms of all networks. The setting may have named another driver before: its networks still
 * run, while new ones are made by the driver of today, which is asked before the stacks are read.
 * @param asked what was found so far, by driver; undefined where the look failed
 * @param ask looks at one more platform
 * @returns undefined while any platform is silent: then a network that is not seen may be there
 */
export async function allPlatforms(
  stacks: readonly Pick<SeenStack, "state">[],
  asked: { readonly [kind in Driver]?: readonly PlatformObject[] | undefined },
  ask: (kind: Driver) => Promise<readonly PlatformObject[] | undefined>,
): Promise<readonly PlatformObject[] | undefined> {
  const kinds = new Set(stacks.flatMap(({ state }) => (state && driverIn(state)) ?? []));
  const others = [...kinds].filter((kind) => !(kind in asked));
  const found = [...Object.values(asked), ...(await Promise.all(others.map(ask)))];
  const known = found.filter((one) => one !== undefined);
  return known.length === found.length ? known.flat() : undefined;
}

type Driver = Settings["driver"];

/**
 * Networks on the platform without a living stack, and what networks that are gone have left.
 * @param unjudged the stacks that an engine is at, or that cannot be read
 */
export function orphanedPlatform(
  objects: readonly PlatformObject[],
  living: ReadonlySet<string>,
  unjudged: ReadonlySet<string>,
): Finding[] {
  return objects.flatMap(({ kind, name, tag, state, evidence, isRoot, isHeld, remove }) => {
    const stack = stackName(parseBuildTag(tag));
    if (isHeld || unjudged.has(stack) || (isRoot && living.has(stack))) return [];
    const why = isRoot ? `${tag} has no living stack` : `the cluster of ${tag} that it was made for is gone`;
    return [{ kind: "orphan" as const, what: `${kind} ${name} (${state})`, why: `${why}; ${evidence}`, mend: remove }];
  });
}

/** A complete network that is gone from its platform; undefined when it is there. */
export function networkGone(stack: SeenStack, objects: readonly PlatformObject[]): Finding | undefined {
  const tag = fromStackName(stack.name);
  if (!tag || !hasStep(stack, STEPS.network)) return undefined;
  if (objects.some((one) => one.isRoot && one.tag === mend.nameOf(stack.name))) return undefined;
  return {
    kind: "difference",
    what: `network of ${mend.nameOf(stack.name)}`,
    why: "it does not exist any more, or it is not the one that we made",
    mend: mend.retireWithoutLogs(tag),
  };
}
