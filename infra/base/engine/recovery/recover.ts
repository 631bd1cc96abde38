import type { Cloudflare, CloudflareObject } from "../../clients/cloudflare";
import { UserError } from "../../lib/errors";
import { output } from "../../lib/exec";
import { endTree, listProcesses } from "../../lib/processes";
import type { Run } from "../../lib/run";
import { OF_STATES } from "../../lib/secrets";
import { together } from "../../lib/together";
import { surelyOfThisWorld } from "../../lib/worlds";
import { buildTag, fromStackName } from "../../model/build-tag";
import { NAMESPACE } from "../../model/settings";
import { type Exported, exportedStack, type PendingOperation, pendingOf } from "../state";
import { createdIds } from "./adopt";
import { backendUrl, isService, openBackend } from "./backend-files";
import { findStack, lockFolders, readCheckpoint } from "./checkpoint";
import type { BackendFiles } from "./files";
import { orphanedPlugins } from "./orphans";
import { withoutPending } from "./pending";
import { importState, isUnchanged, newestVersion } from "./service";
import { freeLocks, type HeldLock, takeStackLock } from "./stack-lock";
import { findStrayRecords } from "./stray-records";

/** Time limit of one call of the pulumi CLI, in seconds. */
const TIMEOUT = 120;

export interface Recovery {
  readonly stack: string;
  /** The zone at Cloudflare that holds the networks' records. */
  readonly zoneId: string;
  readonly cloudflare: Cloudflare;
  /** Clears exactly the locks that are there, even though their owners cannot be checked from this machine. */
  readonly force?: boolean;
}

/**
 * Cleans up a stack whose update was killed. Ends orphaned plugins, clears the locks of dead engines, resolves pending
 * operations and removes DNS records that no state knows. Waits while an update runs on this machine. While the state is
 * looked at and changed, a lock of ours holds off all engines.
 * @param how `always` takes the lock even if nothing is pending. `state` is the stack's state, if it was read just now
 * @returns whether there was anything to clean up
 * @throws {UserError} when nobody can know whether the stack is being updated, or the backend does not answer
 */
export async function recover(
  recovery: Recovery,
  run: Run,
  how: { readonly always?: boolean; readonly state?: Exported } = {},
): Promise<boolean> {
  const { stack } = recovery;
  const url = await backendUrl(run);
  const [ended, first, seen] = await together(
    endOrphans(stack, run),
    how.state ?? exportState(stack, run),
    seenFiles(url, stack),
  );
  const isNeeded = ended || how.always === true || seen?.isLocked === true || isDue(await findingsIn(first, recovery));
  if (!isNeeded) return false;
  if (seen) return (await recoverFiles(recovery, url, seen.files, run)) || ended;
  if (isService(url)) return (await recoverAtService(recovery, run)) || ended;
  if (pendingOf(first).length > 0) throw unrepairable(stack, pendingOf(first).length);
  return ended;
}

/**
 * The files of a backend, and whether a stack has locks there; undefined when they cannot be seen. The CLI has more ways
 * to the credentials of a bucket than we have.
 */
