import { Readable } from "node:stream";
import { UserError } from "../../../infra/base/lib/errors";
import { sha256Of } from "../../../infra/base/lib/sha256";
import { type Digest, ObjectExists, objectMissing, type Store } from "../../../infra/base/store/contract";
import type { SpoolMedium } from "../../../infra/simmer/spool";
import type { KillPoint } from "./week";

/** The end of a process by kill -9. */
export class Killed extends Error {}

/** Decides at each point whether the process ends there. */
export type Guillotine = (point: KillPoint) => boolean;

/** A store in memory, which a week may take away. */
export class SimulatedStore implements Store {
  readonly objects = new Map<string, string>();
  isAway = false;

  /** The store as one process sees it. */
  seenBy(dies: Guillotine): Store {
    return {
      put: async (key, content) => {
        if (dies("before-put")) throw new Killed();
        const digest = await this.put(key, content);
        if (dies("after-put")) throw new Killed();
        return digest;
      },
      get: (key) => this.get(key),
      list: (prefix) => this.list(prefix),
      probe: () => this.probe(),
    };
  }

  async put(key: string, content: Readable | string): Promise<Digest> {
    this.requireHere();
    if (typeof content !== "string") throw new Error("the simmer stores texts only");
    if (this.objects.has(key)) throw new ObjectExists(key);
    this.objects.set(key, content);
    return { bytes: content.length, sha256: sha256Of(content) };
  }

  get(key: string): Readable {
    const content = this.objects.get(key);
    const read = async function* (isAway: boolean) {
      if (isAway) throw away();
      if (content === undefined) throw objectMissing(key, "memory");
      yield content;
    };
    return Readable.from(read(this.isAway));
  }

  async list(prefix: string): Promise<string[]> {
    this.requireHere();
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async probe(): Promise<void> {
    this.requireHere();
  }

  private requireHere(): void {
    if (this.isAway) throw away();
  }
}

const away = () => new UserError("StoreUnwritable", "The store is away.", "");

/** The disk of one watcher. */
export class SimulatedDisk {
  text = "";
  /** Serials of all samples that it ever kept. */
  readonly kept = new Set<string>();
  /** Serials that it gave to two samples, of which the log takes one. */
  readonly repeated: string[] = [];

  seenBy(dies: Guillotine): SpoolMedium {
    return {
      read: async () => this.text,
      append: async (line) => {
        if (dies("torn-line")) {
          this.text += line.slice(0, line.length / 2);
          throw new Killed();
        }
        this.text += line;
        const serial = /\d+/.exec(line)?.[0] ?? "";
        if (this.kept.has(serial)) this.repeated.push(serial);
        this.kept.add(serial);
      },
      replace: async (text) => {
        if (dies("before-release")) throw new Killed();
        this.text = text;
      },
    };
  }
}
