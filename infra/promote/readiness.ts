import { recordedCommit } from "../base/engine/printed";
import { type Exported, exportedStack, factsIn, rootOutputs } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag, parseBuildTag, stackName } from "../base/model/build-tag";
import type { Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { type Deployed, type PublicCalls, publicView } from "../base/observe/public-view";
import type { TaggedRelease } from "./release";
import { stageOf } from "./stage";

/** Why a build cannot be promoted: a sentence without its full stop, and what to do. */
export interface Shortcoming {
  readonly what: string;
  readonly fix: string;
}

/** Why a build cannot be promoted; undefined when its network is complete and passed its smoke test. */
export function shortcomingOf(tag: BuildTag, exported: Exported | undefined): Shortcoming | undefined {
  const text = buildTag(tag);
  switch (stageOf(exported)) {
    case "complete":
      return undefined;
    case "not deployed":
      return { what: `${text} is not deployed`, fix: `Run \`smeshnet deploy ${text}\`.` };
    case "smoke test not passed":
      return {
        what: `${text} did not pass its smoke test`,
        fix: `Run \`smeshnet deploy ${text}\` to test it again, or fix it in another build.`,
      };
    case "incomplete":
      return {
        what: `${text} is not complete (stack ${stackName(tag)})`,
        fix: `Run \`smeshnet deploy ${text}\` to complete it.`,
      };
    case "being retired":
      return { what: `${text} is being retired`, fix: "Promote another build." };
  }
}

/**
 * Why a build cannot be promoted as a release: see {@link shortcomingOf}, or its network runs another commit. Tags
 * alone do not tell that, since a tag can move after a deployment.
 */
export function shortcomingAsRelease(
  tag: BuildTag,
  exported: Exported | undefined,
  { release, commit }: Pick<TaggedRelease, "release" | "commit">,
): Shortcoming | undefined {
  const shortcoming = shortcomingOf(tag, exported);
  if (shortcoming || !exported) return shortcoming;
  const deployed = deployedCommit(exported);
  if (deployed === commit) return undefined;
  return {
    what: `${buildTag(tag)} runs ${inShort(deployed)}, not ${inShort(commit)}, the commit of ${release}`,
    fix: "Tag the commit of the release as the next build and deploy it, or move the tags back to the deployed commit.",
  };
}

/** The commit that a complete network runs; undefined when its state does not tell. */
const deployedCommit = (exported: Exported): unknown => recordedCommit(exported) ?? rootOutputs(exported).commit;

const inShort = (commit: unknown): string => (typeof commit === "string" ? commit.slice(0, 12) : "an unknown commit");

/** A build that can be promoted. */
export interface Passed {
  readonly build: BuildTag;
  /** Id of its network's genesis, hexadecimal. */
  readonly genesisId: string;
  /** Undefined when its state tells no facts. */
  readonly deployed: Deployed | undefined;
}

/**
 * The newest build that can be promoted as a release.
 * @throws {UserError} with the reason of each build, when none can be promoted
 */
export async function newestThatPassed(tagged: TaggedRelease, run: Run): Promise<Passed> {
  const found: Shortcoming[] = [];
  for (const build of tagged.builds) {
    const exported = await exportedStack(stackName(build), run);
    const shortcoming = shortcomingAsRelease(build, exported, tagged);
    if (shortcoming === undefined && exported)
      return { build, genesisId: `${rootOutputs(exported).genesisId}`, deployed: factsIn(exported) };
    if (shortcoming) found.push(shortcoming);
  }
  throw new UserError(
    "BuildsNotReady",
    `No build of this release can be promoted: ${found.map(({ what }) => what).join("; ")}.`,
    found[0]?.fix ?? "Deploy a build of this release.",
  );
}

/**
 * Requires that a network answers now, as the network that was deployed.
 * @throws {UserError} with the public services that do not answer, or answer for another network
 */
export async function requireAnswering(
  { build, deployed }: Pick<Passed, "build" | "deployed">,
  settings: Settings,
  calls?: PublicCalls,
): Promise<void> {
  const silent = (await publicView(build, settings, Promise.resolve(deployed), calls)).filter(({ ok }) => !ok);
  if (silent.length === 0) return;
  const text = buildTag(build);
  throw new UserError(
    "NetworkSilent",
    `${text} does not answer now: ${silent.map(({ what, saw }) => `${what} (${saw.replace(/\.$/, "")})`).join(", ")}.`,
    `Fix the causes, and check with \`smeshnet status ${text}\`.`,
  );
}

/**
 * Requires that the network of a promotion is there and runs the promotion's commit: it may have been retired and
 * deployed again from another one since.
 * @returns what it was deployed as; undefined when its state tells no facts
 * @throws {UserError} when it is not complete, is being retired, or runs another commit
 */
export async function requireComplete({ tag, commit, release }: Target, run: Run): Promise<Deployed | undefined> {
  const build = parseBuildTag(tag);
  const exported = await exportedStack(stackName(build), run);
  const shortcoming = shortcomingOf(build, exported) ?? otherCommit(exported, { tag, commit, release });
  if (shortcoming !== undefined) throw new UserError("NetworkNotReady", `${shortcoming.what}.`, shortcoming.fix);
  return exported && factsIn(exported);
}

/** A network of an early release may not tell its commit, and then nothing speaks against it. */
export function otherCommit(
  exported: Exported | undefined,
  { tag, commit, release }: Pick<Target, "tag" | "commit" | "release">,
): Shortcoming | undefined {
  const deployed = exported && deployedCommit(exported);
  if (typeof deployed !== "string" || deployed === commit) return undefined;
  return {
    what: `${tag} runs ${deployed} by now, and ${release} was promoted from ${commit}`,
    fix: "Promote another release with `smeshnet promote`.",
  };
}
