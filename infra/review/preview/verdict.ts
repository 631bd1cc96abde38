import { UserError } from "../../base/lib/errors";
import type { PreviewReport, StackPreview } from "./model";
import { inWords } from "./ticker";

/** The report for people, a line for each stack. */
export const summary = ({ moves, stacks, unseen }: PreviewReport): string[] => [
  ...moves.map(({ channel, release, tag }) => `${channel} moves to ${release} (${tag})`),
  ...stacks.map(({ what, outcome }) => `${what}: ${inWords(outcome)}`),
  ...unseen.map((one) => `not seen: ${one}`),
];

/**
 * @param agreed whether a person agreed to what is dangerous or unseen
 * @throws {UserError} for a stack that could not be previewed, and for what nobody agreed to
 */
export function requireHarmless({ stacks, unseen }: PreviewReport, agreed: boolean): void {
  const broken = namesOf(stacks.filter(isBroken));
  if (broken !== "") {
    throw new UserError(
      "PreviewFailed",
      `The preview failed for ${broken}.`,
      "Correct the causes above, then run the command again.",
    );
  }
  if (agreed) return;
  const hidden = namesOf(stacks.filter(({ outcome }) => outcome.kind === "unseen")) || unseen.join("; ");
  if (hidden !== "") {
    throw new UserError(
      "PreviewUnseen",
      `Not everything could be seen: ${hidden}.`,
      "Run the command with the credentials of a deployment, or agree with `--agreed`.",
    );
  }
}

/** Whether a stack could not be previewed, or a policy would stop its deployment. No agreement helps there. */
const isBroken = ({ outcome }: StackPreview): boolean =>
  outcome.kind === "failed" || (outcome.kind === "previewed" && outcome.violations.some(({ mandatory }) => mandatory));

const namesOf = (stacks: readonly StackPreview[]): string => stacks.map(({ what }) => what).join(", ");
