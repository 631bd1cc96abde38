import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { listJobs } from "../sandbox/git/jobs";
import { makeHistory, pushBuildTag } from "../sandbox/git/node-history";
import { CHECKOUT, places, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { type Breakdown, breakdown, type TimedEvent } from "./breakdown";

const HELP = `
Usage: npm run bench -- deploy|preview|destroy [--json]

Measures one network of 10 nodes in a sandbox of its own, in seconds of wall time, and breaks each figure down:

  deploy    from the push of a tag until its stack is complete, less the smoke test, which waits for layers
  preview   a preview of the complete stack that finds nothing to change
  destroy   the retirement of the network, and of it the archiving of logs

Each also runs what comes before it. --json prints one JSON document.`;

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";
const CASES = ["deploy", "preview", "destroy"];

type Figures = Breakdown & { readonly figure: number };

async function bench(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [last = ""] = positionals;
  if (values.help || !CASES.includes(last)) {
    process.stdout.write(`${HELP.trim()}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  const results: Record<string, Figures> = {};
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
  process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : render(results));
}

/** From the push on, as the repository's CI runs it. */
async function deploy(home: string): Promise<Figures> {
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

async function timed(run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<Figures> {
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

function render(results: Readonly<Record<string, Figures>>): string {
  const rows = Object.entries(results).flatMap(([name, result]) => [
    `${name.padEnd(10)} ${seconds(result.figure)}   of ${seconds(result.total)} in all`,
    `  engine start ${seconds(result.engineStart)}, program start ${seconds(result.programStart)}`,
    `  providers ${seconds(result.providers)}, steps ${seconds(result.steps)} (they overlap)`,
    ...result.each.slice(0, 8).map((step) => `    ${seconds(step.seconds).padStart(8)}  ${step.name}`),
  ]);
  return `${rows.join("\n")}\n`;
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

bench().then(
  () => process.exit(),
  (error: Error) => {
    say(error instanceof SandboxError ? `error: ${error.message}` : (error.stack ?? error.message));
    process.exit(1);
  },
);
