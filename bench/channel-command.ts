import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { environment } from "../sandbox/environment";
import { CHECKOUT, places, requireWorld, SandboxError } from "../sandbox/home";
import { type Breakdown, breakdown, type TimedEvent } from "./breakdown";
import { changedResources } from "./changes";

/** What a command for a channel cost and changed. */
export interface CommandFigures {
  /** Parts of the command's time, from its start to its end. */
  readonly command: Breakdown;
  /** Names of the resources that the update changed. */
  readonly changed: readonly string[];
}

/** Runs a command for the channel and prints its progress with the time. @throws {SandboxError} when it fails */
export async function run(home: string, say: (line: string) => void, ...words: string[]): Promise<CommandFigures> {
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
