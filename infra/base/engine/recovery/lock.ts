/** A lock that the backend holds for an update of a stack (Pulumi's backend/diy/lock.go). */
export interface Lock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
}

/** A line for each lock in the engine's refusal: `FILE: created by root@host (pid 12) at 2026-11-25T00:11:24Z`. */
const LINE = /created by (.*)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The locks that an engine's refusal names. Some backends name none, such as the Pulumi service. */
export function readLocks(refusal: string): Lock[] {
  return [...refusal.matchAll(LINE)].map(([, user = "", host = "", pid, since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/** What to do about the locks of a stack. */
export type LockPlan =
  /** Their engines are dead, so the locks may be cleared. */
  | { readonly action: "cancel"; readonly why: string }
  /** An engine on this machine is running. */
  | { readonly action: "await"; readonly pid: number; readonly why: string }
  /** Nothing on this machine shows whether the engine is running. */
  | { readonly action: "refuse"; readonly why: string };

/**
 * Decides what to do about locks.
 * @param host name of this machine
 * @param isEngine tells whether a process of this machine is a living Pulumi engine
 */
export function planLocks(locks: readonly Lock[], host: string, isEngine: (pid: number) => boolean): LockPlan {
  const foreign = locks.find((lock) => lock.host !== host);
  if (foreign) return { action: "refuse", why: `${describe(foreign)} is updating it or was killed` };
  const living = locks.find(({ pid }) => isEngine(pid));
  if (living) return { action: "await", pid: living.pid, why: `${describe(living)} is updating it` };
  if (locks.length === 0) return { action: "refuse", why: "another update is in progress or was killed" };
  return { action: "cancel", why: `its engine was killed (${locks.map(describe).join(", ")})` };
}

const describe = ({ user, host, pid, since }: Lock): string => `${user}@${host} (pid ${pid}, since ${since})`;
