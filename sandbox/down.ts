import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, places } from "./home";
import { deleteCluster, listClusters } from "./kubernetes/cluster";
import { endProcess, processId } from "./kubernetes/process-id";
import { recordedProcesses } from "./kubernetes/process-records";

/** Milliseconds that a process gets to end by itself. */
const GRACE = 5000;

/** Ends every process of a sandbox by its recorded id and removes the folder. Safe to run twice. */
export async function down(home: string, say: (line: string) => void): Promise<void> {
  if (!existsSync(places(home).world)) {
    say(`no sandbox in ${home}`);
    return;
  }
  await end(places(home).jobs);
  for (const { name } of listClusters(home)) {
    say(`deleting cluster ${name}`);
    await deleteCluster(home, name);
  }
  await end(home);
  await endPlugins(home);
  forgetStacks(home);
  rmSync(home, { recursive: true, force: true });
  say("the sandbox is down, nothing is left");
}

/** Ends plugins from this sandbox's own folder. A killed engine leaves them behind. */
async function endPlugins(home: string): Promise<void> {
  const inside = join(places(home).pulumiHome, "plugins/");
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandOf(name).startsWith(inside));
  const plugins = pids.map((pid) => processId(Number(pid))).filter((id) => id !== undefined);
  await Promise.all(plugins.map((plugin) => endProcess(plugin, GRACE)));
}

/** The command line of a process (proc(5)); empty after the process ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/**
 * Removes the settings files that the Pulumi CLI wrote into the checkout for this sandbox's stacks. They hold the salt
 * of the sandbox's passphrase, so a later stack with another passphrase would fail on them.
 */
function forgetStacks(home: string): void {
  const folder = join(places(home).state, ".pulumi/stacks/smeshnet");
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) {
    const stack = /^(.+)\.json$/.exec(file)?.[1];
    if (stack) rmSync(join(CHECKOUT, "stacks", `Pulumi.${stack}.yaml`), { force: true });
  }
}

async function end(records: string): Promise<void> {
  await Promise.all([...recordedProcesses(records).values()].map((process) => endProcess(process, GRACE)));
}
