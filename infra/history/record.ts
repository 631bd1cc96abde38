import { z } from "zod";
import { type BuildTag, stackName } from "../build-tag";

/** What was judged of a network (design, section 6); `not judged` when nobody has. */
export const VERDICTS = ["healthy", "slow", "stalled", "split", "blind", "not judged"] as const;
export type HistoryVerdict = (typeof VERDICTS)[number];

/** The layers that a network's nodes told at the time of archiving; the highest of each. */
export interface LastSeen {
  readonly verifiedLayer: number;
  readonly topLayer: number;
}

/** What stays of a network for ever: one line a life. Read by edge/history.ts. */
export interface HistoryRecord {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When its deployment began, RFC 3339. */
  readonly openedAt: string;
  /** When the last of it was gone, RFC 3339. */
  readonly retiredAt: string;
  readonly verdict: HistoryVerdict;
  /** Why it was retired, in the operator's words. */
  readonly why: string;
  /** Where the manifest of its archive is; absent when there is no archive. */
  readonly archive?: string;
  readonly lastSeen?: LastSeen;
}

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

/** Key of a record in the edge's KV: a tag that is deployed again gets a line of its own. Pure. */
export const historyKey = (tag: BuildTag, openedAt: string): string => `history:${stackName(tag)}:${openedAt}`;

/** Where an object of a store is; what a store's URL asks for comes last, as in any URL. Pure. */
export function objectUrl(store: string, key: string): string {
  const [, place = store, query = ""] = /^([^?]*)(\?.*)?$/.exec(store) ?? [];
  return `${place.replace(/\/$/, "")}/${key}${query}`;
}

/** The highest layers in an archive's samples.json, a list with what each node has said; undefined when no node has. Pure. */
export function lastSeenIn(samples: unknown): LastSeen | undefined {
  const said = Array.isArray(samples) ? samples.filter((one) => typeof one === "object" && one !== null) : [];
  const highest = (name: string) => Math.max(...said.map((one) => one[name]).filter(Number.isSafeInteger));
  const seen = { verifiedLayer: highest("verifiedLayer"), topLayer: highest("topLayer") };
  return Object.values(seen).every(Number.isFinite) ? seen : undefined;
}
