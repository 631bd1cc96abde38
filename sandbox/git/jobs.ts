import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../environment";
import { CHECKOUT, places, requireWorld } from "../home";
import { recordedProcesses, recordProcess } from "../kubernetes/process-records";

/** A deployment or promotion that the repository's CI started. */
export interface Job {
  readonly tag: string;
  /** File with its output. */
  readonly log: string;
  /** Exit code; undefined while the job runs, null when it was killed. */
  readonly exitCode?: number | null;
}

const logOf = (home: string, tag: string): string => join(places(home).logs, `ci-${tag}.log`);
const resultOf = (home: string, tag: string): string => join(places(home).jobs, `${tag}.exit`);

/** Starts the job of a tag in a process of its own, which outlives the push. */
export function startJob(home: string, tag: string): void {
  const { jobs, logs } = places(home);
  for (const folder of [jobs, logs]) mkdirSync(folder, { recursive: true });
  rmSync(resultOf(home, tag), { force: true });
  const log = openSync(logOf(home, tag), "a");
  const child = spawn(process.execPath, ["--import", "tsx", join(CHECKOUT, "sandbox/git/run-job.ts"), home, tag], {
    cwd: CHECKOUT,
    detached: true,
    stdio: ["ignore", log, log],
    env: jobEnvironment(home),
  });
  recordProcess(jobs, tag, child.pid);
  child.unref();
}

/** Records how a job ended. */
export function finishJob(home: string, tag: string, exitCode: number | null): void {
  writeFileSync(resultOf(home, tag), `${exitCode}`);
}

/** All jobs of this sandbox, sorted by tag. */
export function listJobs(home: string): Job[] {
  const { logs, jobs } = places(home);
  const running = recordedProcesses(jobs);
  const tags = existsSync(logs) ? readdirSync(logs).flatMap((file) => /^ci-(.+)\.log$/.exec(file)?.[1] ?? []) : [];
  return tags.sort().map((tag) => {
    const ended = existsSync(resultOf(home, tag)) ? readFileSync(resultOf(home, tag), "utf8") : undefined;
    const exitCode =
      ended === undefined ? (running.has(tag) ? undefined : null) : ended === "null" ? null : Number(ended);
    return { tag, log: logOf(home, tag), exitCode };
  });
}

/**
 * Variables of a job. A hook's own variables (GIT_DIR and others) would point the job's git at the wrong repository.
 */
function jobEnvironment(home: string): NodeJS.ProcessEnv {
  const callers = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(callers), ...environment(home, requireWorld(home)) };
}
