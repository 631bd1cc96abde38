import { z } from "zod";
import { type HistoryVerdict, VERDICTS } from "../base/model/verdict";

/** Why a network was retired, when nobody says. */
const NO_REASON = "retired by hand, no reason given";
/** A line of the index holds no more, in characters. */
const LONGEST_REASON = 1000;

/** The variable RETIREMENT_REASON, which may be empty or left out. */
export const retirementReason: z.ZodType<string> = z
  .string()
  .optional()
  .transform((text) => text?.trim().replace(/\s+/g, " ") || NO_REASON)
  .pipe(z.string().max(LONGEST_REASON))
  .describe(`why the network is retired, in at most ${LONGEST_REASON} characters`);

/** The variable RETIREMENT_VERDICT, which may be empty or left out. */
export const retirementVerdict: z.ZodType<HistoryVerdict> = z
  .string()
  .optional()
  .transform((text) => text || "not judged")
  .pipe(z.enum(VERDICTS))
  .describe(VERDICTS.join(", "));

/** What `history open` has printed. */
export const opened: z.ZodType<{ readonly openedAt: string }> = z
  .looseObject({
    openedAt: z.string("a time").refine((text) => !Number.isNaN(Date.parse(text)), "a time, e.g. 2026-01-01T00:00:00Z"),
  })
  .describe('what "history open" has printed, {"openedAt": time},');
