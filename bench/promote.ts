import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { makeHistory, pushBuildTag, pushQuietly } from "../sandbox/git/node-history";
import { CHECKOUT, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { type CommandFigures, run } from "./channel-command";
import { stackOf, whenDeployed } from "./release";
import type { TrafficFigures } from "./tally";

export const CHANNEL = "testnet";
export const WHY = "measured without a simmer";

/** Cost of a move of the channel. */
export interface MoveFigures extends TrafficFigures, CommandFigures {
  /** Pods of either network that were deleted, created or restarted. */
  readonly restarted: readonly string[];
}

export interface Moves {
  readonly promotion: MoveFigures;
  readonly demotion: MoveFigures;
}

/** The load under which a channel moves. */
export interface Load {
  /** Requests per second. */
  readonly rate: number;
  /** Whether they go by https. */
  readonly tls: boolean;
}

export interface PromotionFigures extends Moves, Load {}

/** Moves a channel from one network to another and back under the load of its clients, in its own sandbox. */
export async function measurePromotion({ rate, tls }: Load, say: (line: string) => void): Promise<PromotionFigures> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  try {
    await up(home, say, { driver: "spacecraft", tls });
    await (await stackOf(home, "edge")).up();
    if (tls) await renew(home);
    const clone = makeHistory(home);
    // Deployed one after the other, because their layers distinguish them.
    for (const release of ["v1.2.2", "v1.2.3"]) {
      pushBuildTag(clone, `${release}+1`);
      await whenDeployed(home, `${release}+1`);
      pushQuietly(clone, release, `Releasing ${release}\n\nWithout-Simmer: ${WHY}`);
      say(`${release}+1 is up`);
    }
    await run(home, say, "promote", "v1.2.2");
    say(`${CHANNEL} is at v1.2.2, and ${rate} requests a second begin`);
    return { rate, tls, ...(await movesUnderLoad(home, rate)) };
  } finally {
    await down(home, say);
  }
}

/** Gets the TLS certificate, as a person does before the first deployment. */
async function renew(home: string): Promise<void> {
  const args = ["scripts/smeshnet.cjs", "tls", "renew"];
  await promisify(execFile)(process.execPath, args, { cwd: CHECKOUT, env: environmentOf(home) });
}

async function movesUnderLoad(home: string, rate: number): Promise<Moves> {
  const clients = fork(join(__dirname, "move-clients.ts"), [home, `${rate}`], {
    execArgv: ["--import", "tsx"],
    env: environmentOf(home),
  });
  const failed = once(clients, "exit").then(() => {
    throw new SandboxError("the clients of the channel failed: see above");
  });
  const [moves] = await Promise.race([once(clients, "message"), failed]);
  return moves as Moves;
}

const environmentOf = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...environment(home, requireWorld(home)),
});

/** Renders the figures for people. */
export const renderPromotion = ({ rate, tls, promotion, demotion }: PromotionFigures): string => {
  const scheme = tls ? "https" : "http";
  const how = `${rate} requests a second by ${scheme}; half of them have a connection of their own, half keep theirs`;
  return `${[how, ...rows("promotion", promotion), ...rows("demotion", demotion)].join("\n")}\n`;
};

function rows(name: string, figures: MoveFigures): string[] {
  const {
    requests,
    failed,
    reasons,
    complete,
    arrived,
    cachesLeft = 0,
    p50,
    p99,
    command,
    changed,
    restarted,
  } = figures;
  const at = complete === undefined ? "NEVER" : `${complete.toFixed(2)} s`;
  return [
    `${name.padEnd(10)} ${failed} of ${requests} requests failed, API complete after ${at}`,
    ...reasons.map(({ reason, count }) => `    ${count} times  ${reason}`),
    `  command ${command.total.toFixed(2)} s: ${command.engineStart.toFixed(2)} s until the engine begins, ` +
      `${command.programStart.toFixed(2)} s until the program`,
    ...command.each.slice(0, 5).map((step) => `    ${step.seconds.toFixed(2).padStart(6)} s  ${step.name}`),
    `  first answers: ${Object.entries(arrived)
      .map(([service, seconds]) => `${service} ${seconds.toFixed(2)} s`)
      .join(", ")}`,
    `  last answer of the old network to a client that keeps addresses: ${cachesLeft.toFixed(2)} s`,
    `  latency: half below ${Math.round(p50)} ms, 99 of 100 below ${Math.round(p99)} ms`,
    `  ${changed.length} resources changed: ${changed.join(", ")}`,
    `  ${restarted.length} pods restarted${restarted.length > 0 ? `: ${restarted.join(", ")}` : ""}`,
  ];
}
