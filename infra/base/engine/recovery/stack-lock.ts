import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { UserError } from "../../lib/errors";
import type { Run } from "../../lib/run";
import { engineRecords, removeRecord } from "./engine-records";
import type { BackendFiles } from "./files";
import { hereWith } from "./here";
import { judgeFile, type LockFile, lockText, type Verdict } from "./lock";
import { thisHolder } from "./place";

/** A stack in a backend whose files can be seen. */
export interface Guarded {
  readonly stack: string;
  /** The backend's URL. */
  readonly url: string;
  readonly files: BackendFiles;
  /** Folder of the stack's locks. */
  readonly folder: string;
  /** Clears a lock whose holder is unknown. */
  readonly force?: boolean;
  /** Ends what dead engines left running. Their locks hold off the next engine until then. */
  readonly endOrphans: () => Promise<unknown>;
}

/** A lock of ours that holds off all engines. */
export interface HeldLock {
  /** Whether locks of dead engines were cleared for it. */
  readonly hasCleared: boolean;
  /** Whether it is still there; a person may have removed it. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
}

/**
 * Longest wait for another update of the same stack, in seconds: a week. With the default settings the smoke test alone
 * takes two days.
 */
const LONGEST_UPDATE = 604_800;
/** Time between two looks at the locks, in seconds: it grows, since an update may take days. */
const EVERY = { first: 0.1, longest: 5 };

/**
 * Takes the stack's lock as the engine does: it writes a lock of its own, then looks whether there is another. Of two
 * who write at the same time, both may step back, but never both go on (Pulumi's backend/diy/lock.go).
 * @throws {UserError} when nobody can know whether the holder of another lock is alive
 */
export async function takeStackLock(guarded: Guarded, run: Run): Promise<HeldLock> {
  const { files, folder } = guarded;
  for (let hasCleared = false; ; ) {
    hasCleared = (await freeLocks(guarded, run)) || hasCleared;
    const key = `${folder}/${randomUUID()}.json`;
    const text = lockText(userInfo().username, thisHolder(), run.clock.now());
    await files.create(key, text);
    const release = () => files.remove(key, text);
    try {
      const isHeld = async () => isOnly(await files.locks(folder), key);
      if (await isHeld()) return { hasCleared, isHeld, release };
    } catch (error) {
      await release();
      throw error;
    }
    await release();
    await run.clock.sleep(0.1 + Math.random() / 2, run.signal);
  }
}

const isOnly = (locks: readonly LockFile[], key: string): boolean => locks.length === 1 && locks[0]?.key === key;

/**
 * Resolves when nobody holds the stack's lock: waits for the living, and removes exactly the locks of the dead.
 * @returns whether it removed any
 * @throws {UserError} when nobody can know whether a holder is alive
 */
export async function freeLocks(guarded: Guarded, run: Run): Promise<boolean> {
  const { stack, url, files, folder } = guarded;
  // Not every backend tells when a torn lock was written.
  const seen = new Map<string, number>();
  let waitsFor: string | undefined;
  let hasCleared = false;
  const end = run.clock.now() + LONGEST_UPDATE * 1000;
  for (let every = EVERY.first; ; every = Math.min(every * 1.2, EVERY.longest)) {
    const locks = await files.locks(folder);
    if (locks.length === 0) {
      await forget(guarded, run.clock.now());
      return hasCleared;
    }
    const here = hereWith(await engineRecords(url, stack));
    const judged = locks.map((file) => {
      const [id, now] = [`${file.key} ${file.text}`, run.clock.now()];
      seen.set(id, seen.get(id) ?? now);
      return { file, verdict: judgeFile(file, here, now, seen.get(id)) };
    });
    const [unknown] = judged.filter(({ verdict }) => verdict.is === "unknown");
    if (unknown && !guarded.force) throw locked(stack, unknown.verdict);
    const broken = judged.filter(({ verdict }) => verdict.is !== "living");
    if (broken.length > 0) await guarded.endOrphans();
    for (const { file, verdict } of broken) {
      await files.remove(file.key, file.text);
      hasCleared = true;
      run.say(`${stack}: cleared the lock: ${verdict.why}`);
    }
    if (broken.length > 0) continue;
    const [living] = judged;
    if (living && waitsFor !== living.verdict.why)
      run.say(`${stack}: ${living.verdict.why}; waiting for it to end (Ctrl+C to stop waiting)`);
    waitsFor = living?.verdict.why;
    if (run.clock.now() >= end) throw locked(stack, { is: "living", why: living?.verdict.why ?? "" });
    await run.clock.sleep(every, run.signal);
  }
}

/** An engine without a lock for so long has ended, in milliseconds. */
const STALE = 86_400_000;

/** Without locks, no engine of a dead command is at the stack: its record says nothing any more. */
async function forget({ url, stack }: Guarded, now: number): Promise<void> {
  const { neighbours, place } = hereWith([]);
  for (const { file, place: theirs, at, started } of await engineRecords(url, stack)) {
    const isHere = theirs.boot === place?.boot && theirs.namespace === place.namespace;
    const isRunning = started.some(({ pid, start }) => {
      const one = neighbours.at(pid);
      return one.kind === "hidden" || (one.kind === "process" && one.start === start);
    });
    // One that has not started yet, or runs in another container, may take its lock in a moment.
    const isOver = isHere && started.length > 0 && !isRunning;
    if (isOver || now - at > STALE) await removeRecord(file);
  }
}

const locked = (stack: string, { why }: Verdict): UserError =>
  new UserError(
    "StackLocked",
    `Stack ${stack} is locked: ${why}.`,
    `Wait for that update; if you are sure that none is running, run \`smeshnet recover ${stack} --force\`.`,
  );
