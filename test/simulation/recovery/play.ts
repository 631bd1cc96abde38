import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { listProcesses, treeOf } from "../../../infra/base/lib/processes";
import { CHECKOUT } from "../../../sandbox/home";
import { Backend } from "./backend";

/** How one of two commands at the same stack is killed. */
export interface Kill {
  /** Number of the file operation, or of the start of a child; `12+` kills after it. */
  readonly at?: string;
  /** Whether its engine is killed with it. */
  readonly withChildren: boolean;
  /** Kills only its engine, so many milliseconds after it started. */
  readonly engineAfter?: number;
}

/** What a seed does. */
export interface Plan {
  readonly seed: number;
  /** Whether the first command only recovers. */
  readonly recoversOnly: boolean;
  readonly kills: readonly [Kill, Kill];
}

/** File operations and starts of children until an engine runs, with some beyond. */
const OPERATIONS = 80;

/** Draws a plan: seeds next to each other kill at operations next to each other, so that 160 reach each twice. */
export function planOf(seed: number): Plan {
  const chance = random(seed);
  const at = `${1 + (seed % OPERATIONS)}${Math.floor(seed / OPERATIONS) % 2 === 0 ? "" : "+"}`;
  const first: Kill = { at, withChildren: chance() < 0.5 };
  const second: Kill =
    chance() < 0.4
      ? { withChildren: false, engineAfter: Math.floor(chance() * 1500) }
      : { at: chance() < 0.5 ? `${1 + Math.floor(chance() * OPERATIONS)}` : undefined, withChildren: chance() < 0.5 };
  return { seed, recoversOnly: chance() < 0.3, kills: [first, second] };
}

/** What happened in a run. */
export interface Outcome {
  readonly plan: Plan;
  /** Empty when all is right. */
  readonly wrong: readonly string[];
  /** Whether the first command was killed at its operation, and not at its end. */
  readonly killed: number;
  readonly lines: readonly string[];
}

/** Two commands at one stack, which are killed, and a third that finishes what they left. */
export async function play(plan: Plan, template: Backend): Promise<Outcome> {
  const backend = new Backend(template);
  const history = new History(backend);
  try {
    const [first, second] = plan.kills;
    const both = await Promise.all([start(backend, first, plan.recoversOnly), start(backend, second, false)]);
    const last = await start(backend, { withChildren: false }, false);
    await history.close();
    const left = backend.stored();
    const wrong = [
      ...history.wrong,
      ...readFileSync(backend.witness, "utf8").split("\n").filter(Boolean),
      ...(last.exitCode === 0 ? [] : [`the last command failed`]),
      ...(left.pending > 0 || left.resources.some((name) => !/^smeshnet-/.test(name)) ? ["something is left"] : []),
      ...(readdirSync(backend.locks).some((name) => !name.endsWith(".attrs")) ? ["a lock is left"] : []),
      ...(existsSync(backend.record) ? ["the stray record is left"] : []),
    ];
    const all = [...both, last];
    return {
      plan,
      wrong,
      killed: all.filter(({ exitCode }) => exitCode === null).length,
      lines: all.map(({ stderr }) => stderr),
    };
  } finally {
    await history.close();
    backend.close();
  }
}

/** Starts a command that recovers a stack, and then runs the engine unless told not to. */
export function startWorker(
  backend: Backend,
  { at, withChildren }: Kill,
  recoversOnly: boolean,
  more: NodeJS.ProcessEnv = {},
) {
  const preload = at === undefined ? [] : ["-r", join(__dirname, "kill-at.cjs")];
  const worker = ["-r", join(CHECKOUT, "infra/preload.cjs"), join(__dirname, "worker.ts")];
  return spawn(process.execPath, [...preload, ...worker, ...(recoversOnly ? ["recover"] : [])], {
    cwd: backend.project,
    env: {
      ...backend.env,
      KILL_AT: at,
      KILL_CHILDREN: withChildren ? "1" : undefined,
      KILL_FOLDER: backend.folder,
      ...more,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function start(backend: Backend, kill: Kill, recoversOnly: boolean) {
  const child = startWorker(backend, kill, recoversOnly);
  const said = text(child.stderr);
  if (kill.engineAfter !== undefined && child.pid !== undefined) void killEngine(child.pid, kill.engineAfter);
  // An engine may outlive the command, and holds its error output; nobody waits for that.
  const [exitCode] = await once(child, "exit");
  child.stderr.destroy();
  return { exitCode: exitCode as number | null, stderr: await said.catch(() => "") };
}

/** Kills the engine of a command, once it has run for a while. */
async function killEngine(pid: number, after: number): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    const all = await listProcesses(AbortSignal.timeout(5000));
    const engine = treeOf({ pid }, all).find(({ args }) => /(^|\/)pulumi destroy /.test(args));
    if (!engine) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, after));
    try {
      process.kill(engine.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
    return;
  }
}

/** Watches the state's file: only destroys run, so a resource that is gone never comes back. */
class History {
  readonly wrong: string[] = [];
  private last: readonly string[];
  private readonly watcher;

  constructor(private readonly backend: Backend) {
    this.last = backend.stored().resources;
    this.watcher = watch(dirname(backend.state), () => this.look());
  }

  async close(): Promise<void> {
    this.watcher.close();
    this.look();
  }

  private look(): void {
    if (!existsSync(this.backend.state)) return;
    const { resources } = this.backend.stored();
    const back = resources.filter((name) => !this.last.includes(name));
    if (back.length > 0) this.wrong.push(`an older state was written: ${back.join(", ")} came back`);
    this.last = resources;
  }
}

/** Numbers from 0 to 1, always the same of a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
