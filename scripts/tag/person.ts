import { as, flag, toggle } from "../../infra/base/cli/command";
import { print } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { branchName } from "../../infra/base/model/formats";
import type { Tagger } from "../../infra/prepare/tags/plan";

/** The flags that `tag build` and `tag release` share. */
export const tagFlags = {
  branch: flag("NAME", as(branchName), "Release branch; the default branch of the remote unless given."),
  dryRun: toggle("Show what would be tagged and pushed, and change nothing."),
  yes: toggle("Ask nothing: tag and push."),
  json: toggle("Print the result as JSON; asks nothing."),
};

/** Who says whether a tag is pushed. */
interface Flags {
  readonly yes: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
}

/** The person at the terminal, or the flags. @throws {UserError} when there is neither */
export function taggerOf({ yes, json, dryRun }: Flags, { signal }: Run): Tagger {
  const isAttended = process.stdin.isTTY && process.stdout.isTTY && !json;
  if (!isAttended && !yes && !dryRun) {
    throw new UserError(
      "PersonMissing",
      "Nobody can agree to the tag, because this is no terminal.",
      "Pass `--yes` to tag and push, or `--dry-run`.",
      2,
    );
  }
  return {
    async says(question) {
      if (!isAttended || yes) throw reasonMissing(question);
      const { askReason } = await import("../../infra/prepare/ask.js");
      return askReason(question, { signal });
    },
    async agrees(plan) {
      const { planLines } = await import("../../infra/prepare/tags/text.js");
      if (!json) print(...planLines(plan));
      if (yes) return;
      const { askAgreement } = await import("../../infra/prepare/ask.js");
      await askAgreement(`Push ${plan.tag}?`, { signal });
    },
  };
}

const reasonMissing = (question: string): UserError =>
  new UserError("TagReasonMissing", `The tag needs a reason: ${question}`, "Pass `--reason TEXT`.", 2);