async function seenFiles(url: string, stack: string): Promise<{ files: BackendFiles; isLocked: boolean } | undefined> {
  const files = openBackend(url);
  if (!files) return undefined;
  try {
    const found = await Promise.all(lockFolders(NAMESPACE, stack).map((folder) => files.locks(folder)));
    return { files, isLocked: found.some((locks) => locks.length > 0) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Recovers a stack in a folder or a bucket, under its lock. */
async function recoverFiles(recovery: Recovery, url: string, files: BackendFiles, run: Run): Promise<boolean> {
  const { stack, force } = recovery;
  const place = await findStack(files, NAMESPACE, stack);
  if (!place) return recoverUnwritable(recovery, url, files, run);
  const guarded = { stack, url, files, folder: place.locks, force, endOrphans: () => endOrphans(stack, run) };
  const lock = await takeStackLock(guarded, run);
  try {
    const present = await files.read(place.state);
    if (!present) throw stackRemoved(stack);
    const { state, bytesWith } = readCheckpoint(stack, present);
    const { pending, strays } = await findingsIn(state, recovery);
    if (pending.length > 0) {
      const ids = await createdIds(pending, recovery.cloudflare);
      await held(lock, stack);
      if (!(await files.replace(place.state, bytesWith(withoutPending(state, ids)), present)))
        throw stateChanged(stack);
      run.say(`${stack}: ${summary(pending.length, ids.size)}`);
    }
    // Without the lock, a stray record may be one that somebody is just creating.
    if (strays.length > 0) await held(lock, stack);
    await removeStrayRecords(recovery, strays, run);
    return lock.hasCleared || isDue({ pending, strays });
  } finally {
    await lock.release();
  }
}

/** Recovers a stack whose state is kept in a form that we do not write, such as zstd. */
async function recoverUnwritable(recovery: Recovery, url: string, files: BackendFiles, run: Run): Promise<boolean> {
  const { stack, force } = recovery;
  const endTheirs = () => endOrphans(stack, run);
  let hasCleared = false;
  for (const folder of lockFolders(NAMESPACE, stack))
    hasCleared = (await freeLocks({ stack, url, files, folder, force, endOrphans: endTheirs }, run)) || hasCleared;
  const pending = pendingOf(await exportState(stack, run)).length;
  if (pending > 0) throw unrepairable(stack, pending);
  return hasCleared;
}

async function held(lock: HeldLock, stack: string): Promise<void> {
  if (!(await lock.isHeld())) throw stateChanged(stack);
}

/** Recovers a stack at the Pulumi service. */
async function recoverAtService(recovery: Recovery, run: Run): Promise<boolean> {
  const { stack, cloudflare } = recovery;
  for (let cleaned = false; ; cleaned = true) {
    const version = await newestVersion(stack, run);
    const exported = await exportState(stack, run);
    const { pending, strays } = await findingsIn(exported, recovery);
    const ids = await createdIds(pending, cloudflare);
    const isWritten = pending.length > 0;
    const refusal = isWritten
      ? await importState(stack, withoutPending(exported, ids), version, run)
      : (await isUnchanged(stack, version, run))
        ? undefined
        : "another update is in progress";
    if (refusal === undefined) {
      if (isWritten) run.say(`${stack}: ${summary(pending.length, ids.size)}`);
      const isStill = strays.length === 0 || (await isUnchanged(stack, version + Number(isWritten), run));
      if (!isStill) throw stateChanged(stack);
      await removeStrayRecords(recovery, strays, run);
      return cleaned || isDue({ pending, strays });
    }
    await refused(recovery, refusal, run);
  }
}

/** Lets time pass after the engine was refused, so that {@link recover} looks again. @throws {UserError} if it cannot */
export async function afterRefusal(recovery: Recovery, refusal: string, run: Run): Promise<void> {
  if (!(await seenFiles(await backendUrl(run), recovery.stack))) return refused(recovery, refusal, run);
  // Of two engines that lock at the same time, both may be refused. They must not come again at the same time.
  await run.clock.sleep(0.1 + Math.random() / 2, run.signal);
}

/**
 * What to do when the engine was refused by a backend whose locks we do not see. With `force` the present lease of the
 * service is ended.
 * @throws {UserError} unless forced
 */
async function refused({ stack, force }: Recovery, refusal: string, run: Run): Promise<void> {
  const file = /^[ \t]*(\S+): created by /m.exec(refusal)?.[1];
  if (!force || file !== undefined)
    throw new UserError(
      "StackLocked",
      `Stack ${stack} is locked: another update is in progress or was killed.`,
      file === undefined
        ? `Wait for that update; if you are sure that none is running, run \`smeshnet recover ${stack} --force\`.`
        : `Wait for that update; if you are sure that none is running, delete exactly ${file}.`,
    );
  const options = { secrets: OF_STATES, timeout: TIMEOUT, signal: run.signal };
  await output("pulumi", ["cancel", "--yes", "--stack", stack], options);
  run.say(`${stack}: cleared the lock: another update is in progress or was killed`);
}

/** What a killed engine left in a state and beside it. */
interface Findings {
  readonly pending: readonly PendingOperation[];
  readonly strays: readonly CloudflareObject[];
}

const isDue = ({ pending, strays }: Findings): boolean => pending.length > 0 || strays.length > 0;

async function findingsIn(exported: Exported, recovery: Recovery): Promise<Findings> {
  return { pending: pendingOf(exported), strays: await strayRecordsOf(recovery, exported) };
}

async function strayRecordsOf({ stack, zoneId, cloudflare }: Recovery, state: Exported): Promise<CloudflareObject[]> {
  if (stack === "edge" || !state.deployment.resources?.length) return []; // the edge has no records of its own
  const tag = fromStackName(stack);
  return findStrayRecords(state, zoneId, tag ? buildTag(tag) : stack, cloudflare);
}

async function removeStrayRecords(
  { stack, zoneId, cloudflare }: Recovery,
  strays: readonly CloudflareObject[],
  run: Run,
): Promise<void> {
  if (strays.length === 0) return;
  for (const { id } of strays) await cloudflare.removeDnsRecord(zoneId, id);
  run.say(`${stack}: removed DNS records left by a killed run: ${strays.map(({ name }) => name).join(", ")}`);
}

async function endOrphans(stack: string, run: Run): Promise<boolean> {
  const processes = await listProcesses(run.signal);
  // Those of another backend are for its own next run: nobody here knows what they still do.
  const orphans = await surelyOfThisWorld(await orphanedPlugins(processes));
  for (const plugin of orphans) {
    await endTree(plugin, processes, run);
    run.say(`${stack}: ended ${pluginName(plugin.args)}, left by a killed engine (pid ${plugin.pid})`);
  }
  return orphans.length > 0;
}

const pluginName = (args: string): string => /pulumi-resource-[a-z]+/.exec(args)?.[0] ?? args;

const counted = (pending: number): string => `${pending} pending ${pending === 1 ? "operation" : "operations"}`;

const summary = (pending: number, adopted: number): string =>
  `${counted(pending)} of a killed engine: ${adopted} found done, ${pending - adopted} to be repeated`;

async function exportState(stack: string, run: Run): Promise<Exported> {
  const exported = await exportedStack(stack, run);
  if (exported) return exported;
  throw stackRemoved(stack);
}

const unrepairable = (stack: string, pending: number): UserError =>
  new UserError(
    "BackendUnrepairable",
    `Stack ${stack} has ${counted(pending)} of a killed engine, and nobody can change its state safely from here.`,
    `Make sure that no update is running, then run \`pulumi refresh --clear-pending-creates --stack ${stack}\`.`,
  );

const stackRemoved = (stack: string): UserError =>
  new UserError(
    "StackRemoved",
    `Stack ${stack} was removed by another run.`,
    "Check with `pulumi stack ls` whether this is intended.",
  );

const stateChanged = (stack: string): UserError =>
  new UserError(
    "StateChanged",
    `Another run changed stack ${stack} while this one cleaned up, and its state was left as it is.`,
    "Make sure that nobody removes locks by hand, then run the command again.",
  );
