import { z } from "zod";
import { requireWorld, SandboxError, type World } from "./home";
import { type Faults, readFaults, writeFaults } from "./kubernetes/faults";
import { requireSlowableDisk } from "./kubernetes/slow-disk";
import { networkOf } from "./network";

/** Image of the nodes. */
const NODE = "spacemeshos/go-spacemesh";

/** Faults that are done from outside to nodes that are programs of the user. */
const FROM_OUTSIDE: readonly string[] = ["stopped", "cutOff", "slowDisk"];

/** Faults that no node plays. */
const OF_OTHERS: readonly string[] = ["deadPoet", "noAddress"];

/**
 * Sets one fault of a network, or clears all with `none`. Returns the faults that it has now.
 * @param value JSON; true by default
 * @throws {SandboxError} for a wrong value, and for a fault that the network's nodes cannot have
 */
export async function setFault(home: string, [tag, name, value]: readonly string[]): Promise<Faults> {
  if (!tag || !name)
    throw new SandboxError("A tag and a fault are required, e.g. `npm run sandbox -- fault v1.2.3+1 stall true`.");
  const { folder } = networkOf(home, tag);
  if (name === "none") await writeFaults(folder, {});
  else {
    requirePossible(requireWorld(home), name);
    if (name === "slowDisk") await requireSlowableDisk(folder);
    await write(folder, { ...readFaults(folder), [name]: jsonOf(name, value ?? "true") });
  }
  return readFaults(folder);
}

/** A program of the user plays no faults of its own: only what is done to its processes from outside is left. */
function requirePossible({ programs = {} }: World, name: string): void {
  const isOwn = programs[NODE] !== undefined;
  if (isOwn && !FROM_OUTSIDE.includes(name) && !OF_OTHERS.includes(name))
    throw new SandboxError(
      `The fault ${name} is the simulator's, and nodes run ${programs[NODE]?.path}. Use stopped, cutOff or slowDisk.`,
    );
  if (!isOwn && FROM_OUTSIDE.includes(name))
    throw new SandboxError(
      `The fault ${name} is for nodes of \`sandbox up --program\`, and these are simulated. Use deaf or lateSync.`,
    );
}

function jsonOf(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new SandboxError(`${value} is no JSON. Write ${name} '["miner-1"]' for names, or ${name} true.`);
  }
}

async function write(folder: string, faults: object): Promise<void> {
  try {
    await writeFaults(folder, faults as Faults);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const why = z.prettifyError(error).replace(/^✖ /gm, "").replace(/\n\s*/g, " ");
    throw new SandboxError(`The fault is wrong: ${why}. See sandbox/kubernetes/faults.ts for all faults.`);
  }
}
