import { tagContent } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import { buildTag, type Release } from "../base/model/build-tag";
import { changesOf } from "../base/model/changelog";
import type { Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { newestThatPassed, requireAnswering } from "./readiness";
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
