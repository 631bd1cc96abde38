import { SIMMER_VERDICTS, type Verdict } from "../base/model/verdict";
import type { Evidence } from "../base/verdict/judge";
import { evidenceInWords } from "../base/verdict/words";
import { lifeSpan } from "../base/web/format";
import type { SimmerLog } from "./log";
import { countedTime, dayText, fullTime, missedVisits, missingFor } from "./progress";

/** The state of a simmer, as `smeshnet simmer status --json` prints it. Times are RFC 3339, durations in seconds. */
export interface SimmerStatus {
  readonly tag: string;
  readonly verdict: Verdict;
  readonly since: string;
  /** What led to the verdict, in words and as data. */
  readonly evidence: string;
  readonly details?: Evidence;
  /** Days counted, rounded down to tenths, of those needed. */
  readonly day: number;
  readonly days: number;
  readonly observed: Readonly<Record<Verdict, number>>;
  readonly unwatched: number;
  /** When the network was stalled, split or out of sight the last time. */
  readonly lastTrouble?: { readonly verdict: Verdict; readonly from: string; readonly to: string };
  /** What is missing for the certificate; empty when it can be sealed. */
  readonly missing: readonly string[];
  /** Days on which nobody visited explorer and dashboard. */
  readonly missedVisits: readonly number[];
  /**
   * Nodes that did not call themselves synced in the last sample. Their verified layer decides, so that is no verdict:
   * a node may follow for good and never say so (go-spacemesh syncer/state_syncer.go).
   */
  readonly notSynced: readonly string[];
  /** Time of the last sample; absent before the first. */
  readonly watchedAt?: string;
  /** Time between two samples, as the last watcher said, in seconds; absent before the first. */
  readonly every?: number;
  /** When the days are full at the earliest, if the network goes on well; absent once they are. */
  readonly fullAt?: string;
  /** Time of the last sample that the certificate covers; absent without a certificate. */
  readonly certifiedAt?: string;
  readonly log: { readonly prefix: string; readonly entries: number; readonly head: string };
}

/** Reads the state of a simmer from its log. @throws {UserError} when the log cannot be read */
export async function statusOf(log: SimmerLog): Promise<SimmerStatus> {
  const terms = await log.terms();
  const { state, last } = log;
  const { memory } = state;
  const at = (seconds: number) => new Date(terms.network.genesisTime + seconds * 1000).toISOString();
  const sample = await log.lastSample();
  const details = sample?.evidence;
  const samplings = Object.values(memory.watchers).map((one) => one.at);
  const fullAt = fullTime(state, terms, Math.max(0, ...samplings));
  return {
    tag: log.tag,
    verdict: memory.verdict,
    since: at(memory.since),
    evidence: details ? evidenceInWords(memory.verdict, details) : "",
    ...(details && { details }),
    day: Number(dayText(countedTime(state), terms)),
    days: terms.days,
    observed: memory.observed,
    unwatched: memory.unwatched,
    ...(memory.lastTrouble && {
      lastTrouble: { ...memory.lastTrouble, from: at(memory.lastTrouble.from), to: at(memory.lastTrouble.to) },
    }),
    missing: missingFor(state, terms),
    missedVisits: missedVisits(state, terms),
    notSynced: (sample?.sample.nodes ?? []).flatMap((one) => (one.reachable && !one.synced ? [one.node] : [])),
    ...(samplings.length > 0 && { watchedAt: new Date(Math.max(...samplings)).toISOString() }),
    ...(sample && { every: sample.every }),
    ...(fullAt !== undefined && { fullAt: new Date(fullAt).toISOString() }),
    ...(state.certifiedAt !== undefined && { certifiedAt: state.certifiedAt }),
    log: { prefix: log.prefix, entries: last?.entry.number ?? 0, head: last?.sha256 ?? "" },
  };
}

/** The state of a simmer for people. @param now RFC 3339 */
export function renderStatus(status: SimmerStatus, now: string): string[] {
  const { tag, verdict, since, evidence, day, days, observed, unwatched, lastTrouble, missing, missedVisits } = status;
  const { notSynced, watchedAt, log } = status;
  const all = SIMMER_VERDICTS.reduce((sum, one) => sum + observed[one], unwatched);
  const shares = [...SIMMER_VERDICTS.map((one) => [one, observed[one]] as const), ["unwatched", unwatched] as const]
    .filter(([, seconds]) => seconds > 0)
    .map(([name, seconds]) => `${name} ${((100 * seconds) / all).toFixed(1)} %`);
  const rows: readonly (readonly [string, string])[] = [
    ["verdict", `${verdict} since ${since}`],
    ["evidence", evidence],
    ...(notSynced.length > 0 ? [["not synced", `by their own word: ${notSynced.join(", ")}`] as const] : []),
    ["day", `${day.toFixed(1)} of ${days}`],
    ["shares", shares.join(", ") || "nothing counts before the effective genesis"],
    ["last trouble", lastTrouble ? `${lastTrouble.verdict}, ${lastTrouble.from} to ${lastTrouble.to}` : "none"],
    ...(missedVisits.length > 0
      ? [["not visited", `on day ${missedVisits.map((missed) => missed + 1).join(", ")}`] as const]
      : []),
    ["certificate", missing.length > 0 ? `missing: ${missing.join("; ")}` : `ready: smeshnet simmer certify ${tag}`],
    [
      "watched",
      `${watchedAt ? `${lifeSpan(watchedAt, now)} ago` : "not yet"}, ${log.entries} entries in ${log.prefix}`,
    ],
  ];
  return [tag, ...rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`)];
}
