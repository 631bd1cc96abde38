import { tagContent } from "../base/clients/git";
import { requireAllowedSigner } from "../base/clients/signed-tag";
import { beginningOf } from "../base/lib/cut";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { buildTag, type Release, releaseTag } from "../base/model/build-tag";
import { changesOf } from "../base/model/changelog/changes";
import { type Known, reasonAs, type Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { requireFor, verifyCertificate } from "../simmer/certificate/verify";
import { certificateOf } from "../simmer/certify";
import { newestThatPassed, requireAnswering } from "./readiness";
import { reasonIn, refsOfRelease, releaseAmong } from "./release";
import { requireSameCommit } from "./source";

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
  /** What is known of the channel, once it is. */
  readonly known: Promise<Known>;
}

/**
 * Finds what a release tag promotes: the newest build whose network runs the commit of that tag, is complete, passed
 * its smoke test and answers now.
 * @throws {UserError} for a problem with the tag, the builds or the network, before anything has changed
 */
export async function candidate(wanted: Wanted, settings: Settings, store: Store, run: Run): Promise<Target> {
  const { nodeRepository: repository } = settings;
  const refs = refsOfRelease(repository, wanted.release);
  const stays = together(wanted.known, refs).then(([{ promotions = [] }, all]) =>
    requireSameCommit(promotions, releaseTag(wanted.release), all, repository),
  );
  const tagged = refs.then((all) => releaseAmong(all, repository, wanted.release));
  const signed = tagged.then(({ release: tag, object }) =>
    requireAllowedSigner({ repository, tag, object }, settings.allowedSigners, run.clock.now()),
  );
  const words = tagged.then(({ object }) => wordsOf(wanted, repository, object));
  const passing = tagged.then((found) => newestThatPassed(found, run));
  // All are asked at the same time. Of several errors the first counts: a missing reason before a silent network.
  const proved = together(tagged, words, passing).then(([found, said, passed]) =>
    proofOf({ ...found, genesisId: passed.genesisId, tag: buildTag(passed.build) }, said.reason, settings, store, run),
  );
  const answering = passing.then((passed) => requireAnswering(passed, settings));
  const [, { release, commit }, , { changes }, { build }, proof] = await together(
    stays,
    tagged,
    signed,
    words,
    passing,
    proved,
    answering,
  );
  return { channel: wanted.channel, kind: "promotion", release, tag: buildTag(build), commit, changes, ...proof };
}

/** A build that may be certified. */
interface Build {
  readonly tag: string;
  readonly commit: string;
  readonly release: string;
  /** Id of its network's genesis, hexadecimal. */
  readonly genesisId: string;
}

/** What a promotion goes on: the certificate of the build, else a reason. @throws {UserError} when there is neither */
async function proofOf(
  build: Build,
  reason: string | undefined,
  settings: Settings,
  store: Store,
  run: Run,
): Promise<Pick<Target, "certificate" | "reason">> {
  const simmered = await simmerOf(build, settings, store);
  const { tag, release } = build;
  if ("certificate" in simmered) {
    if (reason !== undefined) run.say(`${tag} is certified, so the reason to go without a certificate is left out`);
    return { certificate: simmered.certificate };
  }
  if (reason !== undefined) return { reason };
  throw new UserError(
    "ReasonMissing",
    `${simmered.without}, and no reason to promote it without one.`,
    `Let it simmer, run \`smeshnet promote ${release} --reason TEXT\`, or end the tag's message with a line "Without-Simmer: TEXT".`,
    2,
  );
}

/** The certificate of a build, or a phrase that says what it has instead. @throws {UserError} when it cannot be read */
export async function simmerOf(
  { tag, commit, release, genesisId }: Build,
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
  object: string,
): Promise<{ readonly reason: string | undefined; readonly changes: string }> {
  const release = releaseTag(wanted.release);
  const { message, file } = await tagContent(repository, release, "CHANGELOG.md", object);
  const given = wanted.reason ?? reasonIn(message);
  const reason = given === undefined ? undefined : reasonAs(`Without-Simmer in the message of ${release}`, given);
  const changes = (file && changesOf(file, release)) ?? "";
  return { reason, changes: beginningOf(changes, LONGEST_CHANGES) };
}
