import { UserError } from "../base/lib/errors";
import type { Store } from "../base/store/contract";
import type { Sealed } from "../simmer/entry";
import { lastLogOf, logsOf } from "../simmer/logs";
import { replay } from "../simmer/replay";
import type { SimmerStory } from "./facts";
import { StoryTeller, type Told, type Trouble } from "./simmer-story";

/** The story of a network's last simmer, with the figures of its state. */
export interface Simmered {
  readonly story: Omit<SimmerStory, "trouble">;
  readonly told: Told;
  /** The last trouble that ended, and the one that did not end. */
  readonly ended?: Trouble;
  readonly open?: Trouble;
}

/**
 * Reads the log of a network's last life, and proves it on the way. What does not follow is told with a doubt.
 * @returns undefined when nobody ever watched the network
 * @throws {UserError} when the store cannot be read
 */
export async function simmerOf(store: Store, tag: string): Promise<Simmered | undefined> {
  if ((await logsOf(store, tag)).length === 0) return undefined;
  const log = await lastLogOf(store, tag);
  const teller = new StoryTeller(tag);
  let head: Sealed | undefined;
  const heard = async function* () {
    for await (const sealed of log.entries()) {
      teller.take(sealed.entry);
      head = sealed;
      yield sealed;
    }
  };
  const doubt = await doubtOf(heard());
  const told = teller.told();
  if (!told) return undefined;
  const { terms, state, from, day, summary } = told;
  const { retirement } = state;
  const { ended, open } = teller;
  return {
    told,
    ...(ended && { ended }),
    ...(open && { open }),
    story: {
      summary,
      watchedFrom: from,
      day,
      days: terms.days,
      nodes: terms.network.nodes.length,
      changes: teller.changes,
      alerts: teller.alerts,
      ...(retirement && { retirement: { at: retirement.at, why: retirement.why } }),
      ...(doubt !== undefined && { doubt }),
      log: { prefix: log.prefix, entries: head?.entry.number ?? 0, head: head?.sha256 ?? "" },
    },
  };
}

/** Codes of errors that tell of a log that was changed. Any other means that the store does not answer. */
const CHANGED: ReadonlySet<string> = new Set(["SimmerLogChanged", "SimmerEntryInvalid", "SimmerLogEmpty"]);

async function doubtOf(entries: AsyncIterable<Sealed>): Promise<string | undefined> {
  try {
    await replay(entries);
    return undefined;
  } catch (error) {
    if (error instanceof UserError && CHANGED.has(error.code)) return error.what;
    throw error;
  }
}
