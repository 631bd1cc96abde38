import { readFileSync, watch } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** Deliberate faults of a network. An absent fault is off. */
export interface Faults {
  /** The verified layer stops. */
  readonly stall?: boolean;
  /** Half of the nodes report another state root. */
  readonly split?: boolean;
  /** Verification is this many times slower than the clock; above 1. */
  readonly slow?: number;
  /** Names of nodes that accept no connections, e.g. `miner-3`. */
  readonly deaf?: readonly string[];
  /** Names of nodes that are not synced. */
  readonly lateSync?: readonly string[];
  /** Names of nodes of today that follow the chain and never say so: their processed layer stands. */
  readonly neverSyncs?: readonly string[];
  /** Names of poets that end as soon as they start, e.g. `poet-1`. */
  readonly deadPoet?: readonly string[];
  /** Names of nodes with another genesis. */
  readonly otherGenesis?: readonly string[];
  /** Names of nodes that are programs of the user, and whose processes are halted. */
  readonly stopped?: readonly string[];
  /** The same for nodes whose processes are ended and kept down. */
  readonly cutOff?: readonly string[];
  /** The same for nodes whose disk is slow: 1 MiB and 50 operations a second, each for reads and for writes. */
  readonly slowDisk?: readonly string[];
  /** Load balancers get no address, as with an exhausted cloud quota. */
  readonly noAddress?: boolean;
}

const names = z.array(z.string().min(1)).optional();

const faultsSchema = z.strictObject({
  stall: z.boolean().optional(),
  split: z.boolean().optional(),
  slow: z.number().gt(1).optional(),
  deaf: names,
  lateSync: names,
  neverSyncs: names,
  deadPoet: names,
  otherGenesis: names,
  stopped: names,
  cutOff: names,
  slowDisk: names,
  noAddress: z.boolean().optional(),
});

const FILE = "faults.json";

/**
 * Reads the faults of a network. Without `faults.json` there are none.
 * @param networkFolder folder of the network in the sandbox
 * @throws when the file is not an object of known faults; the message names the file and the mistake
 */
export function readFaults(networkFolder: string): Faults {
  const file = join(networkFolder, FILE);
  try {
    return faultsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    const why = error instanceof z.ZodError ? z.prettifyError(error).replace(/\n\s*/g, " ") : (error as Error).message;
    throw new Error(`${file}: ${why}`);
  }
}

/** Replaces the faults of a network in one step, so that no reader sees half a file. */
export async function writeFaults(networkFolder: string, faults: Faults): Promise<void> {
  const file = join(networkFolder, FILE);
  await writeFile(`${file}.new`, JSON.stringify(faultsSchema.parse(faults)));
  await rename(`${file}.new`, file);
}

/**
 * Calls back with the faults of a network, at once and after every change. While the file is unreadable, e.g. half
 * saved
 * by an editor, the previous faults stay and the reason goes to standard error. Returns a function that ends the watch.
 */
export function watchFaults(networkFolder: string, callback: (faults: Faults) => void): () => void {
  let last: Faults | undefined;
  const look = () => {
    let faults: Faults;
    try {
      faults = readFaults(networkFolder);
    } catch (error) {
      console.error((error as Error).message);
      return;
    }
    if (isDeepStrictEqual(faults, last)) return;
    last = faults;
    callback(faults);
  };
  // Watches the folder instead of the file. The file may not exist yet, and a rename over it would end its own watch.
  const watcher = watch(networkFolder, (_, name) => {
    if (name === FILE) look();
  });
  look();
  return () => watcher.close();
}
