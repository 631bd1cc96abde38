import type { Job, Outcome } from "./stack";

/** The side of a worker: takes jobs from the process that started it, and ends with it. */
export function serveJobs(act: (job: Job, signal: AbortSignal) => Promise<Outcome>): void {
  const interrupt = new AbortController();
  // The one that started us decides when to end: Ctrl+C reaches all processes of a terminal.
  process.on("SIGINT", () => interrupt.abort("SIGINT"));
  process.on("disconnect", () => process.exit());
  process.on("message", (job: Job) => {
    void act(job, interrupt.signal).then((outcome) => process.send?.(outcome));
  });
}
