import { UserError } from "../../base/lib/errors";
import { AGREEMENT_LABEL, type Finding, verdictOf } from "./dangers";
import type { PreviewReport } from "./model";

/**
 * @param agreed whether a person agreed to what is dangerous or unseen
 * @throws {UserError} for what fails in any case, and for what nobody agreed to
 */
export function requireHarmless(report: PreviewReport, agreed: boolean): void {
  const { ok, blocked, dangers, unseen } = verdictOf(report, agreed);
  if (ok) return;
  const failed = blocked.filter(({ kind }) => kind === "failed");
  if (failed.length > 0) {
    throw new UserError(
      "PreviewFailed",
      `The preview failed for ${namesOf(failed)}.`,
      "Correct the causes above, then run the command again.",
    );
  }
  if (blocked.length > 0) {
    throw new UserError(
      "PreviewForbidden",
      `A policy forbids what would happen to ${namesOf(blocked)}.`,
      "Correct the causes above, then run the command again.",
    );
  }
  if (dangers.length > 0) {
    throw new UserError(
      "PreviewDangerous",
      `What would happen to ${namesOf(dangers)} is dangerous.`,
      `Agree with the label ${AGREEMENT_LABEL} on the pull request, or with \`--agreed\`.`,
    );
  }
  throw new UserError(
    "PreviewUnseen",
    `Not everything could be seen: ${namesOf(unseen) || "see above"}.`,
    "Run the command with the credentials of a deployment, or agree with `--agreed`.",
  );
}

const namesOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.flatMap(({ about }) => about))].join(", ");
