import { openExistingStack } from "../base/engine/open";
import { engineDestroy } from "../base/engine/run";
import { realClock } from "../base/lib/clock";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { channelsOf } from "../base/model/channel";
import type { Settings } from "../base/model/settings";
import { openStore } from "../base/store/open";
import { holdsOn, type Retirement, requireRetirable } from "./guard";

export interface RetireRun {
  readonly tag: BuildTag;
  readonly settings: Settings;
  /** Why it is retired, for the history at the edge. */
  readonly why?: string;
  /** How it was doing, for the history: one of the verdicts. */
  readonly verdict?: string;
  /** Why logs may be missing from the archive. */
  readonly gap?: string;
  /** As for deploy --events. */
  readonly events?: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Retires a network by destroying its stack. Waits until no cache can lead to it any more.
 * @throws {UserError} before anything has changed, when a channel points to it or its archive could not be kept
 */
export async function retireNetwork(run: RetireRun): Promise<void> {
  const { tag, settings, why, verdict, gap, events, signal, say } = run;
  const text = buildTag(tag);
  const stack = await openExistingStack(stackName(tag), `there is no network ${text}`);
  const store = openStore(settings.archive);
  const retirement = { tag, channels: channelsOf(settings), zoneId: settings.zoneId, store, signal };
  await expiry(retirement, say);
  // The stack's own guard asks the same; after a retirement that has stopped it is no longer in the state.
  await requireRetirable(retirement);
  const told = { RETIREMENT_REASON: why, RETIREMENT_VERDICT: verdict, ARCHIVE_GAP: gap };
  const given = Object.entries(told).filter((entry): entry is [string, string] => Boolean(entry[1]));
  stack.workspace.envVars = { ...stack.workspace.envVars, ...Object.fromEntries(given) };
  const started = Date.now();
  await engineDestroy({ stack, what: text, zoneId: settings.zoneId, signal, say, events });
  say(`${text} is retired after ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Resolves when time alone no longer holds a network. */
async function expiry(retirement: Retirement, say: (line: string) => void): Promise<void> {
  const holds = await holdsOn(retirement);
  const until = Math.max(0, ...holds.map((hold) => hold.until ?? Number.POSITIVE_INFINITY));
  if (until === 0 || until === Number.POSITIVE_INFINITY) return; // nothing, or nothing that passes
  for (const { why } of holds) say(why);
  await realClock.sleep(Math.max(0, until - Date.now()) / 1000, retirement.signal);
}
