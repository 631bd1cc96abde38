import type { Process } from "../base/lib/processes";
import type { NetworkSpec } from "../base/model/network-spec";

/**
 * Commands that leave the network of their tag as it is, or wait for the stack's lock before they change it. Every
 * other command or step counts as working for the network. The tables in scripts/ are tested against this list.
 */
export const HARMLESS: readonly string[] = [
  "prepare",
  "tag check",
  "tag build",
  "tag release",
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
  "tls renew",
  "tls status",
  "doctor",
  "deploy",
  "promote",
  "demote",
  "announce",
  "retire",
  "recap",
  "recover",
  "archive list",
  "archive seal",
  "archive show",
  "archive sync",
  "archive verify",
  "completion",
  "step credential",
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
const PRESENT = /(?:^|[/ ])smeshnet(?:\.cjs)? (.*)$/s;
const OLDER = /(?:^|[/ ])scripts\/([\w-]{1,100})\.[jt]s (.*)$/s;

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
