import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import type { Overview } from "./model";

/** Fields that move while nothing happens. */
const MOVING: ReadonlySet<string> = new Set(["at", "watchedAt", "fullAt"]);

/** What a person would call the same overview: all but the times that each look moves. */
export const essenceOf = (overview: Overview): string =>
  JSON.stringify(overview, (key, value: unknown) => (MOVING.has(key) ? undefined : value));

export interface FollowOptions {
  readonly look: (run: Run) => Promise<Overview>;
  /** Shows one overview. */
  readonly show: (overview: Overview) => void;
  /** Shows only those that differ from the one before. */
  readonly onlyChanges: boolean;
  /** Time between two looks, in seconds. */
  readonly every: number;
}

/**
 * Shows the overview again and again until the run is interrupted. While it cannot be read, the last one counts.
 * @throws {UserError} when the first look fails
 */
export async function follow({ look, show, onlyChanges, every }: FollowOptions, run: Run): Promise<never> {
  let shown: string | undefined;
  let complaint: string | undefined;
  for (;;) {
    try {
      // After the first look progress would only stand in the way.
      const overview = await look(shown === undefined ? run : { ...run, say: () => undefined });
      const essence = essenceOf(overview);
      if (!onlyChanges || essence !== shown) show(overview);
      shown = essence;
      complaint = undefined;
    } catch (error) {
      if (!(error instanceof UserError) || shown === undefined || run.signal.aborted) throw error;
      if (error.what !== complaint) run.say(`the stacks cannot be listed: ${error.what}`);
      complaint = error.what;
    }
    await run.clock.sleep(every, run.signal);
  }
}
