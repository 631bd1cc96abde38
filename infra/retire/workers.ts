import { readFile, readlink } from "node:fs/promises";
import type { Process } from "../base/lib/processes";
import type { NetworkSpec } from "../base/model/network-spec";

/**
 * Commands that leave the network of their tag as it is, or wait for the stack's lock before they change it. Every
 * other command or step counts as working for the network. The tables in scripts/ are tested against this list.
 */
export const HARMLESS: readonly string[] = [
  "preview",
  "status",
  "list",
  "drift",
  "simmer watch",
  "simmer status",
  "simmer visit",
  "simmer certify",
  "certificate verify",
  "smoke",
  "deploy",
  "promote",
  "demote",
  "announce",
  "retire",
  "recover",
  "archive list",
  "archive show",
  "archive verify",
  "completion",
  "step guard",
  "step complete",
];

/**
 * The processes that work for a network: its steps, and go-spacecraft, which a killed step may have left behind.
 * @param self id of this process; this process and its ancestors do not count
 */
export function workersFor(
  { tag, cluster }: Pick<NetworkSpec, "tag" | "cluster">,
  processes: readonly Process[],
  self: number,
): Process[] {
  const ours = ancestry(self, processes);
  return processes.filter(({ pid, args }) => {
    if (ours.has(pid)) return false;
    const words = args.split(" ");
    const isSpacecraft = /(^|\/| )go-spacecraft /.test(args) && words.includes(cluster);
    return isSpacecraft || (words.includes(tag) && isCommand(args) && !isHarmless(args));
  });
}

/** `smeshnet step network up TAG`, and the form that stacks of older releases start. */
const PRESENT = /(?:^|[/ ])smeshnet(?:\.cjs)? (.*)$/;
const OLDER = /(?:^|[/ ])scripts\/([\w-]+)\.[jt]s (.*)$/;

const isCommand = (args: string): boolean => PRESENT.test(args) || OLDER.test(args);

function isHarmless(args: string): boolean {
  const begins = (line: string) => HARMLESS.some((name) => line === name || line.startsWith(`${name} `));
  const [, present] = PRESENT.exec(args) ?? [];
  if (present !== undefined) return begins(present);
  const [, name = "", rest = ""] = OLDER.exec(args) ?? [];
  // The file of an older release was a command, a step, or, as smoke.ts, both.
  return name !== "smoke" && (begins(`${name} ${rest}`) || begins(`step ${name} ${rest}`));
}

/** A process and its ancestors. */
function ancestry(pid: number, processes: readonly Process[]): Set<number> {
  const ids = new Set<number>();
  const parents = new Map(processes.map((one) => [one.pid, one.parent]));
  for (let id: number | undefined = pid; id !== undefined && !ids.has(id); id = parents.get(id)) ids.add(id);
  return ids;
}

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

/** Key of the working directory; no variable has this name. */
const FOLDER = "";

/** The environment of a process. Only Linux shows it, and only for one's own processes; otherwise it is empty. */
export async function environmentOf(pid: number): Promise<Environment> {
  const [text, folder] = await Promise.all([
    readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  ]);
  const variables = text.split("\0").filter((line) => line.includes("="));
  return { ...Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2))), [FOLDER]: folder };
}
