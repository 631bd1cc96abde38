import { tagContent } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { buildTag, type Release } from "../base/model/build-tag";
import { changesOf } from "../base/model/changelog";
import { reasonAs, type Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { newestThatPassed, requireAnswering } from "./readiness";
import { reasonIn, taggedRelease } from "./release";

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
 * Finds what a release tag promotes: the newest build whose network is complete, passed its smoke test and answers now.
 * @throws {UserError} for a problem with the tag, the builds or the network, before anything has changed
 */
export async function candidate(wanted: Wanted, settings: Settings, run: Run): Promise<Target> {
  const { nodeRepository: repository } = settings;
  const { release, commit, builds } = await taggedRelease(repository, wanted.release);
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
  const build = await newestThatPassed(builds, run);
  await requireAnswering(build, settings);
  const changes = ((file && changesOf(file, release)) ?? "").slice(0, LONGEST_CHANGES);
  return { channel: wanted.channel, kind: "promotion", release, tag: buildTag(build), commit, reason, changes };
}
