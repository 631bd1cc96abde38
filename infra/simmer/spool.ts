import { z } from "zod";
import { parsedJson } from "../base/lib/json";
import { object, wholeFrom } from "../base/model/formats";
import type { NetworkSample } from "../base/model/sample";
import { SampleForm } from "./entry";

/** Where a spool keeps its lines. The real one is a file (spool-file.ts). */
export interface SpoolMedium {
  read(): Promise<string>;
  /** Resolves once the text survives a power cut. */
  append(text: string): Promise<void>;
  /** Replaces everything in one step. */
  replace(text: string): Promise<void>;
}

const Line = object({ serial: wholeFrom(1), every: z.number(), sample: SampleForm });
/** The last number that was given away. A watcher that starts while the store is away cannot ask the log for it. */
const Numbered = object({ lastSerial: wholeFrom(1) });

/** A sample that is not in the log yet. */
export interface Waiting {
  readonly serial: number;
  readonly every: number;
  readonly sample: NetworkSample;
}

/**
 * Samples of one watcher on their way into the log of one network. Each is kept here first. So none is lost when the
 * watcher is killed or the store is away.
 */
export class Spool {
  private waiting: Waiting[] = [];
  private lastSerial = 0;

  private constructor(private readonly medium: SpoolMedium) {}

  /**
   * Opens a spool. A watcher that was killed may have left half a line at the end: it is cut off.
   * @param lost is called with the number of lines that cannot be read
   */
  static async open(medium: SpoolMedium, lost: (lines: number) => void): Promise<Spool> {
    const spool = new Spool(medium);
    const text = await medium.read();
    let torn = 0;
    for (const line of text.split("\n").filter(Boolean)) {
      const json = parsedJson(line);
      const waiting = Line.safeParse(json).data;
      const serial = waiting?.serial ?? Numbered.safeParse(json).data?.lastSerial;
      if (waiting) spool.waiting.push(waiting);
      if (serial === undefined) torn++;
      else spool.lastSerial = Math.max(spool.lastSerial, serial);
    }
    // A line may be whole but for its end: the next one would be written behind it.
    if (torn > 0 || (text !== "" && !text.endsWith("\n"))) await spool.rewrite();
    if (torn > 0) lost(torn);
    return spool;
  }

  /** The samples that wait, oldest first. */
  get samples(): readonly Waiting[] {
    return this.waiting;
  }

  /** Keeps a sample. @param logged the watcher's last serial in the log */
  async keep(sample: NetworkSample, every: number, logged: number): Promise<void> {
    const serial = Math.max(this.lastSerial, logged) + 1;
    const waiting = { serial, every, sample };
    await this.medium.append(textOf(waiting));
    this.lastSerial = serial;
    this.waiting.push(waiting);
  }

  /** Lets samples go that are in the log. */
  async release(serial: number): Promise<void> {
    const rest = this.waiting.filter((waiting) => waiting.serial > serial);
    if (rest.length === this.waiting.length) return;
    this.waiting = rest;
    await this.rewrite();
  }

  private rewrite(): Promise<void> {
    const { lastSerial, waiting } = this;
    return this.medium.replace([...(lastSerial > 0 ? [{ lastSerial }] : []), ...waiting].map(textOf).join(""));
  }
}

const textOf = (waiting: Waiting | z.infer<typeof Numbered>): string => `${JSON.stringify(waiting)}\n`;
