import { shown, UserError } from "../../base/lib/errors";
import { isReleaseTag, type Release, releaseTag } from "../../base/model/build-tag";
import { reasonAs } from "../../base/model/promotion";
import { trailerValues } from "../../base/model/trailers";
import type { TagFacts } from "./facts";
import { belowLast, buildsOf, existsAlready, withoutSection } from "./shared-rules";
import { short, type Violation } from "./violation";

/** The rules of a release tag alone, the cause first. A promotion asks the same (infra/promote/candidate.ts). */
export const releaseRules = (release: Release, facts: TagFacts): (Violation | undefined)[] => [
  // A newer version may have builds already, while this one simmers.
  belowLast(releaseTag(release), release, facts, isReleaseTag),
  existsAlready(releaseTag(release), facts, "Release another version: a release stays as it is."),
  withoutBuild(release, facts),
  lightweight(release, facts),
  withoutProof(release, facts),
  withoutSection(release, facts),
];

function withoutBuild(release: Release, { tags, target }: TagFacts): Violation | undefined {
  const builds = buildsOf(release, tags);
  if (builds.some(({ commit }) => commit === target.commit)) return undefined;
  const name = releaseTag(release);
  if (builds.length === 0) {
    const fix = `Tag ${name}+1 first, and let it simmer.`;
    return { rule: "no-build", what: `${name} has no build, so nobody tested it.`, fix };
  }
  const others = builds.map(({ tag, commit }) => `${tag} is on ${short(commit)}`).join(", ");
  return {
    rule: "build-elsewhere",
    what: `${name} points to ${short(target.commit)}, which is no build of it (${others}).`,
    fix: "Tag the commit of the build that was tested.",
  };
}

function lightweight(release: Release, { target }: TagFacts): Violation | undefined {
  if (target.message !== undefined) return undefined;
  const name = releaseTag(release);
  return {
    rule: "lightweight",
    what: `${name} is a lightweight tag, so nobody signs for it.`,
    fix: `Make it with \`smeshnet tag release ${name}\`, or annotate it with \`git tag -a\`.`,
  };
}

/** The certificate of the build, or a reason in the tag's message to go without one. */
function withoutProof(release: Release, { target, certificate }: TagFacts): Violation | undefined {
  const reasons = trailerValues(target.message ?? "", "Without-Simmer");
  const [reason, ...more] = reasons;
  if (more.length > 0) {
    const what = `The message of ${releaseTag(release)} has ${reasons.length} lines Without-Simmer, expected one.`;
    return { rule: "reason-twice", what, fix: "Tag the release again with one reason." };
  }
  if (reason !== undefined) return wrongReason(release, reason);
  if (certificate.state !== "none") return undefined;
  return {
    rule: "no-certificate",
    what: `${certificate.why}, and the tag's message gives no reason to go without one.`,
    fix: 'Let the build simmer, or end the tag\'s message with a line "Without-Simmer: TEXT".',
  };
}

function wrongReason(release: Release, reason: string): Violation | undefined {
  const fix = "Tag the release again with another reason.";
  // U+FFFD is what became of a byte that is not UTF-8.
  if (reason.includes("\u{fffd}")) {
    const what = `The line Without-Simmer of ${releaseTag(release)} is not UTF-8: ${shown(reason)}.`;
    return { rule: "reason-not-text", what, fix };
  }
  try {
    reasonAs(`The line Without-Simmer of ${releaseTag(release)}`, reason);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { rule: "reason-invalid", what: error.what, fix };
  }
}
