import type { Cloudflare } from "../base/clients/cloudflare";
import { removeFailure } from "../base/clients/failures";
import { openStack, pulumiCli, stateOfExisting } from "../base/engine/open";
import { requirePassphrase } from "../base/engine/passphrase";
import { printedBy } from "../base/engine/printed";
import { engineDestroy } from "../base/engine/run";
import { exportedStack, rootOutputs } from "../base/engine/state";
import { type Run, timed } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { channelsOf } from "../base/model/channel";
import { EdgeOutputs, readOutputs } from "../base/model/outputs";
import type { Settings } from "../base/model/settings";
import { STEPS } from "../base/model/steps";
import type { Store } from "../base/store/contract";
import { holdsOn, type Retirement, requireRetirable } from "./guard";

export interface RetireOptions {
  readonly tag: BuildTag;
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  /** Why it is retired, for the public history. */
  readonly why?: string;
  /** Its health, for the public history: one of the verdicts. */
  readonly verdict?: string;
  /** Why logs may be missing from the archive. */
  readonly gap?: string;
  /** File that gets the engine's events. */
  readonly events?: string;
}

/**
 * Retires a network by destroying its stack. First it waits until no DNS cache can lead to the network.
 * @throws {UserError} before anything has changed, when a channel points to it or its archive could not be kept
 */
export async function retireNetwork(options: RetireOptions, run: Run): Promise<void> {
  const { tag, settings, store, cloudflare, why, verdict, gap, events } = options;
  const { zoneId } = settings;
  const text = buildTag(tag);
  const name = stackName(tag);
  const reading = stateOfExisting(name, `Network ${text} is not deployed.`, run);
  const open = reading.then((state) => requirePassphrase(name, state));
  const [state] = await together(reading, pulumiCli(), open);
  const retirement = { tag, channels: channelsOf(settings), zoneId, cloudflare, store };
  await expiry(retirement, run);
  // The stack's own guard checks the same, but after an interrupted retirement it is no longer in the state.
  await requireRetirable(retirement, run);
  const variables = {
    RETIREMENT_REASON: why || undefined,
    RETIREMENT_VERDICT: verdict || undefined,
    ARCHIVE_GAP: gap || undefined,
  };
  const stack = await openStack(name, true);
  const engine = { stack, what: text, zoneId, cloudflare, events, variables };
  const [, seconds] = await timed(run, () => engineDestroy(engine, run));
  // The history takes a failure over. A network that failed before its history began has none.
  if (printedBy(STEPS.history, state) === undefined) await forgetFailure(options, run);
  run.say(`${text}: retired, ${seconds} s`);
}

/** Removes the failure of a network that is gone from the edge, if there is an edge. */
async function forgetFailure({ tag, settings, cloudflare }: RetireOptions, run: Run): Promise<void> {
  const edge = await exportedStack("edge", run);
  if (!edge) return;
  const { namespaceId } = readOutputs(EdgeOutputs, "edge", rootOutputs(edge));
  await removeFailure(cloudflare, { accountId: settings.accountId, namespaceId }, tag);
}

/** Resolves when no hold is left that time alone ends. */
async function expiry(retirement: Retirement, run: Run): Promise<void> {
  const holds = await holdsOn(retirement, run);
  const until = Math.max(0, ...holds.map((hold) => hold.until ?? Number.POSITIVE_INFINITY));
  if (until === 0 || until === Number.POSITIVE_INFINITY) return; // no hold, or one that time does not end
  for (const { why } of holds) run.say(`${why}; waiting`);
  await run.clock.sleep(Math.max(0, until - run.clock.now()) / 1000, run.signal);
}
