import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** Has a cluster deleted by a process that goes on when this one ends, as GKE does. Resolves when it is gone. */
export async function haveDeleted(home: string, name: string): Promise<void> {
  const args = ["--import", require.resolve("tsx"), join(__dirname, "delete-cluster.ts"), home, name];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const complaint = text(child.stderr);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error((await complaint).trim());
}
