import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Cloudflare, CloudflareObject } from "../../clients/cloudflare";
import { UserError } from "../../lib/errors";
import { exec, lastLine, output } from "../../lib/exec";
import { ended, endTree, listProcesses } from "../../lib/processes";
import type { Run } from "../../lib/run";
import { withTemporaryFolder } from "../../lib/temporary";
import { together } from "../../lib/together";
import { ofThisWorld } from "../../lib/worlds";
import { buildTag, fromStackName } from "../../model/build-tag";
import { type Exported, exportedStack, type PendingOperation, pendingOf } from "../state";
import { createdIds } from "./adopt";
import { planLocks, readLocks } from "./lock";
import { isEngine, orphanedPlugins } from "./orphans";
import { withoutPending } from "./pending";
import { findStrayRecords } from "./stray-records";

/** Time limit to write a stack's state, in seconds. */
const TIMEOUT = 120;
/**
 * Longest wait for another update of the same stack, in seconds: a week. With the default settings the smoke test alone
 * takes two days.
 */
const LONGEST_UPDATE = 604_800;

export interface Recovery {
  readonly stack: string;
  /** The zone at Cloudflare that holds the networks' records. */
  readonly zoneId: string;
  readonly cloudflare: Cloudflare;
  /** Clears the lock even though its owner cannot be checked from this machine. */
  readonly force?: boolean;
}

/**
 * Cleans up a stack whose update was killed. Ends orphaned plugins, clears the lock, resolves pending operations and
 * removes DNS records that no state knows. Waits while an update runs on this machine.
 * @param how `always` writes the state even if nothing is pending, which shows whether it is locked. `state` is the
 *   stack's state, if it was read just now
 * @returns whether there was anything to clean up
 * @throws {UserError} when nobody can know whether the stack is being updated, or the backend does not answer
 */
export async function recover(
  recovery: Recovery,
  run: Run,
  how: { readonly always?: boolean; readonly state?: Exported } = {},
): Promise<boolean> {
  const { stack, cloudflare } = recovery;
  const { always = false } = how;
  const [ended, first] = await together(endOrphans(stack, run), how.state ?? exportState(stack, run));
  if (!ended && !always && !isDue(await findingsIn(first, recovery))) return false;
  for (let cleaned = ended; ; cleaned = true) {
    // Read again: what is written back must be the newest, and an orphan may have changed it until it ended.
    const exported = await exportState(stack, run);
    const { pending, strays } = await findingsIn(exported, recovery);
    const due = isDue({ pending, strays });
    if (!due && !always) return cleaned;
    const ids = await createdIds(pending, cloudflare);
    const state = withoutPending(exported, ids);
    // Writing the state takes the stack's lock. Without it, a stray record may be one that somebody is just creating.
    const refusal = await importState(stack, state, run);
    if (refusal === undefined) {
      if (pending.length > 0) run.say(`${stack}: ${summary(pending.length, ids.size)}`);
      await removeStrayRecords(recovery, strays, run);
      return cleaned || due;
    }
    await freeLock(recovery, refusal, run);
    await endOrphans(stack, run);
  }
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
  const orphans = await ofThisWorld(await orphanedPlugins(processes));
  for (const plugin of orphans) {
    await endTree(plugin, processes, run);
    run.say(`${stack}: ended ${pluginName(plugin.args)}, left by a killed engine (pid ${plugin.pid})`);
  }
  return orphans.length > 0;
}

const pluginName = (args: string): string => /pulumi-resource-[a-z]+/.exec(args)?.[0] ?? args;

/**
 * Resolves when nobody holds the stack's lock any more.
 * @param refusal text of the engine's refusal, with the locks in it
 * @throws {UserError} when nobody can know whether the update still runs
 */
export async function freeLock({ stack, force }: Recovery, refusal: string, run: Run): Promise<void> {
  const { signal, say } = run;
  const processes = await listProcesses(signal);
  const plan = planLocks(readLocks(refusal), hostname(), (pid) => isEngine(processes, pid));
  if (plan.action === "await") {
    say(`${stack}: ${plan.why}; waiting for it to end (Ctrl+C to stop waiting)`);
    return ended([plan.pid], LONGEST_UPDATE, run);
  }
  if (plan.action === "refuse" && !force) {
    throw new UserError(
      "StackLocked",
      `Stack ${stack} is locked: ${plan.why}.`,
      `Wait for that update; if you are sure that none is running, run \`smeshnet recover ${stack} --force\`.`,
    );
  }
  await output("pulumi", ["cancel", "--yes", "--stack", stack], { timeout: TIMEOUT, signal });
  say(`${stack}: cleared the lock: ${plan.why}`);
}

const summary = (pending: number, adopted: number): string =>
  `${pending} pending ${pending === 1 ? "operation" : "operations"} of a killed engine: ${adopted} found done, ` +
  `${pending - adopted} to be repeated`;

async function exportState(stack: string, run: Run): Promise<Exported> {
  const exported = await exportedStack(stack, run);
  if (exported) return exported;
  throw new UserError(
    "StackRemoved",
    `Stack ${stack} was removed by another run.`,
    "Check with `pulumi stack ls` whether this is intended.",
  );
}

/** Returns the refusal when the stack is locked. @throws {UserError} when the state cannot be written */
async function importState(stack: string, state: Exported, { signal }: Run): Promise<string | undefined> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "state.json");
    await writeFile(file, JSON.stringify(state), { mode: 0o600 });
    const args = ["stack", "import", "--stack", stack, "--file", file];
    const { exitCode, stderr } = await exec("pulumi", args, { timeout: TIMEOUT, signal });
    if (exitCode === 0) return undefined;
    if (/currently locked|Another update is currently in progress/.test(stderr)) return stderr;
    throw new UserError(
      "StateUnwritable",
      `The state of stack ${stack} cannot be written (${lastLine(stderr)}).`,
      "Check access to the backend, then run the command again.",
    );
  });
}
