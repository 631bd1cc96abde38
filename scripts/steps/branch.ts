import { actionOf, argumentAs, jsonVariable, optionalVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { isReleaseTag, parseBuildTag } from "../../infra/base/model/build-tag";
import {
  branchName,
  buildTagText,
  commitName,
  commitText,
  nonEmptyText,
  object,
  repositoryUrl,
} from "../../infra/base/model/formats";
import { DECIDED_COMMIT } from "../../infra/base/model/source";
import { moveBranchStep } from "../../infra/deploy/branch";
import { supersededBy } from "../../infra/deploy/superseded";

/**
 * `branch move NAME TAG`: points a branch of the node repository to the commit of a build tag or a release tag. COMMIT
 * is the commit that was decided before. Without it, `smeshnet deploy` tells the commit that it checked in
 * DECIDED_COMMIT; with `pulumi up` alone the tag decides.
 */
export const step: Step = async (words, run) => {
  const [action, name, tag = ""] = wordsOf(words, "branch move NAME TAG");
  actionOf(action, "move");
  if (!isReleaseTag(tag)) parseBuildTag(tag);
  const branch = argumentAs("NAME", name, branchName);
  const repository = variableAs("NODE_REPOSITORY", repositoryUrl);
  if (optionalVariable("COMMIT")) {
    const goal = { tag, commit: variableAs("COMMIT", commitName) };
    return answer(await moveBranchStep(repository, branch, goal, run));
  }
  // The step that decides keeps what it printed when it first ran.
  const before = optionalVariable("PULUMI_COMMAND_STDOUT") && jsonVariable("PULUMI_COMMAND_STDOUT", printed);
  const decided = before ? before.commit : optionalVariable(DECIDED_COMMIT) && variableAs(DECIDED_COMMIT, commitName);
  const move = await moveBranchStep(repository, branch, { tag, commit: decided || undefined }, run);
  const superseded = before ? before.supersedes : await supersededBy(repository, { tag, commit: move.commit });
  answer({ ...move, ...(superseded && { supersedes: superseded }) });
};

const printed = object({
  commit: commitText,
  supersedes: object({ tag: buildTagText, why: nonEmptyText }).optional(),
}).describe('the step\'s own output, {"commit": commit}');
