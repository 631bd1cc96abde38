import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import { moveBranch } from "../infra/git";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: branch move NAME TAG

Points a branch of the node repository to a build tag's commit, with a lease on the branch's old value, and prints
{"branch", "commit", "previous"}. Does nothing when the branch is there already.

Environment:
  NODE_REPOSITORY   URL of the repository, as git takes it`,
  positionals: [3, 3],
  async run({ positionals: [action, branch, tag] }) {
    if (action !== "move") throw new UserError(`"${action}" is not an action: write move`, 2);
    parseBuildTag(tag as string);
    const move = await moveBranch(variable("NODE_REPOSITORY"), branch as string, tag as string);
    const from = move.previous === move.commit ? "is there already" : `moved from ${move.previous ?? "nothing"}`;
    say(`${branch} ${from}; it points to ${move.commit} (${tag})`);
    answer(move);
  },
});
