import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Faults of Cloudflare, as written in `faults.json` of its folder. An absent fault is off. */
export interface CloudflareFaults {
  /**
   * Refuses API calls: 429 with `retryAfter` seconds, 403 or 500. Applies to the first `times` calls, or to all of
   * them.
   */
  readonly refuse?: { readonly status: 403 | 429 | 500; readonly retryAfter?: number; readonly times?: number };
  /** Milliseconds by which the API delays every answer. */
  readonly slow?: number;
  /** Workers keep seeing old KV values, as in Cloudflare's network for up to a minute after a write. */
  readonly staleKv?: boolean;
}

/** The faults of a running stand-in. Each request reads the file again, so anyone may switch faults by writing it. */
export class Faults {
  readonly #path: string;
  #text = "";
  #refused = 0;

  constructor(folder: string) {
    this.#path = join(folder, "faults.json");
  }

  /** The current faults. */
  now(): CloudflareFaults {
    const text = read(this.#path);
    if (text !== this.#text) this.#refused = 0;
    this.#text = text;
    return JSON.parse(text) as CloudflareFaults;
  }

  /** Replaces the faults. */
  set(faults: CloudflareFaults): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(faults));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** The refusal for the current call; undefined when the call is to be served. */
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
