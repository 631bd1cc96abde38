import { existsSync, rmSync } from "node:fs";
import { places } from "./home";
import { deleteCluster, listClusters } from "./kubernetes/cluster";
import { endProcess } from "./kubernetes/process-id";
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
  rmSync(home, { recursive: true, force: true });
  say("the sandbox is down: nothing of it is left");
}

async function end(records: string): Promise<void> {
  await Promise.all([...recordedProcesses(records).values()].map((process) => endProcess(process, GRACE)));
}
