import { type ChildProcess, fork } from "node:child_process";
import { lastLine } from "../../base/lib/exec";
import { OF_STATES, withSecrets } from "../../base/lib/secrets";
import { CLOUDFLARE_TOKEN, NO_TOKEN } from "../../base/model/cloudflare-token";
import type { Job, Outcome } from "./stack";

/** Longest preview of one stack, in seconds. A cluster that does not answer ends it after half a minute. */
const LONGEST = 300;
/** How long an interrupted engine may take to end, in seconds. */
const GRACE = 10;

/** Processes that preview stacks side by side. Each is started when it is needed and keeps what it loaded. */
export class Pool {
  private readonly idle: Worker[] = [];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private started = 0;

  /**
   * @param file program of a worker, which calls `serveJobs`
   * @param processes how many work at the same time
   */
  constructor(
    private readonly file: string,
    private readonly processes: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts the processes before their first job is known. */
  warm(): void {
    while (this.started < this.processes) this.idle.push(this.start());
  }

  /** Previews a stack as soon as a process is free. */
  async run(job: Job): Promise<Outcome> {
    if (this.signal.aborted) return INTERRUPTED;
    const worker = this.idle.pop() ?? (this.started < this.processes ? this.start() : await this.next());
    const outcome = await worker.run(job, this.signal);
    this.free(worker);
    return outcome;
  }

  /** Ends the processes. */
  close(): void {
    for (const worker of this.idle) worker.end();
  }

  private start(): Worker {
    this.started += 1;
    return new Worker(this.file);
  }

  private next(): Promise<Worker> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private free(worker: Worker): void {
    if (!worker.isUsable) worker.end();
    const usable = worker.isUsable ? worker : new Worker(this.file);
    const next = this.waiting.shift();
    if (next) next(usable);
    else this.idle.push(usable);
  }
}

const INTERRUPTED: Outcome = { kind: "failed", reason: "the preview was interrupted" };

class Worker {
  private readonly child: ChildProcess;
  private stderr = "";
  private isStopped = false;

  constructor(file: string) {
    this.child = fork(file, {
      execArgv: ["-r", "./infra/preload.cjs"],
      // A preview reads states and asks clusters. It asks Cloudflare nothing; the store is read before.
      env: { ...withSecrets(OF_STATES, process.env), [CLOUDFLARE_TOKEN]: NO_TOKEN },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-4096);
    });
  }

  /** Whether it can take another stack: it lives, and was never told to stop. */
  get isUsable(): boolean {
    return !this.isStopped && this.child.connected && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Previews a stack. A process that dies meanwhile has not seen the stack. */
  run(job: Job, signal: AbortSignal): Promise<Outcome> {
    const { child } = this;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => stop({ kind: "failed", reason: `it took longer than ${LONGEST} s` }),
        LONGEST * 1000,
      );
      let kill: NodeJS.Timeout | undefined;
      let reason: Outcome | undefined;
      const stop = (why: Outcome) => {
        reason ??= why;
        this.isStopped = true;
        child.kill("SIGINT"); // which ends its engine
        kill ??= setTimeout(() => child.kill("SIGKILL"), GRACE * 1000);
      };
      const interrupted = () => stop(INTERRUPTED);
      const finish = (outcome: Outcome) => {
        clearTimeout(timer);
        clearTimeout(kill);
        signal.removeEventListener("abort", interrupted);
        child.off("message", answered).off("close", closed);
        resolve(reason ?? outcome);
      };
      const answered = (outcome: Outcome) => finish(outcome);
      const closed = (code: number | null, by: NodeJS.Signals | null) =>
        finish({
          kind: "failed",
          reason: lastLine(this.stderr) || `its process ended by ${by ?? `exit code ${code}`}`,
        });
      signal.addEventListener("abort", interrupted, { once: true });
      child.once("message", answered).once("close", closed);
      if (child.connected) child.send(job);
      if (signal.aborted) interrupted();
    });
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
