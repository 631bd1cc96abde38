import { isBuildTag, parseBuildTag, parseReleaseTag } from "../../base/model/build-tag";
import { buildRules } from "./build-rules";
import type { TagFacts } from "./facts";
import { formViolation } from "./forms";
import { releaseRules } from "./release-rules";
import { deployedElsewhere, offBranch } from "./shared-rules";
import type { Violation } from "./violation";

export type { Violation } from "./violation";

/**
 * The rules of version tags that a tag breaks, the cause first; none for a good tag. A tag of another form, or one of
 * no commit, breaks that rule alone. What is unseen breaks no rule.
 */
export function violationsOf(tag: string, facts: TagFacts): readonly Violation[] {
  const form = formViolation(tag);
  if (form) return [form];
  if (facts.target.kind !== "commit") {
    const what = `${tag} points to a ${facts.target.kind}, not to a commit.`;
    return [{ rule: "no-commit", what, fix: "Tag a commit of the release branch." }];
  }
  const ofKind = isBuildTag(tag) ? buildRules(parseBuildTag(tag), facts) : releaseRules(parseReleaseTag(tag), facts);
  return [facts.signature, deployedElsewhere(tag, facts), offBranch(tag, facts), ...ofKind].filter(
    (one) => one !== undefined,
  );
}
