import { actionOf, argumentAs, jsonVariable, optionalVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { isReleaseTag, parseBuildTag } from "../../infra/base/model/build-tag";
import { branchName, commitName, commitText, object, repositoryUrl } from "../../infra/base/model/formats";
import { moveBranchStep } from "../../infra/deploy/branch";

/**
 * `branch move NAME TAG`: points a branch of the node repository to the commit of a build tag or a release tag. COMMIT
 * is the commit that was decided before.
 */
export const step: Step = async (words, run) => {
  const [action, name, tag = ""] = wordsOf(words, "branch move NAME TAG");
  actionOf(action, "move");
  if (!isReleaseTag(tag)) parseBuildTag(tag);
  const branch = argumentAs("NAME", name, branchName);
  const goal = { tag, commit: decided() };
  answer(await moveBranchStep(variableAs("NODE_REPOSITORY", repositoryUrl), branch, goal, run));
};

const printed = object({ commit: commitText }).describe('the step\'s own output, {"commit": commit}');

/** The commit that the stack hands on. The step that decides it keeps what it printed when it first ran. */
function decided(): string | undefined {
  if (optionalVariable("COMMIT")) return variableAs("COMMIT", commitName);
  return optionalVariable("PULUMI_COMMAND_STDOUT") && jsonVariable("PULUMI_COMMAND_STDOUT", printed).commit;
}
