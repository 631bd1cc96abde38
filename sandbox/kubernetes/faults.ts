import { readFileSync, watch } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** What is wrong with a cluster's network on purpose. A fault that is absent does not hold. */
export interface Faults {
  /** The verified layer stands still. */
  readonly stall?: boolean;
  /** Half of the nodes answer another state root. */
  readonly split?: boolean;
  /** Verification advances this many times slower than the clock; above 1. */
  readonly slow?: number;
  /** Names of nodes that accept no connections, e.g. `miner-3`. */
  readonly deaf?: readonly string[];
  /** Names of nodes that are not synced. */
  readonly lateSync?: readonly string[];
  /** Names of poets that end as soon as they start, e.g. `poet-1`. */
  readonly deadPoet?: readonly string[];
  /** Names of nodes that run another genesis. */
  readonly otherGenesis?: readonly string[];
  /** Load balancers get no address, as while a cloud's quota is used up. */
  readonly noAddress?: boolean;
}

const names = z.array(z.string().min(1)).optional();

const faultsSchema = z.strictObject({
  stall: z.boolean().optional(),
  split: z.boolean().optional(),
  slow: z.number().gt(1).optional(),
  deaf: names,
  lateSync: names,
  deadPoet: names,
  otherGenesis: names,
  noAddress: z.boolean().optional(),
});

const FILE = "faults.json";

/**
 * The faults of a cluster; none when its folder holds no `faults.json`.
 * @param clusterFolder folder of the cluster in the sandbox.
 * @throws when the file is not an object of known faults; the message names the file and what is wrong.
 */
export function readFaults(clusterFolder: string): Faults {
  const file = join(clusterFolder, FILE);
  try {
    return faultsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    const why = error instanceof z.ZodError ? z.prettifyError(error).replace(/\n\s*/g, " ") : (error as Error).message;
    throw new Error(`${file}: ${why}`);
  }
}

/** Sets the faults of a cluster in one step, so that no reader sees half a file. */
export async function writeFaults(clusterFolder: string, faults: Faults): Promise<void> {
  const file = join(clusterFolder, FILE);
  await writeFile(`${file}.new`, JSON.stringify(faultsSchema.parse(faults)));
  await rename(`${file}.new`, file);
}

/**
 * Calls back with the faults of a cluster, now and whenever they change. While the file cannot be read as faults, as
 * when an editor has saved half of it, the last ones hold and the reason goes to standard error.
 * Returns what ends the watch.
 */
export function watchFaults(clusterFolder: string, callback: (faults: Faults) => void): () => void {
  let last: Faults | undefined;
  const look = () => {
    let faults: Faults;
    try {
      faults = readFaults(clusterFolder);
    } catch (error) {
      console.error((error as Error).message);
      return;
    }
    if (isDeepStrictEqual(faults, last)) return;
    last = faults;
    callback(faults);
  };
  // The folder, not the file: the file may come later, and a rename over it would end a watch of the file itself.
  const watcher = watch(clusterFolder, (_, name) => {
    if (name === FILE) look();
  });
  look();
  return () => watcher.close();
}
