import type { RunningProgram } from "../../kubernetes/program";

/** Lets a simulator end by itself. */
export interface ExitSignal {
  readonly ended: RunningProgram["ended"];
  /** Ends the program. Only the first call counts. */
  end(exitCode: number, reason: string): void;
}

export function exitSignal(): ExitSignal {
  let resolve: (exit: { exitCode: number; reason: string }) => void = () => undefined;
  const ended = new Promise<{ exitCode: number; reason: string }>((settle) => {
    resolve = settle;
  });
  return { ended, end: (exitCode, reason) => resolve({ exitCode, reason }) };
}
