import { actionOf, argumentAs, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { isReleaseTag, parseBuildTag } from "../../infra/base/model/build-tag";
import { branchName, repositoryUrl } from "../../infra/base/model/formats";
import { moveBranch } from "../../infra/deploy/branch";

main({
  help: `
Usage: branch move NAME TAG

Points a branch of the node repository to the commit of a build tag or a release tag, with a lease on the branch's old value, and prints
{"branch", "commit", "previous"}. Does nothing when the branch is there already.

Environment:
  NODE_REPOSITORY   URL of the repository, as git takes it`,
  positionals: [3, 3],
  async run({ positionals: [action, name, tag] }) {
    actionOf(action, "move");
    if (!isReleaseTag(tag as string)) parseBuildTag(tag as string);
    const branch = argumentAs("NAME", name, branchName);
    const move = await moveBranch(variableAs("NODE_REPOSITORY", repositoryUrl), branch, tag as string);
    const from = move.previous === move.commit ? "is there already" : `moved from ${move.previous ?? "nothing"}`;
    say(`${branch} ${from}; it points to ${move.commit} (${tag})`);
    answer(move);
  },
});
