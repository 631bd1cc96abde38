import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { buildTag } from "../base/model/build-tag";
import type { RunningNetwork } from "./networks";

export interface FleetOptions {
  /** Finds the networks to watch. It is asked again and again. @throws {UserError} when it cannot tell now */
  readonly find: () => Promise<readonly RunningNetwork[]>;
  /** Watches one network until it is retired or the signal is aborted. */
  readonly watch: (network: RunningNetwork, run: Run) => Promise<void>;
  /** Time between two searches, in seconds. */
  readonly every: number;
}

/**
 * Watches all networks there are: new ones are taken up and retired ones let go, until the run is interrupted. While
 * the networks cannot be found out, those that are watched stay watched.
 */
export async function watchFleet({ find, watch, every }: FleetOptions, run: Run): Promise<void> {
  const watched = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  let failed: unknown;
  const take = (network: RunningNetwork, key: string) => {
    if (!network.isLeaving) run.say(`${buildTag(network.tag)}: watched from now on`);
    const stop = new AbortController();
    const signal = AbortSignal.any([run.signal, stop.signal]);
    const ended = watch(network, { ...run, signal })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        if (!(error instanceof UserError)) failed = error; // a bug: nobody else would see it
        run.say(`${buildTag(network.tag)}: ${(error as Error).message}`);
      })
      .then(() => void watched.delete(key));
    watched.set(key, { stop, ended });
  };
  try {
    while (failed === undefined) {
      const networks = await findSafely(find, run);
      if (networks) {
        const present = new Map(networks.map((network) => [keyOf(network), network]));
        for (const [key, network] of present) if (!watched.has(key)) take(network, key);
        for (const [key, { stop }] of watched) if (!present.has(key)) stop.abort("gone");
      }
      await run.clock.sleep(every, run.signal);
    }
  } finally {
    for (const { stop } of watched.values()) stop.abort("ended");
    await Promise.all([...watched.values()].map(({ ended }) => ended));
  }
  throw failed;
}

/** A tag that is deployed again is another network. */
const keyOf = ({ tag, outputs }: RunningNetwork): string => `${buildTag(tag)} ${outputs.genesisId}`;

async function findSafely(find: FleetOptions["find"], run: Run): Promise<readonly RunningNetwork[] | undefined> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof UserError) || run.signal.aborted) throw error;
    run.say(`the networks cannot be found out: ${error.what}`);
    return undefined;
  }
}
