import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** Deletes a cluster in a process that survives this one, as in GKE. Resolves when the cluster is gone. */
export async function haveDeleted(home: string, name: string): Promise<void> {
  const args = ["--import", require.resolve("tsx"), join(__dirname, "delete-cluster.ts"), home, name];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const complaint = text(child.stderr);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error((await complaint).trim());
}
