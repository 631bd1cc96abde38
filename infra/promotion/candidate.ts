import { type BuildTag, buildTag, type Release, stackName } from "../build-tag";
import { changesOf } from "../changelog";
import type { Settings } from "../config";
import { tagContent } from "../git";
import { publicView } from "../public-view";
import { exportedStack } from "../stack-outputs";
import { UserError } from "../user-error";
import { shortcomingOf } from "./build-state";
import type { Target } from "./promotion";
import { reasonAs, reasonIn, taggedRelease } from "./release";

/**
 * How much of the changelog a promotion takes with it, in characters: more than an announcement has room for, and, with
 * all else and escaped, less than the 128 KiB that an environment variable may hold on Linux.
 */
const LONGEST_CHANGES = 16_384;

/** The release manager's own words win over those in the tag's message. */
export interface Wanted {
  readonly release: Release;
  readonly channel: string;
  /** Why it is promoted without a simmer certificate. */
  readonly reason?: string;
}

/**
 * Finds what a release tag promotes: the newest build of it that has passed, complete and answering now.
 * @throws {UserError} saying what is wrong with the tag, the builds or the network, before anything has changed
 */
export async function candidate(wanted: Wanted, settings: Settings, signal: AbortSignal): Promise<Target> {
  const { nodeRepository: repository } = settings;
  const { release, commit, builds } = await taggedRelease(repository, wanted.release);
  const { message, file } = await tagContent(repository, release, "CHANGELOG.md");
  const said = wanted.reason ?? reasonIn(message);
  if (said === undefined) {
    throw new UserError(
      `${release} has no simmer certificate: say why it is promoted without one, with --reason TEXT or as a line ` +
        '"Without-Simmer: TEXT" in the tag\'s message',
      2,
    );
  }
  const reason = reasonAs(`Without-Simmer in the message of ${release}`, said);
  const build = await newestThatPassed(builds, signal);
  await requireAnswering(build, settings);
  const changes = ((file && changesOf(file, release)) ?? "").slice(0, LONGEST_CHANGES);
  return { channel: wanted.channel, kind: "promotion", release, tag: buildTag(build), commit, reason, changes };
}

/** @param builds newest first */
async function newestThatPassed(builds: readonly BuildTag[], signal: AbortSignal): Promise<BuildTag> {
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
