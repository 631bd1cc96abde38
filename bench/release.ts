import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { listJobs } from "../sandbox/git/jobs";
import { makeHistory, pushQuietly } from "../sandbox/git/node-history";
import { CHECKOUT, type Driver, places, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { type Breakdown, breakdown, type TimedEvent } from "./breakdown";
import { type EmptyFigures, inTurns, measurePreviews, median } from "./empty";
import { measureFloor } from "./floor";

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";

/** Cases of a release, in their order. */
export const RELEASE_CASES = ["deploy", "preview", "again", "floor", "destroy"] as const;
export type ReleaseCase = (typeof RELEASE_CASES)[number];
/** Those of networks in a shared cluster, where objects cannot be removed beside their driver. */
export const SHARED_CASES: readonly ReleaseCase[] = ["deploy", "preview", "again"];

/** Parts of a case's time, and the figure that is compared with a limit, in seconds. */
export interface ReleaseFigures extends Breakdown {
  readonly figure: number;
  /** Meaning of the figure. */
  readonly of: string;
}

export interface ReleaseResults {
  readonly deploy?: ReleaseFigures;
  readonly preview?: ReleaseFigures;
  /** Previews of a program without resources, in seconds. */
  readonly empty?: EmptyFigures;
  /** Seconds of `smeshnet deploy` when there is nothing to do. */
  readonly again?: number;
  /** Plain kubectl with the same objects in the same cluster. */
  readonly floor?: { readonly objects: number; readonly seconds: number };
  readonly destroy?: ReleaseFigures;
}

/**
 * Measures one network in its own sandbox: a case and all cases before it.
 * @param driver with `kubernetes` the network has all components, tap and monitoring too
 */
export async function measureRelease(
  last: ReleaseCase,
  driver: Driver,
  say: (line: string) => void,
): Promise<ReleaseResults> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  const upTo = RELEASE_CASES.indexOf(last);
  const wanted = (name: ReleaseCase) => RELEASE_CASES.indexOf(name) <= upTo;
  try {
    await up(home, say, { driver, monitoring: driver === "kubernetes" });
    await (await stackOf(home, "edge")).up();
    const deploy = await deployed(home);
    if (!wanted("preview")) return { deploy };
    const stack = await stackOf(home, STACK);
    const previews = await measurePreviews(home, () => timed("the whole", (onEvent) => stack.preview({ onEvent })));
    if (!wanted("again")) return { deploy, ...previews };
    const again = median(await inTurns(() => deployAgain(home)));
    if (!wanted("floor")) return { deploy, ...previews, again };
    const floor = await measureFloor(clusterEnvironment(home));
    if (!wanted("destroy")) return { deploy, ...previews, again, floor };
    const destroy = await timed("all but the archiving of logs", (onEvent) => stack.destroy({ onEvent }));
    return { deploy, ...previews, again, floor, destroy: without(destroy, "log-archive") };
  } finally {
    await down(home, say);
  }
}

/** Renders the figures for people. */
export function renderRelease({ deploy, preview, empty, again, floor, destroy }: ReleaseResults): string {
  const rows = [...(deploy ? row("deploy", deploy) : []), ...(preview ? row("preview", preview) : [])];
  if (preview && empty) {
    const times = (figure: number) => `${seconds(figure)}, ours is ${(preview.total / figure).toFixed(2)} times that`;
    rows.push(`  of a program without resources: ${times(empty.plain)}`);
    rows.push(`  the same, loaded as ours is: ${times(empty.preloaded)}`);
  }
  if (preview && again !== undefined) {
    rows.push(`again      ${seconds(again)}   smeshnet deploy without changes`);
    rows.push(`  ${seconds(again - preview.total)} more than the preview`);
  }
  if (destroy) rows.push(...row("destroy", destroy));
  if (floor && deploy) {
    const times = (figure: number) => `${seconds(figure)}, ${(figure / floor.seconds).toFixed(2)} times the floor`;
    rows.push(`floor      ${seconds(floor.seconds)}   kubectl apply and wait of the same ${floor.objects} objects`);
    rows.push(`  deploy, those objects only: ${times(deploy.objects)}`);
    rows.push(`  deploy, all of ours: ${times(deploy.figure)}`);
  }
  return `${rows.join("\n")}\n`;
}

