import { z } from "zod";
import { as, defineCommand, flag, toggle } from "../infra/base/cli/command";
import { file } from "../infra/base/cli/flags";
import { answer, print, printText } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import type { Run } from "../infra/base/lib/run";
import { parseReleaseTag } from "../infra/base/model/build-tag";
import { branchName } from "../infra/base/model/formats";
import { reasonAs } from "../infra/base/model/promotion";
import { LEVELS, type Wish } from "../infra/prepare/bump";
import type { Person } from "../infra/prepare/run";

const level = z.enum(LEVELS).describe(`one of ${LEVELS.join(", ")}`);

export const command = defineCommand({
  about: [
    "Prepares a release, in a checkout of the node repository. It shows the git log since the last version beside " +
      "the changelog's section Unreleased, and what each lacks. Then it proposes the next version, with the commits " +
      "or entries that led to it.",
    "A break of compatibility raises the major version, a feature the minor one, all else the patch. Below 1.0 a " +
      "break raises the minor version, as SemVer allows (item 4). Conventional Commits decide if there are any, else " +
      "the headings in the changelog do.",
    "Unreleased becomes the version with today's date in UTC, and an empty Unreleased opens. The commit is named " +
      "`Releasing v1.2.3`. It holds your own edits of CHANGELOG.md too, is signed if git signs commits, and passes " +
      "the hooks pre-commit, prepare-commit-msg and commit-msg. All other files must be committed before.",
    "On a terminal the command asks. Elsewhere it needs `--yes`, `--bump`, `--version` or `--dry-run`. Nothing " +
      "changes before the commit. If a run is killed at the commit, the next run finishes it.",
  ],
  arguments: {},
  flags: {
    version: flag("VERSION", parseReleaseTag, "Version to release, e.g. v1.2.3, instead of the proposed one."),
    bump: flag("LEVEL", as(level), "Number of the version that rises: major, minor or patch.", { completes: LEVELS }),
    reason: flag(
      "TEXT",
      (text, name) => reasonAs(name, text),
      "Why it is another version than the proposed one. The commit keeps it as `Bump-Reason: TEXT`.",
    ),
    force: toggle("Allow a version that hides a break of compatibility. It needs a reason too."),
    branch: flag("NAME", as(branchName), "Release branch; the default branch of the remote unless given."),
    dryRun: toggle("Print the changelog's diff, and change nothing."),
    yes: toggle("Ask nothing: take the proposed version unless flags name another one, and commit."),
    json: toggle("Print the result as JSON; asks nothing."),
  },
  environment: [],
  examples: [
    ["smeshnet prepare", "Compare, choose the version and commit, on a terminal."],
    ["smeshnet prepare --dry-run", "Show the version and the diff, and change nothing."],
    ["smeshnet prepare --yes --json", "Release the proposed version, in a script."],
    [
      'smeshnet prepare --bump minor --force --reason "No node uses the old table"',
      "Release another version than the changes ask for.",
    ],
  ],
  async run(_, { version, bump, reason, force, branch, dryRun, yes, json }, run) {
    if (version && bump)
      throw new UserError("ChoiceTwice", "`--version` and `--bump` exclude each other.", "Pass one of them.", 2);
    const wish = { version, level: bump, reason, isForced: force };
    const isChosen = yes || dryRun || version !== undefined || bump !== undefined;
    const isAttended = process.stdin.isTTY && process.stdout.isTTY && !json;
    if (!isAttended && !isChosen) {
      throw new UserError(
        "PersonMissing",
        "Nobody can choose the version, because this is no terminal.",
        "Pass `--yes` for the proposed version, `--bump LEVEL` or `--version VERSION` for another one, or `--dry-run`.",
        2,
      );
    }
    const [{ prepare }, { endLines, planLines }] = await Promise.all([
      import("../infra/prepare/run.js"),
      import("../infra/prepare/text.js"),
    ]);
    const person: Person = {
      ...(isAttended && !yes && !dryRun ? await atTerminal(run) : SILENT),
      sees: (plan) => (json ? undefined : print(...planLines(plan), "")),
    };
    const request = { folder: file(".", "folder"), branch, wish, isDry: dryRun };
    const prepared = await prepare(request, person, run);
    if (json) answer({ schema: 1, ...prepared });
    else print(...endLines(prepared));
  },
});

/** Flags say everything. */
const SILENT = {
  chooses: async (_: unknown, wish: Wish) => wish,
  agrees: async () => undefined,
};

/** A person at the terminal chooses, sees the diff and agrees. */
async function atTerminal({ signal }: Run): Promise<Omit<Person, "sees">> {
  const { askCommit, askWish } = await import("../infra/prepare/ask.js");
  return {
    chooses: (proposal, wish) => askWish(proposal, wish, { signal }),
    agrees: async (release, diff) => {
      printText(diff);
      await askCommit(release, { signal });
    },
  };
}
