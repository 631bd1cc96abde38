import { tagContent } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, type Release, releaseTag } from "../base/model/build-tag";
import { changesOf } from "../base/model/changelog";
import { reasonAs, type Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { newestThatPassed, requireAnswering } from "./readiness";
import { reasonIn, type TaggedRelease, taggedRelease } from "./release";

/**
 * Longest part of the changelog that a promotion carries, in characters. It exceeds the room of an announcement.
 * Escaped, and with everything else, it stays below the 128 KiB that Linux allows for an environment variable.
 */
const LONGEST_CHANGES = 16_384;

/** What the release manager asks for. */
export interface Wanted {
  readonly release: Release;
  readonly channel: string;
  /** Why it is promoted without a simmer certificate; wins over the reason in the tag's message. */
  readonly reason?: string;
}

/**
 * Finds what a release tag promotes: the newest build whose network runs the commit of that tag, is complete, passed
 * its smoke test and answers now.
 * @throws {UserError} for a problem with the tag, the builds or the network, before anything has changed
 */
export async function candidate(wanted: Wanted, settings: Settings, run: Run): Promise<Target> {
  const { nodeRepository: repository } = settings;
  const tagged = taggedRelease(repository, wanted.release);
  const [{ release, commit }, { reason, changes }, build] = await together(
    tagged,
    wordsOf(wanted, repository),
    tagged.then((found) => readyBuild(found, settings, run)),
  );
  return { channel: wanted.channel, kind: "promotion", release, tag: buildTag(build), commit, reason, changes };
}

/** The newest build that can be promoted and answers. @throws {UserError} when there is none */
async function readyBuild(tagged: TaggedRelease, settings: Settings, run: Run): Promise<BuildTag> {
  const build = await newestThatPassed(tagged, run);
  await requireAnswering(build, settings);
  return build;
}

/** What a promotion says in public: why it goes without a simmer certificate, and what changed. */
async function wordsOf(wanted: Wanted, repository: string): Promise<Pick<Target, "reason" | "changes">> {
  const release = releaseTag(wanted.release);
  const { message, file } = await tagContent(repository, release, "CHANGELOG.md");
  const given = wanted.reason ?? reasonIn(message);
  if (given === undefined) {
    throw new UserError(
      "ReasonMissing",
      `${release} has no simmer certificate, and no reason to promote it without one.`,
      `Run \`smeshnet promote ${release} --reason TEXT\`, or add a line "Without-Simmer: TEXT" to the tag's message.`,
      2,
    );
  }
  const reason = reasonAs(`Without-Simmer in the message of ${release}`, given);
  return { reason, changes: ((file && changesOf(file, release)) ?? "").slice(0, LONGEST_CHANGES) };
}
