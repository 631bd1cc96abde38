import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Exported, exportedStack } from "../infra/base/engine/state";
import { runWith } from "../infra/base/lib/run";
import { buildTag, parseBuildTag, stackName } from "../infra/base/model/build-tag";
import { look } from "../infra/review/preview/look";
import type { PreviewReport } from "../infra/review/preview/model";
import { Pool } from "../infra/review/preview/pool";
import type { Job } from "../infra/review/preview/stack";
import type { Target } from "../infra/review/preview/targets";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { makeHistory, pushQuietly } from "../sandbox/git/node-history";
import { CHECKOUT, type Driver, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { asOtherBuild } from "./copied-stack";
import { inTurns, median } from "./empty";
import { stackOf } from "./release";

const run = promisify(execFile);

const TAG = parseBuildTag("v1.2.3+1");
/** Networks of the second measurement. */
const NETWORKS = 20;

export interface PreviewFigures {
  /** Seconds of a preview of one unchanged version stack, with the start of the process that runs it. */
  readonly one: number;
  /** Seconds of `smeshnet preview` with the edge and one network. */
  readonly command: number;
  /** Seconds of `smeshnet preview` with the edge and so many networks; undefined with the driver `kubernetes`. */
  readonly many: number | undefined;
  readonly networks: number;
}

/**
 * Measures previews in their own sandbox: of one network, and of copies of its stack under other names.
 * @param driver with `kubernetes` the one network has all components, tap and monitoring too, and there are no copies
 */
export async function measureManyPreviews(driver: Driver, say: (line: string) => void): Promise<PreviewFigures> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  try {
    await up(home, say, { driver, monitoring: driver === "kubernetes" });
    await (await stackOf(home, "edge")).up();
    pushQuietly(makeHistory(home), "v1.2.3+1");
    await smeshnet(home, "deploy", "v1.2.3+1");
    say("v1.2.3+1 is up");
    Object.assign(process.env, environment(home, requireWorld(home)));
    process.chdir(CHECKOUT);
    const state = await exportedStack(stackName(TAG), runWith({ say }));
    const one = median(await inTurns(() => secondsOf(() => previewOne(state))));
    const command = median(await inTurns(() => secondsOf(() => previewAll(home, 1))));
    if (driver === "kubernetes") return { one, command, many: undefined, networks: 1 };
    await copy(home, say);
    const many = median(await inTurns(() => secondsOf(() => previewAll(home, NETWORKS))));
    return { one, command, many, networks: NETWORKS };
  } finally {
    await down(home, say);
  }
}

/** Renders the figures for people. */
export const renderPreviews = ({ one, command, many, networks }: PreviewFigures): string =>
  `${[
    `${one.toFixed(2)} s   preview of one unchanged version stack`,
    `${command.toFixed(2)} s   smeshnet preview with the edge and one network`,
    ...(many === undefined ? [] : [`${many.toFixed(2)} s   smeshnet preview with the edge and ${networks} networks`]),
  ].join("\n")}\n`;

/** Previews the stack in its state, as the command does after it has read that. @throws {SandboxError} when it would change */
async function previewOne(state: Exported | undefined): Promise<void> {
  const pool = new Pool(join(CHECKOUT, "scripts/preview-worker.ts"), 1, new AbortController().signal);
  try {
    const target: Target = { stack: stackName(TAG), what: buildTag(TAG), kind: "network", isWanted: false, tag: TAG };
    const runJob = (job: Job) => pool.run(job);
    const outcome = await look({ target, state, lacking: [], stateOf: async () => undefined, runJob });
    if (!outcome) throw new SandboxError("the network is not deployed");
    if (outcome.kind !== "previewed") throw new SandboxError(`the preview ${outcome.kind}: ${outcome.reason}`);
    if (outcome.resources.length > 0) throw new SandboxError("the network is not unchanged");
  } finally {
    pool.close();
  }
}

/** @throws {SandboxError} when a stack would change, or one is missing */
async function previewAll(home: string, networks: number): Promise<void> {
  const report = JSON.parse(await smeshnet(home, "preview", "--json")) as PreviewReport;
  const unchanged = report.stacks.filter(
    ({ kind, outcome }) => kind === "network" && outcome.kind === "previewed" && outcome.resources.length === 0,
  );
  if (unchanged.length !== networks) throw new SandboxError(`${unchanged.length} of ${networks} stacks are unchanged`);
}

/** Stores the state of the network's stack under other names. */
async function copy(home: string, say: (line: string) => void): Promise<void> {
  const exported = await pulumi(home, "stack", "export", "--stack", stackName(TAG), "--show-secrets");
  const file = join(home, "copy.json");
  for (let build = 2; build <= NETWORKS; build++) {
    const tag = { ...TAG, build };
    writeFileSync(file, asOtherBuild(exported, TAG, tag), { mode: 0o600 });
    await pulumi(home, "stack", "init", stackName(tag), "--no-select");
    await pulumi(home, "stack", "import", "--stack", stackName(tag), "--file", file);
  }
  rmSync(file);
  say(`${NETWORKS - 1} copies of its stack are stored`);
}

const smeshnet = (home: string, ...args: string[]): Promise<string> =>
  output(home, process.execPath, ["scripts/smeshnet.cjs", ...args]);

const pulumi = (home: string, ...args: string[]): Promise<string> => output(home, "pulumi", args);

async function output(home: string, file: string, args: string[]): Promise<string> {
  const env = { ...process.env, ...environment(home, requireWorld(home)) };
  return (await run(file, args, { cwd: CHECKOUT, env, maxBuffer: 1 << 26 })).stdout;
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await act();
  return (Date.now() - start) / 1000;
}
