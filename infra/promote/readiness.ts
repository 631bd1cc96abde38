import { type Exported, exportedStack, pendingOf, rootOutputs } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import { publicView } from "../base/observe/public-view";

/** Why a build cannot be promoted; undefined when its network is complete and has passed its smoke test. Pure. */
export function shortcomingOf(tag: BuildTag, exported: Exported | undefined): string | undefined {
  const text = buildTag(tag);
  const resources = exported?.deployment.resources ?? [];
  const has = (name: string) => resources.some(({ urn }) => urn.endsWith(`$command:local:Command::${name}`));
  if (!exported || !has("devnext")) return `${text} is not deployed`;
  const wasComplete = rootOutputs(exported).genesisId !== undefined;
  const isGuardLeaving = pendingOf(exported).some(({ resource }) => resource.urn.endsWith("::guard"));
  if (wasComplete && (isGuardLeaving || !has("guard"))) return `${text} is being retired`;
  if (wasComplete) return undefined;
  if (has("network") && !has("smoke")) return `${text} has not passed its smoke test`;
  return `${text} is not complete (stack ${stackName(tag)}): node --import tsx scripts/deploy.ts ${text} goes on with it`;
}

/** @param builds newest first */
export async function newestThatPassed(builds: readonly BuildTag[], signal: AbortSignal): Promise<BuildTag> {
  const why: string[] = [];
  for (const build of builds) {
    const shortcoming = shortcomingOf(build, await exportedStack(stackName(build), signal));
    if (shortcoming === undefined) return build;
    why.push(shortcoming);
  }
  throw new UserError(`no build of this release can be promoted: ${why.join("; ")}`);
}

/** @throws {UserError} naming what the public does not see of a network now */
export async function requireAnswering(build: BuildTag, settings: Settings): Promise<void> {
  const silent = (await publicView(build, settings)).filter(({ ok }) => !ok);
  if (silent.length === 0) return;
  const what = silent.map(({ what, saw }) => `${what} (${saw})`).join(", ");
  throw new UserError(`${buildTag(build)} does not answer now for: ${what}`);
}

/** @throws {UserError} when the network of a build is not complete, or is being retired */
export async function requireComplete(build: BuildTag, signal: AbortSignal): Promise<void> {
  const shortcoming = shortcomingOf(build, await exportedStack(stackName(build), signal));
  if (shortcoming !== undefined) throw new UserError(shortcoming);
}
