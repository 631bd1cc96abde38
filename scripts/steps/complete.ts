import { print } from "../../infra/base/cli/process";
import type { Step } from "../../infra/base/cli/step";

/** `complete WORD...`: prints what may stand in the place of the last word, one per line; for shell completion. */
export const step: Step = async (words, run) => {
  const { completionsOf } = await import("../completions.js");
  const found = await completionsOf(words, run);
  if (found.length > 0) print(...found);
};
