import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { CloudflareObject } from "../../clients/cloudflare";
import { UserError } from "../../lib/errors";
import { exec, lastLine, output } from "../../lib/exec";
import { ended, endTree, listProcesses } from "../../lib/processes";
import { buildTag, fromStackName } from "../../model/build-tag";
import { type Exported, exportedStack, pendingOf } from "../state";
import { createdIds } from "./adopt";
import { planLocks, readLocks } from "./lock";
import { isEngine, orphanedPlugins } from "./orphans";
import { withoutPending } from "./pending";
import { findStrayRecords, removeRecord } from "./stray-records";

/** Longest time to read or write a stack's state, in seconds. */
const TIMEOUT = 120;
/** Longest wait for another update of the same stack, in seconds: a day, more than any network takes. */
const PATIENCE = 86_400;

export interface Recovery {
  readonly stack: string;
  /** The zone at Cloudflare that holds the networks' records. */
  readonly zoneId: string;
  readonly signal: AbortSignal;
  /** Takes what is done, a line each. */
  readonly say: (line: string) => void;
  /** The operator's word that no update of the stack is running, where nobody can see it from here. */
  readonly force?: boolean;
}

/**
 * Puts a stack in order whose update was killed: ends the plugins that the engine has left behind, takes its lock away,
 * settles what was under way, and removes DNS records that no state knows. Waits while an update is running on this machine.
 * @param always writes the state even if nothing is pending, which shows whether it is locked
 * @returns whether there was anything to do
 * @throws {UserError} when nobody can know whether the stack is being updated, or the backend does not answer
 */
export async function recover(recovery: Recovery, always = false): Promise<boolean> {
  const { stack, signal, say } = recovery;
  for (let did = await endOrphans(recovery); ; did = true) {
    const exported = await exportState(stack, signal);
    const pending = pendingOf(exported);
    const ids = await createdIds(pending);
    const state = withoutPending(exported, ids);
    const strays = await straysOf(recovery, state);
    const isDue = pending.length > 0 || strays.length > 0;
    if (!isDue && !always) return did;
    // Writing the state takes the stack's lock: what looks left over may be what somebody is just making.
    const refusal = await importState(stack, state, signal);
    if (refusal === undefined) {
      if (pending.length > 0) say(`${stack}: ${summary(pending.length, ids.size)}`);
      await removeStrays(recovery, strays);
      return did || isDue;
    }
    await freeLock(recovery, refusal);
    await endOrphans(recovery);
  }
}

async function straysOf({ stack, zoneId }: Recovery, state: Exported): Promise<CloudflareObject[]> {
  if (stack === "edge" || !state.deployment.resources?.length) return []; // the edge has no records of its own
  const tag = fromStackName(stack);
  return findStrayRecords(state, zoneId, tag ? buildTag(tag) : stack);
}

async function removeStrays({ stack, zoneId, say }: Recovery, strays: readonly CloudflareObject[]): Promise<void> {
  if (strays.length === 0) return;
  for (const { id } of strays) await removeRecord(zoneId, id);
  say(`${stack}: removed DNS records that a killed run had made: ${strays.map(({ name }) => name).join(", ")}`);
}

async function endOrphans({ stack, signal, say }: Recovery): Promise<boolean> {
  const processes = await listProcesses(signal);
  const orphans = await orphanedPlugins(processes);
  for (const plugin of orphans) {
    await endTree(plugin, processes, signal);
    say(`${stack}: ended ${pluginName(plugin.args)}, whose engine was killed (pid ${plugin.pid})`);
  }
  return orphans.length > 0;
}

const pluginName = (args: string): string => /pulumi-resource-[a-z]+/.exec(args)?.[0] ?? args;

/**
 * Resolves when nobody holds the stack's lock any more.
 * @param refusal what the engine said, with the locks in it
 * @throws {UserError} when nobody can know whether the update still runs
 */
export async function freeLock({ stack, signal, say, force }: Recovery, refusal: string): Promise<void> {
  const processes = await listProcesses(signal);
  const plan = planLocks(readLocks(refusal), hostname(), (pid) => isEngine(processes, pid));
  if (plan.action === "await") {
    say(`${stack}: ${plan.why}; waiting for it to end (Ctrl+C gives up)`);
    return ended([plan.pid], PATIENCE, signal);
  }
  if (plan.action === "refuse" && !force) {
    throw new UserError(
      `${stack}: ${plan.why}: wait for it, or, if nobody is, run node --import tsx scripts/recover.ts ${stack} --force`,
    );
  }
  await output("pulumi", ["cancel", "--yes", "--stack", stack], { timeout: TIMEOUT, signal });
  say(`${stack}: lock taken away: ${plan.why}`);
}

const summary = (pending: number, adopted: number): string =>
  `${pending} ${pending === 1 ? "step was" : "steps were"} under way when the engine was killed: ${adopted} found done, ` +
  `${pending - adopted} to be done again`;

async function exportState(stack: string, signal: AbortSignal): Promise<Exported> {
  const exported = await exportedStack(stack, signal);
  if (exported) return exported;
  throw new UserError(`there is no stack ${stack} any more: somebody has removed it`);
}

/** Returns the refusal when the stack is locked. @throws {UserError} when the state cannot be written. */
async function importState(stack: string, state: Exported, signal: AbortSignal): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "smeshnet-"));
  const file = join(folder, "state.json");
  try {
    await writeFile(file, JSON.stringify(state), { mode: 0o600 });
    const args = ["stack", "import", "--stack", stack, "--file", file];
    const { exitCode, stderr } = await exec("pulumi", args, { timeout: TIMEOUT, signal });
    if (exitCode === 0) return undefined;
    if (/currently locked|Another update is currently in progress/.test(stderr)) return stderr;
    throw new UserError(`the state of ${stack} could not be put in order: ${lastLine(stderr)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
