import { readlink } from "node:fs/promises";
import { boundedTextFile, LIMITS } from "./bounded";
import type { Process } from "./processes";

/** The environment of a process; its working directory has the name "". */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that tell apart two worlds on one machine, which may both have a network of the same tag. */
const WORLD = ["PULUMI_BACKEND_URL", "ARCHIVE", "SMESHNET_ARCHIVE", "SPACECRAFT_HOME"];

/**
 * Whether two processes may work for the same network. They may if none of the variables above, set in both, differs.
 * Without such a variable they may if they run in the same folder, or the folder of one is unknown.
 */
export function isSameWorld(a: Environment, b: Environment): boolean {
  const common = WORLD.filter((name) => a[name] !== undefined && b[name] !== undefined);
  if (common.length > 0) return common.every((name) => a[name] === b[name]);
  return a[FOLDER] === undefined || b[FOLDER] === undefined || a[FOLDER] === b[FOLDER];
}

/** The same by positive evidence: two processes of which nothing common is known are of two worlds. */
export const isSurelySameWorld = (a: Environment, b: Environment): boolean =>
  isSameWorld(a, b) && [...WORLD, FOLDER].some((name) => a[name] !== undefined && a[name] === b[name]);

/** Key of the working directory; no variable has this name. */
const FOLDER = "";

/** The environment of a process. Only Linux shows it, and only for one's own processes; otherwise it is empty. */
export async function environmentOf(pid: number): Promise<Environment> {
  const [text, folder] = await Promise.all([
    boundedTextFile(`/proc/${pid}/environ`, LIMITS.small).catch(() => ""),
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  ]);
  const variables = text.split("\0").filter((line) => line.includes("="));
  return { ...Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2))), [FOLDER]: folder };
}

/** The processes that may work in the same world as this one. */
export const ofThisWorld = (processes: readonly Process[]): Promise<Process[]> => ofWorld(processes, isSameWorld);

/** The processes that work in the same world as this one, and may be ended for it. */
export const surelyOfThisWorld = (processes: readonly Process[]): Promise<Process[]> =>
  ofWorld(processes, isSurelySameWorld);

async function ofWorld(processes: readonly Process[], isSame: typeof isSameWorld): Promise<Process[]> {
  const [here, ...theirs] = await Promise.all([process.pid, ...processes.map(({ pid }) => pid)].map(environmentOf));
  return processes.filter((_, i) => isSame(theirs[i] ?? {}, here ?? {}));
}
