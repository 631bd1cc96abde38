import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { effectiveGenesis } from "../infra/base/model/network-facts";

import { samplingInterval } from "../infra/base/verdict/time";
import type { Served, Serving } from "./watched-networks";
import type { Assignment, Looked } from "./watcher-process";

/** What it costs to watch networks. */
export interface WatchFigures {
  readonly networks: number;
  readonly nodes: number;
  /** Time between two samples of a network, in seconds. */
  readonly every: number;
  /** CPU time of one sample of one network and all that follows from it, in milliseconds. */
  readonly cpuPerLook: number;
  /** Share of one core for all networks, from 0 to 1. */
  readonly core: number;
  /** Resident memory of the watcher with all networks, and with one, in bytes. */
  readonly memory: number;
  readonly memoryOfOne: number;
  /** Share of one network, in bytes. */
  readonly memoryPerNetwork: number;
  /** Objects and bytes of one network and week in the store. */
  readonly objectsPerWeek: number;
  readonly bytesPerWeek: number;
  readonly aimMet: boolean;
}

/** The aims: one hundredth of a core for all networks, and 5 MB of memory for each. */
const AIM = { core: 0.01, memory: 5e6 };

/** Samples before the measurement, of all networks together: compiled code and the heap's size have settled by then. */
const WARM_UP = 600;
const SAMPLES = 1200;
const WEEK = 7 * 86_400;

/** Watches some networks, and one alone. @param say is told what goes on */
export async function measureWatch(
  networks: number,
  nodes: number,
  say: (line: string) => void,
): Promise<WatchFigures> {
  say(`one network of ${nodes} nodes`);
  const one = await watch(1, nodes);
  say(`${networks} networks of ${nodes} nodes`);
  const all = await watch(networks, nodes);
  const core = (all.cpuPerLook * networks) / 1000 / all.every;
  const memoryPerNetwork = (all.memory - one.memory) / (networks - 1);
  return {
    networks,
    nodes,
    every: all.every,
    cpuPerLook: all.cpuPerLook,
    core,
    memory: all.memory,
    memoryOfOne: one.memory,
    memoryPerNetwork,
    objectsPerWeek: WEEK / all.every,
    bytesPerWeek: (all.bytesPerEntry * WEEK) / all.every,
    aimMet: core <= AIM.core && memoryPerNetwork <= AIM.memory,
  };
}

interface Watch {
  readonly every: number;
  readonly cpuPerLook: number;
  readonly memory: number;
  readonly bytesPerEntry: number;
}

async function watch(networks: number, nodes: number): Promise<Watch> {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  const server = fork(join(__dirname, "watched-networks.ts"), [`${networks}`, `${nodes}`], {
    execArgv: ["--import", "tsx"],
  });
  const watcher = fork(join(__dirname, "watcher-process.ts"), { execArgv: watcherArguments() });
  try {
    const serving = (await answerOf(server)) as Serving;
    const [first] = serving.networks as [Served, ...Served[]];
    const every = samplingInterval(first);
    const store = join(folder, "store");
    watcher.send({ ...serving, store, folder: join(folder, "samples"), every } satisfies Assignment);
    let now = first.genesisTime + effectiveGenesis(first) * first.layerDuration * 1000 + WEEK * 500;
    const look = async (): Promise<Looked> => {
      now += every * 1000;
      server.send(now);
      await answerOf(server);
      watcher.send(now);
      return (await answerOf(watcher)) as Looked;
    };
    let before = await look();
    for (let i = networks; i < WARM_UP; i += networks) before = await look();
    const memory: number[] = [];
    let last = before;
    for (let i = 0; i < SAMPLES; i += networks) {
      last = await look();
      memory.push(last.memory);
    }
    const wrong = last.verdicts.filter((verdict) => verdict !== "healthy");
    if (wrong.length > 0) throw new Error(`a healthy network is found ${wrong[0]}`);
    const cpuPerLook = (last.cpu - before.cpu) / 1000 / networks / memory.length;
    return { every, cpuPerLook, memory: median(memory), bytesPerEntry: bytesOfEntry(store) };
  } finally {
    for (const child of [watcher, server]) {
      const exited = once(child, "exit");
      if (child.connected) child.disconnect();
      if (child.exitCode === null) await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The watcher's sources are loaded as the command loads them (scripts/smeshnet.cjs). */
const watcherArguments = () => ["--require", join(__dirname, "../infra/preload.cjs")];

async function answerOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const [answer] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`a process of the benchmark ended with ${code}`);
      }),
    ]);
    return answer;
  } finally {
    over.abort();
  }
}

/** Size of the last entry of a log, in bytes: the first ones hold less. */
function bytesOfEntry(store: string): number {
  const files = readdirSync(store, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return statSync(join(store, files.sort().at(-1) ?? "")).size;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Renders the figures for people. */
export function renderWatch(figures: WatchFigures): string {
  const { networks, nodes, every, cpuPerLook, core, memory, memoryOfOne, memoryPerNetwork, aimMet } = figures;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `watch      ${networks} networks of ${nodes} nodes, each sampled every ${every} s`,
    `  CPU ${cpuPerLook.toFixed(1)} ms a sample, ${(100 * core).toFixed(2)} % of a core in all`,
    `  memory ${megabytes(memory)}, with one network ${megabytes(memoryOfOne)}: ${megabytes(memoryPerNetwork)} a network`,
    `  store ${figures.objectsPerWeek} objects and ${megabytes(figures.bytesPerWeek)} a network and week`,
    `  aim ${100 * AIM.core} % of a core and ${megabytes(AIM.memory)} of memory a network: ${aimMet ? "met" : "not met"}`,
    "",
  ].join("\n");
}
