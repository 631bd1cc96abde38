import { defineCommand, flag } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { file } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { reasonAs } from "../../infra/base/model/promotion";
import { tagFlags, taggerOf } from "./person";

export const command = defineCommand({
  about: [
    "Tags the checked-out commit as the next build of its version, in a checkout of the node repository. The newest " +
      "commit `Releasing v1.2.3` names the version, and so does the newest section of the changelog. The first build is " +
      "v1.2.3+1. Each further one says why it supersedes the last: the tag keeps it as `Supersedes: v1.2.3+1 TEXT`.",
    "The tag is annotated, and signed if git signs tags. All rules of `smeshnet tag check` are checked before. Only this " +
      "tag is pushed. If the remote lacks commits of the branch, branch and tag go together, both or none.",
    "On a terminal the command asks. Elsewhere it needs `--yes` or `--dry-run`. If a run is killed, the same command " +
      "finishes it.",
  ],
  arguments: {},
  flags: {
    reason: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "Why the last build is superseded; shown publicly. From the second build on it is needed.",
    ),
    ...tagFlags,
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet tag build", "Tag the next build and push it, on a terminal."],
    ["smeshnet tag build --dry-run", "Show the tag, and change nothing."],
    ['smeshnet tag build --reason "The poet was unreachable" --yes', "Tag another build, in a script."],
  ],
  async run(_, { reason, branch, dryRun, yes, json }, run) {
    const tagger = taggerOf({ yes, json, dryRun }, run);
    const [{ tagBuild }, { endLines }, { recordsOf }, { signingOfProject }] = await Promise.all([
      import("../../infra/prepare/tags/build.js"),
      import("../../infra/prepare/tags/text.js"),
      import("./records.js"),
      import("./signing.js"),
    ]);
    const signing = await signingOfProject(run);
    const records = (tag: string, commit: string, builds: readonly string[]) => recordsOf(tag, commit, builds, run);
    const request = { folder: file(".", "folder"), branch, reason, isDry: dryRun, records, signing };
    const done = await tagBuild(request, tagger, run);
    if (json) answer({ schema: 1, ...done });
    else print(...endLines(done));
  },
});
