import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { clusterApi } from "../infra/base/clients/kubernetes/client";
import { channelEndpoints, type Endpoints } from "../infra/base/model/endpoints";
import type { NetworkFacts } from "../infra/base/model/network-facts";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { makeHistory, pushBuildTag, pushQuietly } from "../sandbox/git/node-history";
import { CHECKOUT, places, requireWorld, SandboxError } from "../sandbox/home";
import { up } from "../sandbox/up";
import { type Breakdown, breakdown, type TimedEvent } from "./breakdown";
import { callsOf, type KnownNetwork, poetKeyAt } from "./calls";
import { changedResources, type Pods, podsOf, restartedPods } from "./changes";
import { stubResolver } from "./names";
import { stackOf, whenDeployed } from "./release";
import { Tally, type TrafficFigures } from "./tally";
import { Traffic } from "./traffic";

const CHANNEL = "testnet";
/** Requests per second. */
const RATE = 200;
/** Seconds to wait after a move, a little longer than the caches' time to live. */
const AFTERMATH = 3;
const WHY = "measured without a simmer";

/** Cost of a move of the channel. */
export interface MoveFigures extends TrafficFigures {
  /** Parts of the command's time, from its start to its end. */
  readonly command: Breakdown;
  /** Names of the resources that the update changed. */
  readonly changed: readonly string[];
  /** Pods of either network that were deleted, created or restarted. */
  readonly restarted: readonly string[];
}

export interface PromotionFigures {
  readonly promotion: MoveFigures;
  readonly demotion: MoveFigures;
}

/** Moves a channel from one network to another and back under the load of its clients, in its own sandbox. */
export async function measurePromotion(say: (line: string) => void): Promise<PromotionFigures> {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  try {
    await up(home, say, { driver: "spacecraft" });
    await (await stackOf(home, "edge")).up();
    const clone = makeHistory(home);
    // Deployed one after the other, because their layers distinguish them.
    for (const release of ["v1.2.2", "v1.2.3"]) {
      pushBuildTag(clone, `${release}+1`);
      await whenDeployed(home, `${release}+1`);
      pushQuietly(clone, release, `Releasing ${release}\n\nWithout-Simmer: ${WHY}`);
      say(`${release}+1 is up`);
    }
    await run(home, say, "promote", "v1.2.2");
    say(`${CHANNEL} is at v1.2.2, and ${RATE} requests a second begin`);
    return await moves(home, say);
  } finally {
    await down(home, say);
  }
}

async function moves(home: string, say: (line: string) => void): Promise<PromotionFigures> {
  const [older, newer] = await Promise.all([networkOf(home, "1_2_2_1"), networkOf(home, "1_2_3_1")]);
  const { ports, zone, publicPort } = requireWorld(home);
  const endpoints = channelEndpoints(CHANNEL, 1, { zone, subdomain: "net", tls: false, port: publicPort });
  const calls = callsOf(endpoints);
  const resolve = stubResolver(`127.0.0.1:${ports.dns}`);
  const { ttl } = await resolve(endpoints.apiHost);
  const tallyOf = (from: KnownNetwork, to: KnownNetwork) =>
    new Tally({
      from: from.tag,
      to: to.tag,
      startedAt: Date.now(),
      ttl,
      services: calls.all.map(({ service }) => service),
    });
  const traffic = new Traffic({ rate: RATE, calls, networks: [older, newer], resolve }, tallyOf(older, newer));

  const move = async (from: KnownNetwork, to: KnownNetwork, ...args: string[]) => {
    const before = await podsNow(home);
    const tally = tallyOf(from, to);
    traffic.countIn(tally);
    const done = await run(home, say, ...args);
    say(`${CHANNEL} is at ${to.tag}; its clients' caches hold ${ttl} s more`);
    await delay((ttl + AFTERMATH) * 1000);
    const restarted = restartedPods(before, await podsNow(home));
    return () => ({ ...done, restarted, ...tally.figures() });
  };
  traffic.start();
  try {
    await delay(AFTERMATH * 1000); // connections and caches get into a steady state
    const promotion = await move(older, newer, "promote", "v1.2.3");
    const demotion = await move(newer, older, "demote", "--reason", WHY);
    await traffic.stop();
    return { promotion: promotion(), demotion: demotion() };
  } finally {
    await traffic.stop();
  }
}

/** Runs a command for the channel and prints its progress with the time. @throws {SandboxError} when it fails */
async function run(home: string, say: (line: string) => void, ...words: string[]) {
  const [name = "", ...rest] = words;
  const file = join(places(home).logs, `bench-${name}.events.jsonl`);
  const args = ["scripts/smeshnet.cjs", name, ...rest, "--events", file];
  // Keeps the previous network, because the channel moves back to it.
  const env = { ...process.env, ...environment(home, requireWorld(home)), SMESHNET_RETIRE_AFTER: "24" };
  const start = Date.now();
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: ["ignore", "ignore", "pipe"] });
  createInterface({ input: child.stderr }).on("line", (line) =>
    say(`  ${((Date.now() - start) / 1000).toFixed(2).padStart(6)} s  ${line}`),
  );
  const [exitCode] = await once(child, "close");
  const end = Date.now();
  if (exitCode !== 0) throw new SandboxError(`${words.join(" ")} failed: see above`);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as TimedEvent);
  return { command: breakdown(events, start, end), changed: changedResources(events.map(({ event }) => event)) };
}

/** The values that identify a network, from its stack and its own names. */
async function networkOf(home: string, stack: string): Promise<KnownNetwork> {
  const outputs = await (await stackOf(home, stack)).outputs();
  const value = <T>(name: string): T => outputs[name]?.value as T;
  const address = value<string>("address");
  const poetKey = await poetKeyAt(value<Endpoints>("endpoints").poets[0] as string, address);
  return { tag: value("tag"), address, genesisId: value("genesisId"), facts: value<NetworkFacts>("facts"), poetKey };
}

/** The pods of both networks. */
async function podsNow(home: string): Promise<Pods> {
  const pods = ["v1-2-2-1", "v1-2-3-1"].map((cluster) =>
    podsOf(clusterApi(readFileSync(join(home, "clusters", cluster, "kubeconfig"), "utf8"))),
  );
  return Object.assign({}, ...(await Promise.all(pods))) as Pods;
}

/** Renders the figures for people. */
export const renderPromotion = ({ promotion, demotion }: PromotionFigures): string =>
  `${[...rows("promotion", promotion), ...rows("demotion", demotion)].join("\n")}\n`;

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
