import type { StoredRecord } from "../base/model/history-record";
import { type HistoryVerdict, VERDICTS } from "../base/model/verdict";
import type { Trouble } from "./simmer-story";
import type { Simmered } from "./simmered";

/** The records that tell how a network ended. */
interface Ends {
  readonly simmered: Simmered | undefined;
  readonly history: Pick<StoredRecord, "verdict"> | undefined;
}

/** Whether a time is known and comes after another. */
export const isLaterThan = (time: string | undefined, other: string | undefined): boolean =>
  time !== undefined && other !== undefined && Date.parse(time) > Date.parse(other);

/**
 * The health of the network at its end: what the history says, or else the watcher that retired it, or else the log. A
 * retired network that was last out of sight was perhaps only shut down: nobody judged it.
 */
export function verdictOf({ simmered, history }: Ends): HistoryVerdict {
  const judged = VERDICTS.find((verdict) => verdict === history?.verdict && verdict !== "not judged");
  const last = simmered?.told.state.retirement?.verdict ?? simmered?.told.state.memory.verdict;
  const seen = last === "blind" && (history || !simmered?.open) ? undefined : last;
  return judged ?? seen ?? "not judged";
}

/** The trouble to tell of: the one that did not end, unless it is only that a healthy network was shut down. */
export function diedOf({
  simmered,
  history,
  verdict,
}: Ends & { readonly verdict: HistoryVerdict }): Trouble | undefined {
  const { open, ended } = simmered ?? {};
  const isShutDown = open?.verdict === "blind" && history !== undefined && verdict !== "blind";
  return isShutDown ? ended : (open ?? ended);
}
