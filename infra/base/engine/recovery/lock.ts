import { hostname } from "node:os";
import { z } from "zod";
import { parsedJson } from "../../lib/json";
import type { EngineRecord } from "./engine-records";
import type { Neighbours } from "./neighbours";
import { Holder, isWhole, type Place } from "./place";

/** A lock that a backend holds for an update of a stack (Pulumi's backend/diy/lock.go). */
export interface Lock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
  /** Who holds it, when a command of ours wrote it. */
  readonly holder?: Holder;
}

/** A lock as it lies in the backend. */
export interface LockFile {
  /** Its name in the folder of the stack's locks. The engine draws a new one for each lock. */
  readonly key: string;
  readonly text: string;
  /** Undefined when the file is torn: it is being written, or its writer was killed. */
  readonly lock?: Lock;
  /** When it was written, in milliseconds since 1970; undefined when the backend does not tell. */
  readonly written?: number;
  /** Whether it lies on a disk of this machine: a process of this kernel wrote it, or one before a restart. */
  readonly isLocal: boolean;
}

/** What the engine writes. Commands of ours add who they are, which the engine passes over. */
const Content = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
  smeshnet: Holder.optional().catch(undefined),
});

/** Reads the text of a lock; undefined when it is torn. */
export function readLock(text: string): Lock | undefined {
  const { success, data } = Content.safeParse(parsedJson(text));
  if (!success) return undefined;
  const { pid, username: user, hostname: host, timestamp: since, smeshnet: holder } = data;
  return { user, host, pid, since, ...(holder && { holder }) };
}

/** The text of a lock of this process. @param holder undefined where the system does not tell; then nobody knows it */
export const lockText = (user: string, holder: Holder | undefined, now: number): string =>
  JSON.stringify({
    pid: process.pid,
    username: user,
    hostname: hostname(),
    timestamp: new Date(now).toISOString(),
    smeshnet: holder,
  });

/** From where locks are judged. */
export interface Here {
  readonly host: string;
  /** Undefined where the system does not tell. */
  readonly place: Place | undefined;
  /** Whether every process of this kernel can be seen. */
  readonly seesAll: boolean;
  /** Start of this machine, in milliseconds since 1970. */
  readonly bootedAt: number;
  readonly neighbours: Neighbours;
  /** Engines that commands of ours started on this machine, for this stack. */
  readonly engines: readonly EngineRecord[];
}

/** Whether whoever took a lock is alive. `why` is a phrase. */
export interface Verdict {
  readonly is: "living" | "dead" | "unknown";
  readonly why: string;
}

/** A process that started later than this after a lock is not its holder: milliseconds, for clocks that jump. */
const SLACK = 60_000;

/** Judges the holder of a lock as it lies in the backend. @param since when it was seen first, if it is torn */
export function judgeFile({ lock, written, isLocal }: LockFile, here: Here, now: number, since = now): Verdict {
  if (lock) return judge(lock, isLocal, here);
  return now - Math.min(since, written ?? now) >= TORN
    ? { is: "dead", why: "its engine was killed while it wrote the lock" }
    : { is: "living", why: "somebody is just locking it" };
}

/** Judges the holder of a lock. Nobody is dead without evidence: numbers and host names are not unique. */
export function judge(lock: Lock, isLocal: boolean, here: Here): Verdict {
  const who = describe(lock);
  const living: Verdict = { is: "living", why: `${who} is updating it` };
  const dead: Verdict = { is: "dead", why: `its engine was killed (${who})` };
  const unknown: Verdict = { is: "unknown", why: `${who} is updating it or was killed` };
  const answer = { living, dead, unknown };
  const holder = lock.holder ?? holderIn(here.engines, lock);
  if (holder) return answer[fateOf(holder, lock, here)];
  if (lock.host !== here.host || !here.place) return unknown;
  if (here.neighbours.enginesNumbered(lock.pid).length > 0) return living;
  if (!isLocal || !here.seesAll) return unknown;
  // Every process of this kernel is seen, only such a one can be alive, and no engine has its number.
  const one = here.neighbours.at(lock.pid);
  if (one.kind === "hidden") return unknown;
  return one.kind === "none" || one.isOther || one.startedAt > Date.parse(lock.since) + SLACK ? dead : unknown;
}

/** The fate of a process that is known exactly. */
function fateOf(holder: Holder, lock: Lock, { place, bootedAt, neighbours }: Here): Verdict["is"] {
  if (!place) return "unknown";
  if (holder.boot !== place.boot) {
    const isThisMachine =
      holder.machine !== undefined && holder.machine === place.machine && holder.host === place.host;
    const isRestarted = isThisMachine && isWhole(holder) && isWhole(place) && bootedAt > Date.parse(lock.since);
    return isRestarted ? "dead" : "unknown";
  }
  if (holder.namespace !== place.namespace) return "unknown";
  const one = neighbours.at(holder.pid);
  if (one.kind === "hidden") return "unknown";
  return one.kind === "process" && one.start === holder.start ? "living" : "dead";
}

/** The engine of ours that took a lock: it has the number, and started at most {@link WINDOW} before. */
function holderIn(engines: readonly EngineRecord[], { host, pid, since }: Lock): Holder | undefined {
  const taken = Date.parse(since);
  for (const { place, at, started } of engines) {
    const one = started.find((engine) => engine.pid === pid);
    if (one && place.host === host && taken >= at - SLACK && taken <= at + WINDOW) return { ...place, ...one };
  }
  return undefined;
}

/** An engine takes its lock at its start, also on a slow machine: milliseconds. */
const WINDOW = 600_000;

/** A torn lock is dead after this time, in milliseconds. The engine writes a lock in one go. */
const TORN = 60_000;

export const describe = ({ user, host, pid, since }: Lock): string => `${user}@${host} (pid ${pid}, since ${since})`;
