import { type Clock, realClock } from "./clock";

/** One run of a command: how it is interrupted, how it reports, and what time it is. */
export interface Run {
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Takes one line of progress for people. */
  readonly say: (line: string) => void;
  readonly clock: Clock;
}

/** A run on the machine's own clock. It reports nothing unless it is told how. */
export const runWith = (parts: Partial<Run> = {}): Run => ({
  signal: new AbortController().signal,
  say: () => undefined,
  clock: realClock,
  ...parts,
});

/** Runs an act, and tells by the run's clock how long it took, in whole seconds. */
export async function timed<T>({ clock }: Pick<Run, "clock">, act: () => Promise<T>): Promise<[T, seconds: number]> {
  const start = clock.now();
  const result = await act();
  return [result, Math.round((clock.now() - start) / 1000)];
}
