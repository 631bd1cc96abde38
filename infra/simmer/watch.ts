import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { NetworkSample } from "../base/model/sample";
import { type Judge, judge as realJudge } from "../base/verdict/judge";
import type { Terms } from "./entry";
import type { SimmerLog } from "./log";
import type { Spool } from "./spool";

export interface WatchOptions {
  readonly terms: Terms;
  readonly log: SimmerLog;
  readonly spool: Spool;
  /** The watcher: one machine. */
  readonly watcher: string;
  /** Time between two samples, in seconds. */
  readonly every: number;
  /** Asks the network. @param layer where to compare state roots; undefined while no layer is verified */
  readonly ask: (layer: number | undefined) => Promise<NetworkSample>;
  /** The judge; another one only in the simulation, which finds wrong judges. */
  readonly judge?: Judge;
}

/** What became of a sample. */
export type Watched = "logged" | "kept";

/**
 * Watches a network once: takes a sample, keeps it on disk, and adds all samples that wait to the log. While the store
 * is away, samples wait.
 * @returns whether all samples are in the log
 */
export async function watchOnce(options: WatchOptions, run: Run): Promise<Watched> {
  const { log, spool, watcher, every, ask } = options;
  await openIfPossible(log);
  const sample = await ask(log.state.memory.verified);
  await spool.keep(sample, every, log.state.memory.watchers[watcher]?.serial ?? 0);
  return flush(options, run);
}

/** The log says where to compare state roots, also to a job that takes one sample and ends. The store may be away. */
async function openIfPossible(log: SimmerLog): Promise<void> {
  try {
    await log.open();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** Adds all samples that wait to the log, oldest first. */
export async function flush(options: WatchOptions, run: Run): Promise<Watched> {
  const { terms, log, spool, watcher, judge = realJudge } = options;
  try {
    await log.agree(terms);
    for (const waiting of spool.samples) {
      await log.add((state) => {
        const { memory } = state;
        if ((memory.watchers[watcher]?.serial ?? 0) >= waiting.serial) return undefined; // added before the watcher was killed
        const judged = judge(terms.network, terms.thresholds, memory, { watcher, ...waiting });
        const { verdict } = judged.memory;
        return {
          body: { kind: "sample", watcher, ...waiting, verdict, evidence: judged.evidence },
          state: { ...state, memory: judged.memory },
        };
      });
      await spool.release(waiting.serial);
    }
    return "logged";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`${spool.samples.length} samples wait for the store: ${error.what}`);
    return "kept";
  }
}
