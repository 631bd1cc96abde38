import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { boundedTextFileSync, LIMITS } from "../infra/base/lib/bounded";
import { UserError } from "../infra/base/lib/errors";
import { parsedJson } from "../infra/base/lib/json";
import { Entry } from "./core/entry";

const NAME = "journal.jsonl";
const PROBE = "probe";

/** Where entries are kept. */
export interface Journal {
  /** All entries, in their order. */
  read(): Entry[];
  /** Keeps an entry: when it returns, the entry outlives a crash. It works at once, so that nothing comes between. */
  append(entry: Entry): void;
}

/**
 * A journal in a file, one entry a line. Each line is on the disk before `append` returns. After a failure it takes
 * nothing more, since half a line may stand at its end: the process must end, and the next one removes that half.
 */
export class JournalFile implements Journal {
  readonly path: string;
  private readonly file: number;
  private size: number;
  private trouble?: string;

  /**
   * @param folder is made if it is missing; only this user may read it
   * @throws {UserError} when it cannot be written
   */
  constructor(private readonly folder: string) {
    this.path = join(folder, NAME);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.file = openSync(this.path, "a+", 0o600);
      this.size = fstatSync(this.file).size;
    } catch (error) {
      throw new UserError(
        "JournalUnwritable",
        `The journal ${this.path} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
        "Give the tap's user the right to write there.",
      );
    }
  }

  /**
   * Reads the journal once, and removes a line that a crash left without its end: nobody was told of it.
   * @throws {UserError} when another line is no entry
   */
  read(): Entry[] {
    const text = boundedTextFileSync(this.path, LIMITS.own);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) {
      this.size = Buffer.byteLength(whole);
      ftruncateSync(this.file, this.size);
      fsyncSync(this.file);
    }
    return whole
      .split("\n")
      .slice(0, -1)
      .map((line, i) => {
        const { success, data } = Entry.safeParse(parsedJson(line));
        if (!success) throw wrongLine(this.path, i + 1, "it is no entry");
        return data;
      });
  }

  append(entry: Entry): void {
    if (this.trouble !== undefined) throw new Error(this.trouble);
    this.trouble = "an earlier line failed";
    this.requireAlone();
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    for (let done = 0; done < line.length; ) done += writeSync(this.file, line, done);
    fsyncSync(this.file);
    this.size += line.length;
    this.trouble = undefined;
  }

  /** What keeps the journal from being written, as a phrase; undefined when nothing does. It writes a file beside it. */
  problem(): string | undefined {
    if (this.trouble !== undefined) return this.trouble;
    try {
      this.requireAlone();
      const probe = openSync(join(this.folder, PROBE), "w", 0o600);
      try {
        writeSync(probe, `${new Date().toISOString()}\n`);
        fsyncSync(probe);
      } finally {
        closeSync(probe);
      }
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  }

  close(): void {
    closeSync(this.file);
  }

  /** Another process with this folder, on a machine that our lock does not reach, would have made the file longer. */
  private requireAlone(): void {
    if (fstatSync(this.file).size === this.size) return;
    throw new UserError(
      "JournalShared",
      `Another process wrote to the journal ${this.path}.`,
      "Run one tap only, with a data folder of its own.",
    );
  }
}

/** The error for a line that is no entry, or none that can follow on those before. @param number from 1 */
export const wrongLine = (path: string, number: number, why: string): UserError =>
  new UserError(
    "JournalWrong",
    `Line ${number} of the journal ${path} is wrong: ${why}.`,
    "Restore the journal. Without it the tap would pay twice.",
  );
