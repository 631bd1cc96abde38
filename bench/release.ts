import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { listJobs } from "../sandbox/git/jobs";
import { makeHistory, pushBuildTag } from "../sandbox/git/node-history";
import { CHECKOUT, places, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { type Breakdown, breakdown, type TimedEvent } from "./breakdown";

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";

/** What is measured of a release, in this order. */
export const RELEASE_CASES = ["deploy", "preview", "destroy"] as const;
export type ReleaseCase = (typeof RELEASE_CASES)[number];

/** The figure of a case in seconds, and where the time went. */
export type ReleaseFigures = Breakdown & { readonly figure: number };

/** Measures one network in a sandbox of its own: a case and all that come before it. */
export async function measureRelease(
  last: ReleaseCase,
  say: (line: string) => void,
): Promise<Partial<Record<ReleaseCase, ReleaseFigures>>> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  const results: Partial<Record<ReleaseCase, ReleaseFigures>> = {};
  try {
    await up(home, say);
    results.deploy = await deploy(home);
    if (last !== "deploy") {
      const stack = await stackOf(home, STACK);
      results.preview = await timed((onEvent) => stack.preview({ onEvent }));
      if (last === "destroy") results.destroy = await timed((onEvent) => stack.destroy({ onEvent }));
    }
  } finally {
    await down(home, say);
  }
  return results;
}

/** The figures for people. Pure. */
export function renderRelease(results: Partial<Record<ReleaseCase, ReleaseFigures>>): string {
  const rows = Object.entries(results).flatMap(([name, result]) => [
    `${name.padEnd(10)} ${seconds(result.figure)}   of ${seconds(result.total)} in all`,
    `  engine start ${seconds(result.engineStart)}, program start ${seconds(result.programStart)}`,
    `  providers ${seconds(result.providers)}, steps ${seconds(result.steps)} (they overlap)`,
    ...result.each.slice(0, 8).map((step) => `    ${seconds(step.seconds).padStart(8)}  ${step.name}`),
  ]);
  return `${rows.join("\n")}\n`;
}

/** From the push on, as the repository's CI runs it. */
async function deploy(home: string): Promise<ReleaseFigures> {
  await (await stackOf(home, "edge")).up();
  const clone = makeHistory(home);
  const start = Date.now();
  pushBuildTag(clone, TAG);
  const { exitCode, log } = await ended(home);
  const end = Date.now();
  if (exitCode !== 0) throw new SandboxError(`the deployment failed:\n${readFileSync(log, "utf8")}`);
  const lines = readFileSync(join(places(home).logs, `ci-${TAG}.events.jsonl`), "utf8")
    .trim()
    .split("\n");
  const parts = breakdown(
    lines.map((line) => JSON.parse(line) as TimedEvent),
    start,
    end,
  );
  const smoke = parts.each.find(({ name }) => name === "smoke")?.seconds ?? 0;
  return { ...parts, figure: Math.round((parts.total - smoke) * 100) / 100 };
}

async function ended(home: string) {
  for (;;) {
    const job = listJobs(home).find(({ tag }) => tag === TAG);
    if (job && job.exitCode !== undefined) return job;
    await new Promise((resolve) => setTimeout(resolve, 50)); // the job is not our child: its end is a file
  }
}

async function timed(run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<ReleaseFigures> {
  const events: TimedEvent[] = [];
  const start = Date.now();
  await run((event) => events.push({ at: Date.now(), event }));
  const parts = breakdown(events, start, Date.now());
  return { ...parts, figure: parts.total };
}

const stackOf = (home: string, stackName: string): Promise<Stack> => {
  const envVars = environment(home, requireWorld(home));
  // The Automation API looks for the CLI on this process's PATH.
  process.env.PATH = envVars.PATH;
  return LocalWorkspace.createOrSelectStack({ stackName, workDir: CHECKOUT }, { envVars });
};

const seconds = (value: number): string => `${value.toFixed(2)} s`;
