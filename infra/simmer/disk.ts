import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { boundedTextFile, LIMITS } from "../base/lib/bounded";
import { UserError } from "../base/lib/errors";
import { parsedObject } from "../base/lib/json";
import type { SpoolMedium } from "./spool";

/**
 * The folder in which a watcher keeps samples until they are in the log. It belongs to one watcher at a time: its samples
 * have numbers in order.
 */
export class WatcherFolder {
  private constructor(
    private readonly folder: string,
    /** Names the watcher in the log. */
    readonly id: string,
  ) {}

  /** Opens the folder and takes it. @throws {UserError} when it cannot be written, or another watcher has it */
  static async open(folder: string): Promise<WatcherFolder> {
    try {
      await mkdir(folder, { recursive: true });
      await take(folder);
      return new WatcherFolder(folder, await identity(join(folder, "watcher.json")));
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw unusable(folder, error as Error);
    }
  }

  /** The spool of a network. @param name of its stack, and its genesis */
  medium(name: string): SpoolMedium {
    const file = join(this.folder, `${name}.jsonl`);
    const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
      try {
        return await act();
      } catch (error) {
        throw unusable(this.folder, error as Error);
      }
    };
    return {
      read: () => guarded(() => boundedTextFile(file, LIMITS.own).catch(emptyIfMissing)),
      append: (text) => guarded(() => flushed(file, "a", text)),
      replace: (text) =>
        guarded(async () => {
          await flushed(`${file}.new`, "w", text);
          await rename(`${file}.new`, file);
        }),
    };
  }

  /** Lets the folder go. */
  close(): Promise<void> {
    return rm(join(this.folder, LOCK), { force: true });
  }
}

const LOCK = "watcher.pid";

/** Takes the folder for this process. The lock of a process that has ended, also by kill -9, counts for nothing. */
async function take(folder: string): Promise<void> {
  const file = join(folder, LOCK);
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  for (;;) {
    try {
      return await writeFile(file, mine, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid = "", start = ""] = (await boundedTextFile(file, LIMITS.own).catch(emptyIfMissing)).trim().split(" ");
    if (/^\d+$/.test(pid) && Number(pid) !== process.pid && (await startOf(Number(pid))) === start) {
      throw new UserError(
        "WatcherRunning",
        `Process ${pid} watches already and keeps its samples in ${folder}.`,
        "End it first, or give this watcher another folder with --folder.",
      );
    }
    await rm(file, { force: true });
  }
}

/** When a process started, in ticks since boot; empty when there is none. Two processes never have pid and start in common. */
async function startOf(pid: number): Promise<string> {
  const stat = await boundedTextFile(`/proc/${pid}/stat`, LIMITS.own).catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

async function identity(file: string): Promise<string> {
  const known = parsedObject(await boundedTextFile(file, LIMITS.own).catch(emptyIfMissing))?.id;
  if (typeof known === "string" && known !== "") return known;
  const id = randomUUID();
  await flushed(`${file}.new`, "w", `${JSON.stringify({ id })}\n`);
  await rename(`${file}.new`, file);
  return id;
}

async function flushed(file: string, flags: string, text: string): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

const unusable = (folder: string, { message }: Error): UserError =>
  new UserError(
    "WatcherFolderUnusable",
    `The watcher cannot keep samples in ${folder} (${message}).`,
    "Free some space, or give another folder with --folder.",
  );
