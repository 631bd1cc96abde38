import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { boundedTextFile, LIMITS } from "../../lib/bounded";
import { parsedJson } from "../../lib/json";
import { Place, startIn, textOf, thisPlace } from "./place";

/**
 * An engine that a command of ours started. The engine's lock tells only a host and a process number, so a command
 * writes down before who its engine is. The record outlives a command that is killed.
 */
export interface EngineRecord {
  /** File without its ending. */
  readonly file: string;
  readonly stack: string;
  readonly place: Place;
  /** When the command wrote the record, in milliseconds since 1970. */
  readonly at: number;
  /** The processes that became engines, as {@link STARTER} wrote them down. */
  readonly started: readonly { readonly pid: number; readonly start: string }[];
}

/** The form of a record. */
const Content = z.object({ backend: z.string(), stack: z.string(), at: z.number(), place: Place });

/** The program by which an engine starts: it writes down its own process, and becomes the engine. */
export const STARTER = join(__dirname, "start-engine.sh");

/** Folder of the records, beside what the engine itself keeps on this machine. */
const folder = (): string => join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "smeshnet", "engines");

/** A record of an engine that is about to start. */
export interface NewRecord {
  /** Variables for {@link STARTER}. */
  readonly variables: Record<string, string>;
  /** To be called when the engine has ended by itself, and so has given back its lock. */
  readonly remove: () => Promise<void>;
}

/**
 * Writes a record before an engine starts. Without one (the folder cannot be written, or the system does not tell
 * processes apart) an engine that is killed leaves a lock that only a person may clear.
 */
export async function recordEngine(backend: string, stack: string, now: number): Promise<NewRecord> {
  const nothing = { variables: {}, remove: async () => undefined };
  const place = thisPlace();
  if (!place) return nothing;
  const file = join(folder(), randomUUID());
  try {
    await mkdir(folder(), { recursive: true });
    await writeFile(`${file}.json`, JSON.stringify({ backend, stack, at: now, place }), { mode: 0o600 });
  } catch {
    return nothing;
  }
  return { variables: { SMESHNET_ENGINES: `${file}.started` }, remove: () => removeRecord(file) };
}

/** The records of engines on this machine: of one stack, or of all stacks of a backend. */
export async function engineRecords(backend: string, stack?: string): Promise<EngineRecord[]> {
  const names = await readdir(folder()).catch((): string[] => []);
  const records = names
    .filter((name) => name.endsWith(".json"))
    .map(async (name): Promise<EngineRecord[]> => {
      const file = join(folder(), name.slice(0, -".json".length));
      const { data } = Content.safeParse(
        parsedJson(await boundedTextFile(`${file}.json`, LIMITS.small).catch(() => "")),
      );
      if (data?.backend !== backend || (stack !== undefined && data.stack !== stack)) return [];
      const lines = (textOf(`${file}.started`) ?? "").split("\n");
      return [{ ...data, file, started: lines.flatMap((line) => startIn(line) ?? []) }];
    });
  return (await Promise.all(records)).flat();
}

export async function removeRecord(file: string): Promise<void> {
  await rm(`${file}.json`, { force: true });
  await rm(`${file}.started`, { force: true });
}
