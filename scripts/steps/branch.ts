import { actionOf, argumentAs, variableAs } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { isReleaseTag, parseBuildTag } from "../../infra/base/model/build-tag";
import { branchName, repositoryUrl } from "../../infra/base/model/formats";
import { moveBranchStep } from "../../infra/deploy/branch";

/** `branch move NAME TAG`: points a branch of the node repository to the commit of a build tag or a release tag. */
export const step: Step = async (words, run) => {
  const [action, name, tag = ""] = wordsOf(words, "branch move NAME TAG");
  actionOf(action, "move");
  if (!isReleaseTag(tag)) parseBuildTag(tag);
  const branch = argumentAs("NAME", name, branchName);
  answer(await moveBranchStep(variableAs("NODE_REPOSITORY", repositoryUrl), branch, tag, run));
};
