import { tagContent } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { buildTag, type Release, releaseTag } from "../base/model/build-tag";
import { changesOf } from "../base/model/changelog";
import { reasonAs, type Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { requireFor, verifyCertificate } from "../simmer/certificate/verify";
import { certificateOf } from "../simmer/certify";
import { newestThatPassed, type Passed, requireAnswering } from "./readiness";
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
export async function candidate(wanted: Wanted, settings: Settings, store: Store, run: Run): Promise<Target> {
  const { nodeRepository: repository } = settings;
  const tagged = taggedRelease(repository, wanted.release);
  const [{ release, commit }, words, passed] = await together(
    tagged,
    wordsOf(wanted, repository),
    tagged.then((found) => readyBuild(found, settings, run)),
  );
  const tag = buildTag(passed.build);
  const simmered = await simmerOf({ ...passed, tag, commit, release }, settings, store);
  const target = { channel: wanted.channel, kind: "promotion", release, tag, commit, changes: words.changes } as const;
  if ("certificate" in simmered) {
    if (words.reason !== undefined)
      run.say(`${tag} is certified, so the reason to go without a certificate is left out`);
    return { ...target, certificate: simmered.certificate };
  }
  if (words.reason !== undefined) return { ...target, reason: words.reason };
  throw new UserError(
    "ReasonMissing",
    `${simmered.without}, and no reason to promote it without one.`,
    `Let it simmer, run \`smeshnet promote ${release} --reason TEXT\`, or add a line "Without-Simmer: TEXT" to the tag's message.`,
    2,
  );
}

/** The newest build that can be promoted and answers. @throws {UserError} when there is none */
async function readyBuild(tagged: TaggedRelease, settings: Settings, run: Run): Promise<Passed> {
  const passed = await newestThatPassed(tagged, run);
  await requireAnswering(passed.build, settings);
  return passed;
}

/** The certificate of a build, or a phrase that says what it has instead. @throws {UserError} when it cannot be read */
export async function simmerOf(
  { tag, commit, release, genesisId }: { tag: string; commit: string; release: string; genesisId: string },
  { simmerKey, simmerDays, simmerDay }: Pick<Settings, "simmerKey" | "simmerDays" | "simmerDay">,
  store: Store,
): Promise<{ readonly certificate: string } | { readonly without: string }> {
  const certificate = await certificateOf(store, tag, genesisId);
  if (certificate === undefined) return { without: `${release} has no simmer certificate` };
  if (simmerKey === "")
    return { without: `${release} has a simmer certificate, but no setting simmerKey to verify it` };
  try {
    requireFor(verifyCertificate(certificate, simmerKey), { tag, commit, needed: simmerDays * simmerDay });
    return { certificate };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { without: `${release} has no simmer certificate that counts (${error.what.replace(/\.$/, "")})` };
  }
}

/** What a promotion says in public: why it goes without a simmer certificate, if anybody said so, and what changed. */
async function wordsOf(
  wanted: Wanted,
  repository: string,
): Promise<{ readonly reason: string | undefined; readonly changes: string }> {
  const release = releaseTag(wanted.release);
  const { message, file } = await tagContent(repository, release, "CHANGELOG.md");
  const given = wanted.reason ?? reasonIn(message);
  const reason = given === undefined ? undefined : reasonAs(`Without-Simmer in the message of ${release}`, given);
  return { reason, changes: ((file && changesOf(file, release)) ?? "").slice(0, LONGEST_CHANGES) };
}
