import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What goes wrong at Cloudflare, as `faults.json` in its folder says; absent is healthy. */
export interface CloudflareFaults {
  /** API calls are refused: 429 with `retryAfter` seconds, 403 or 500; the first `times` calls only, or all of them. */
  readonly refuse?: { readonly status: 403 | 429 | 500; readonly retryAfter?: number; readonly times?: number };
  /** Milliseconds by which every answer of the API is late. */
  readonly slow?: number;
  /** Workers go on seeing KV as it was, as they may for a minute after a write in Cloudflare's network. */
  readonly staleKv?: boolean;
}

/** The faults of a running emulator, read anew for each request, so that anyone may switch them by the file. */
export class Faults {
  readonly #path: string;
  #text = "";
  #refused = 0;

  constructor(folder: string) {
    this.#path = join(folder, "faults.json");
  }

  /** The faults of this moment. */
  now(): CloudflareFaults {
    const text = read(this.#path);
    if (text !== this.#text) this.#refused = 0;
    this.#text = text;
    return JSON.parse(text) as CloudflareFaults;
  }

  /** Sets the faults for what comes. */
  set(faults: CloudflareFaults): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(faults));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** How to refuse the call that has just come, or undefined to serve it. */
  refusal(): CloudflareFaults["refuse"] {
    const { refuse } = this.now();
    if (!refuse || this.#refused >= (refuse.times ?? Number.POSITIVE_INFINITY)) return undefined;
    this.#refused += 1;
    return refuse;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "{}";
    throw error;
  }
}
