import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recordProcess } from "./process-records";

/** Name under which a cluster's runner is recorded. */
export const RUNNER = "runner";

/** The runner of a cluster during the cluster's creation. */
export interface StartingRunner {
  /** The cluster number that the runner claimed. */
  readonly number: number;
  /** Starts the nodes, once the control plane is up. Resolves when pods can be created. */
  play(): Promise<void>;
}

/**
 * Starts the runner of a cluster as a process that outlives this one.
 * @param programs module that exports the `programs` that run images
 */
export async function startRunnerProcess(folder: string, cluster: string, programs: string): Promise<StartingRunner> {
  mkdirSync(join(folder, "logs"), { recursive: true });
  const logFile = join(folder, "logs/runner.log");
  const log = openSync(logFile, "a");
  const args = ["--import", require.resolve("tsx"), join(__dirname, "kubelet.ts"), cluster, folder, programs];
  const cwd = join(__dirname, "../..");
  const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ["ignore", log, log, "ipc"] });
  closeSync(log);
  recordProcess(folder, RUNNER, child.pid);
  const ended = once(child, "exit").then(() => {
    const lastWords = readFileSync(logFile, "utf8").trim().split("\n").at(-1);
    throw new Error(`The cluster's runner ended: ${lastWords}`);
  });
  ended.catch(() => undefined); // reported to the caller that waits for a message
  const message = () => Promise.race([once(child, "message"), ended]);
  const [{ number }] = (await message()) as [{ number: number }];
  return {
    number,
    async play() {
      const ready = message();
      if (child.connected) child.send("start");
      await ready;
      child.disconnect();
      child.unref();
    },
  };
}
