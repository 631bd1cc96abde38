import { z } from "zod";
import type { Life } from "../archive/life";
import { nonEmptyText, timeText } from "../base/model/formats";
import { type HistoryVerdict, VERDICTS } from "../base/model/verdict";

/** The reason when nobody gives one. */
const NO_REASON = "retired by hand, no reason given";
/** Longest reason that a line of the index holds, in characters. */
const LONGEST_REASON = 1000;

/** The variable RETIREMENT_REASON, which may be empty or unset. */
export const retirementReason: z.ZodType<string> = z
  .string()
  .optional()
  .transform((text) => text?.trim().replace(/\s+/g, " ") || NO_REASON)
  .pipe(z.string().max(LONGEST_REASON))
  .describe(`the reason of the retirement, at most ${LONGEST_REASON} characters`);

/** The variable RETIREMENT_VERDICT, which may be empty or unset. */
export const retirementVerdict: z.ZodType<HistoryVerdict> = z
  .string()
  .optional()
  .transform((text) => text || "not judged")
  .pipe(z.enum(VERDICTS))
  .describe(VERDICTS.join(", "));

/** What `step history open` prints, as the engine hands it to the deletion of the same step. */
export const opened: z.ZodType<Life> = z
  .looseObject({ openedAt: timeText, life: nonEmptyText.optional() })
  .describe('the step\'s own output, {"openedAt": time, "life": id},');
