import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, places } from "./home";
import { deleteCluster, listClusters } from "./kubernetes/cluster";
import { endProcess, processId } from "./kubernetes/process-id";
import { recordedProcesses } from "./kubernetes/process-records";

/** Milliseconds a process gets to end by itself. */
const GRACE = 5000;

/** Ends everything of a sandbox by its recorded ids and removes its folder. Safe to run twice. */
export async function down(home: string, say: (line: string) => void): Promise<void> {
  if (!existsSync(places(home).world)) {
    say(`there is no sandbox in ${home}`);
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
  say("the sandbox is down: nothing of it is left");
}

/** Plugins of this sandbox's own folder, which an engine that was killed has left behind. */
async function endPlugins(home: string): Promise<void> {
  const inside = join(places(home).pulumiHome, "plugins/");
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandOf(name).startsWith(inside));
  const plugins = pids.map((pid) => processId(Number(pid))).filter((id) => id !== undefined);
  await Promise.all(plugins.map((plugin) => endProcess(plugin, GRACE)));
}

/** The command line of a process (proc(5)); empty when it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Files that the Pulumi CLI has written into the checkout for this sandbox's stacks; another passphrase fails on them. */
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
