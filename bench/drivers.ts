import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { down } from "../sandbox/down";
import { environment } from "../sandbox/environment";
import { makeHistory, pushQuietly } from "../sandbox/git/node-history";
import { CHECKOUT, type Driver, places, requireWorld } from "../sandbox/home";
import { up } from "../sandbox/up";
import { breakdown, type TimedEvent } from "./breakdown";
import { median } from "./empty";

/** Both drivers; the first one is what the second one is compared with. */
export const DRIVERS = ["spacecraft", "kubernetes"] as const satisfies readonly Driver[];

/** Nodes of each network: what is compared must not depend on the size that a sandbox usually has. */
const NODES = "5";

/** How often each case is measured. */
export interface Rounds {
  /** Deployments of new networks, and their removals. */
  readonly deployments: number;
  /** The cases on one deployed network. */
  readonly others: number;
}

/** Seconds of each round, in their order: rounds of the two drivers with the same index ran one after the other. */
export interface DriverFigures {
  /** A deployment without the step `network` and the layers that the smoke test waits for. */
  readonly deploy: number[];
  /** The step `network` alone. */
  readonly network: number[];
  /** Removal of a network's step `network` alone. */
  readonly remove: number[];
  /** A removal without the step `network` and the archiving of logs. */
  readonly destroy: number[];
  readonly preview: number[];
  readonly again: number[];
  readonly status: number[];
}

export type DriverResults = Readonly<Partial<Record<Driver, DriverFigures>>>;

/** Measures networks of each driver in turns, in a sandbox for each. */
export async function measureDrivers(only: Driver | undefined, rounds: Rounds, say: (line: string) => void) {
  const sandboxes = DRIVERS.filter((driver) => only === undefined || driver === only).map((driver) => ({
    driver,
    home: mkdtempSync(join(tmpdir(), "smeshnet-bench-")),
    figures: noFigures(),
  }));
  try {
    for (const { driver, home } of sandboxes) {
      await up(home, say, { driver });
      await (await stackIn(home, "edge")).up();
    }
    for (let round = 1; round <= rounds.deployments; round++) {
      for (const { home, figures, driver } of inOrder(sandboxes, round)) {
        await deployAndRemove(home, round, figures);
        say(`${driver}: deployment ${round} of ${rounds.deployments}`);
      }
    }
    const tag = tagOf(rounds.deployments + 1);
    for (const { home } of sandboxes) {
      pushQuietly(makeHistory(home), tag);
      await smeshnet(home, "deploy", tag);
    }
    const name = stackNameOf(rounds.deployments + 1);
    const cases = {
      preview: async (home: string) => (await stackIn(home, name)).preview(),
      again: (home: string) => smeshnet(home, "deploy", tag),
      status: (home: string) => smeshnet(home, "status", tag),
    };
    for (let round = 1; round <= rounds.others; round++) {
      for (const one of ["preview", "again", "status"] as const) {
        for (const { home, figures } of inOrder(sandboxes, round)) {
          figures[one].push(await secondsOf(() => cases[one](home)));
        }
      }
      say(`round ${round} of ${rounds.others}`);
    }
    return Object.fromEntries(sandboxes.map(({ driver, figures }) => [driver, figures])) satisfies DriverResults;
  } finally {
    for (const { home } of sandboxes) await down(home, say);
  }
}

const noFigures = (): DriverFigures => ({
  deploy: [],
  network: [],
  remove: [],
  destroy: [],
  preview: [],
  again: [],
  status: [],
});

/** Who comes first changes with each round, so that neither always meets what the other one left warm. */
const inOrder = <T>(all: readonly T[], round: number): readonly T[] => (round % 2 === 1 ? all : [...all].reverse());

/** What a row shows, by case. */
const ROWS: readonly (readonly [name: keyof DriverFigures, meaning: string])[] = [
  ["deploy", "deployment, all but the driver and the smoke test's layers"],
  ["network", "of a deployment the driver"],
  ["preview", "preview without changes"],
  ["again", "smeshnet deploy without changes, which adopts"],
  ["status", "smeshnet status"],
  ["destroy", "removal, all but the driver and the archiving of logs"],
  ["remove", "of a removal the driver"],
];

/** Renders the figures for people: the medians, and the ratio of each round's pair. */
export function renderDrivers({ spacecraft, kubernetes }: DriverResults): string {
  const rows = ROWS.map(([name, meaning]) => {
    const [first, second] = [spacecraft?.[name], kubernetes?.[name]];
    if (!first || !second) return `${seconds(first ?? second ?? [])}   ${meaning}`;
    return `${seconds(first)} ${seconds(second)}   ${ratio(first, second)}   ${meaning}`;
  });
  const drivers = [spacecraft && "spacecraft", kubernetes && "kubernetes"].filter((driver) => driver !== undefined);
  return `${[drivers.map((driver) => driver.padStart(10)).join(" "), ...rows].join("\n")}\n`;
}

/** The median of the rounds' ratios, with the lowest and the highest: load of the machine meets both of a pair. */
function ratio(first: readonly number[], second: readonly number[]): string {
  const ratios = first.map((value, i) => (second[i] ?? Number.NaN) / value).sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [ratios[0], ratios.at(-1)];
  return `${median(ratios).toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

const seconds = (values: readonly number[]): string => `${median(values).toFixed(2)} s`.padStart(10);

async function deployAndRemove(home: string, build: number, figures: DriverFigures): Promise<void> {
  const tag = tagOf(build);
  pushQuietly(makeHistory(home), tag);
  const file = join(places(home).logs, `bench-${build}.events.jsonl`);
  const start = Date.now();
  await smeshnet(home, "deploy", tag, "--events", file);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const made = breakdown(
    lines.map((line) => JSON.parse(line) as TimedEvent),
    start,
    Date.now(),
  );
  const stepOf = ({ each }: typeof made, step: string) => each.find(({ name }) => name === step)?.seconds ?? 0;
  const network = stepOf(made, "network");
  figures.network.push(network);
  figures.deploy.push(made.total - network - stepOf(made, "smoke"));

  const stack = await stackIn(home, stackNameOf(build));
  const events: TimedEvent[] = [];
  const begun = Date.now();
  await stack.destroy({ onEvent: (event) => events.push({ at: Date.now(), event }) });
  const removed = breakdown(events, begun, Date.now());
  figures.remove.push(stepOf(removed, "network"));
  figures.destroy.push(removed.total - stepOf(removed, "network") - stepOf(removed, "log-archive"));
}

const tagOf = (build: number): string => `v1.2.3+${build}`;
const stackNameOf = (build: number): string => `1_2_3_${build}`;

const variables = (home: string): Record<string, string> => ({
  ...environment(home, requireWorld(home)),
  SMESHNET_MINERS: NODES,
});

async function smeshnet(home: string, ...args: string[]): Promise<void> {
  const env = { ...process.env, ...variables(home) };
  await promisify(execFile)(process.execPath, ["scripts/smeshnet.cjs", ...args], {
    cwd: CHECKOUT,
    env,
    maxBuffer: 1 << 26,
  });
}

function stackIn(home: string, stackName: string): Promise<Stack> {
  const envVars = variables(home);
  // The Automation API finds the CLI on this process's PATH.
  process.env.PATH = envVars.PATH;
  return LocalWorkspace.createOrSelectStack({ stackName, workDir: CHECKOUT }, { envVars });
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await act();
  return (Date.now() - start) / 1000;
}
