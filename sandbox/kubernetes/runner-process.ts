import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recordProcess } from "./process-records";

/** Name under which a cluster's runner is recorded. */
export const RUNNER = "runner";

/** The runner of a cluster while the cluster is being made. */
export interface StartingRunner {
  /** The number it has claimed for the cluster. */
  readonly number: number;
  /** Lets it play the nodes of the control plane that is up now; resolves when pods can be created. */
  play(): Promise<void>;
}

/**
 * Starts the runner of a cluster as a process of its own that outlives this one.
 * @param programs module that exports `programs`, which play the images.
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
    throw new Error(`the runner of the cluster has ended: ${lastWords}`);
  });
  ended.catch(() => undefined); // told to whoever waits for a message
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