const row = (name: string, result: ReleaseFigures): string[] => [
  `${name.padEnd(10)} ${seconds(result.figure)}   ${result.of}, of ${seconds(result.total)} in all`,
  `  engine start ${seconds(result.engineStart)}, program start ${seconds(result.programStart)}`,
  `  providers ${seconds(result.providers)}, steps ${seconds(result.steps)} (they overlap)`,
  ...result.each.slice(0, 12).map((step) => `    ${seconds(step.seconds).padStart(8)}  ${step.name}`),
];

/** The figure without the time of some steps that run one after another. */
function without(figures: ReleaseFigures, ...steps: string[]): ReleaseFigures {
  const took = figures.each.filter(({ name }) => steps.includes(name)).reduce((sum, step) => sum + step.seconds, 0);
  return { ...figures, figure: Math.round((figures.figure - took) * 100) / 100 };
}

async function deploy(home: string, ...options: string[]): Promise<void> {
  const args = ["scripts/smeshnet.cjs", "deploy", TAG, ...options];
  await promisify(execFile)(process.execPath, args, { cwd: CHECKOUT, env: environmentOf(home), maxBuffer: 1 << 26 });
}

/** Runs `smeshnet deploy` on a complete network. Returns its seconds. */
async function deployAgain(home: string): Promise<number> {
  const start = Date.now();
  await deploy(home);
  return (Date.now() - start) / 1000;
}

/** Deploys a pushed tag. The time of the driver and of the smoke test's layers is not ours. */
async function deployed(home: string): Promise<ReleaseFigures> {
  const clone = makeHistory(home);
  pushQuietly(clone, TAG);
  const file = join(places(home).logs, "bench.events.jsonl");
  const start = Date.now();
  await deploy(home, "--events", file);
  const end = Date.now();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as TimedEvent);
  const parts = breakdown(events, start, end);
  return without(
    { ...parts, figure: parts.total, of: "all but the driver and the smoke test's layers" },
    "smoke",
    "network",
  );
}

/** Resolves when the deployment of a tag ends. @throws {SandboxError} with its log when it fails */
export async function whenDeployed(home: string, tag: string): Promise<void> {
  for (;;) {
    const job = listJobs(home).find((one) => one.tag === tag);
    if (job?.exitCode === 0) return;
    if (job && job.exitCode !== undefined) {
      throw new SandboxError(`the deployment of ${tag} failed:\n${readFileSync(job.log, "utf8")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50)); // the job is not our child; a file reports its end
  }
}

/** Environment in which kubectl finds the cluster of a network of the driver `spacecraft`. */
const clusterEnvironment = (home: string): NodeJS.ProcessEnv => ({
  ...environmentOf(home),
  KUBECONFIG: join(home, "clusters/v1-2-3-1/kubeconfig"),
});

const environmentOf = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...environment(home, requireWorld(home)),
});

async function timed(
  of: string,
  run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<ReleaseFigures> {
  const events: TimedEvent[] = [];
  const start = Date.now();
  await run((event) => events.push({ at: Date.now(), event }));
  const parts = breakdown(events, start, Date.now());
  return { ...parts, figure: parts.total, of };
}

export const stackOf = (home: string, stackName: string): Promise<Stack> => {
  const envVars = environment(home, requireWorld(home));
  // The Automation API finds the CLI on this process's PATH.
  process.env.PATH = envVars.PATH;
  return LocalWorkspace.createOrSelectStack({ stackName, workDir: CHECKOUT }, { envVars });
};

const seconds = (value: number): string => `${value.toFixed(2)} s`;
