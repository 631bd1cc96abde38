import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ContainerContext } from "../../sandbox/kubernetes/program";
import { CHECKOUT } from "./checkout";

/** Nodes of today in a process of their own, which a test may kill. */
export class TodayProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts nodes of one network and waits until all listen. */
  static async start(containers: readonly Omit<ContainerContext, "log">[]): Promise<TodayProcess> {
    const program = ["--import", "tsx", join(__dirname, "today-process-main.ts"), JSON.stringify(containers)];
    const child = spawn(process.execPath, program, { cwd: CHECKOUT, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const started = await Promise.race([once(child, "message"), once(child, "exit").then(() => undefined)]);
    if (started === undefined) throw new Error("the nodes did not start");
    return new TodayProcess(child);
  }

  /** Ends the process without a word, as `kill -9` does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}
