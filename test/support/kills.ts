import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { listProcesses, type Process, treeOf } from "../../infra/base/lib/processes";
import { runWith } from "../../infra/base/lib/run";
import { waitFor } from "../../infra/base/lib/wait";
import { CHECKOUT } from "../../sandbox/home";

/** The program of a stack, and not that of the policy pack. */
const PROGRAM = /@pulumi\/pulumi\/cmd\/run(\/index\.js)? /;

/** Processes that are killed, by their command lines. */
export const VICTIMS = {
  engine: /(^|\/)pulumi (up|destroy) /,
  program: PROGRAM,
  "language host": /pulumi-language-nodejs/,
  "command plugin": /resource-command-/,
  "Cloudflare plugin": /resource-cloudflare-/,
  "Kubernetes plugin": /resource-kubernetes-/,
  "go-spacecraft": /sandbox\/spacecraft\/main\.ts/,
} as const;

/** The engine also starts language hosts that it only asks for plugins. The death of one of those changes nothing. */
const AT_WORK: Readonly<Record<string, RegExp>> = { "language host": PROGRAM };

/** Seconds until a victim must have started, once its moment has come. */
const APPEARS = 120;

/** A command of ours that runs the engine, as a child of the test. */
export class Running {
  /** Every line of its progress. */
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown[]>;
  private readonly watchers = new Set<(line: string) => void>();

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd = CHECKOUT) {
    this.child = spawn(process.execPath, ["scripts/smeshnet.cjs", ...args], {
      cwd,
      env,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true, // a group of its own, as a shell gives it: Ctrl+C reaches all of it
    });
    this.closed = once(this.child, "close");
    createInterface({ input: this.child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      this.lines.push(line);
      for (const watcher of this.watchers) watcher(line);
    });
  }

  /** Resolves when a line of its progress matches. @throws when it ends before */
  async says(pattern: RegExp): Promise<void> {
    if (!this.lines.some((line) => pattern.test(line))) await this.saysNext(pattern);
  }

  /** The same for a line that is still to come. */
  async saysNext(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.watchers.add((line) => pattern.test(line) && resolve());
      void this.closed.then(() => reject(new Error(`it ended without ${pattern}:\n${this.lines.join("\n")}`)));
    });
  }

  /**
   * Kills one of its processes: a victim, `step NAME`, or `itself`. It waits until there is one. Of a plugin it kills
   * all: each part of Cloudflare has a process of its own.
   */
  async kill(victim: string): Promise<void> {
    if (victim === "itself") return void this.child.kill("SIGKILL");
    const pattern = VICTIMS[victim as keyof typeof VICTIMS] ?? new RegExp(`smeshnet\\.cjs ${victim} `);
    const child = AT_WORK[victim];
    const look = async () => {
      const all = await listProcesses(AbortSignal.timeout(5000));
      const family = this.family(all);
      const works = ({ pid }: Process) =>
        !child || family.some(({ parent, args }) => parent === pid && child.test(args));
      const found = family.filter((one) => pattern.test(one.args) && !one.args.startsWith("/bin/sh") && works(one));
      return found.length > 0 ? { value: found } : { seen: "no such process" };
    };
    const options = { what: `${victim} to run`, limit: APPEARS, every: 0.02 };
    const found = await waitFor<Process[]>(look, options, runWith());
    for (const { pid } of victim.endsWith("plugin") ? found : found.slice(0, 1)) end(pid);
  }

  /** Kills it, its engine, all plugins, steps and go-spacecraft at once, as when a machine is reset. */
  async crash(): Promise<void> {
    const all = await listProcesses(AbortSignal.timeout(5000));
    const ours = /(^|\/)pulumi(-|\s)|resource-|@pulumi\/pulumi|smeshnet\.cjs|spacecraft\/main/;
    for (const { pid, args } of this.family(all).reverse()) if (ours.test(args)) end(pid);
    end(this.child.pid as number);
    await this.closed;
  }

  /** Ctrl+C in the terminal that runs it. */
  interrupt(): void {
    process.kill(-(this.child.pid as number), "SIGINT");
  }

  /** Its exit code once it has ended; null when it was killed. */
  async ended(): Promise<number | null> {
    const [exitCode] = await this.closed;
    return exitCode as number | null;
  }

  private family(all: readonly Process[]): Process[] {
    return treeOf({ pid: this.child.pid as number }, all).filter(({ pid }) => pid !== this.child.pid);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended by itself
  }
}
