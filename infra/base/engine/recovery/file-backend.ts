import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Run } from "../../lib/run";
import { APART } from "./folder-files";

/** Folders of a file backend that the engine reads on every command (Pulumi's backend/diy). */
const FOLDERS = [".pulumi/stacks", ".pulumi/locks"];

/**
 * Repairs a backend that a killed engine left unreadable. To be called before anything reads from it.
 * @param backendUrl `PULUMI_BACKEND_URL`; only a folder needs repair
 */
export async function repairBackend(backendUrl: string | undefined, run: Pick<Run, "say">): Promise<void> {
  for (const file of await repairFileBackend(backendUrl)) run.say(`removed ${file}, left empty by a killed engine`);
}

/**
 * Removes the empty `.attrs` files of a file backend. The engine writes such a file beside each document, but not in
 * one go (gocloud.dev/blob/fileblob). A killed engine may leave it empty, and then every later command fails with
 * "EOF". A document without this file can be read.
 * @param backendUrl of any backend; only a folder is repaired
 * @returns the files removed
 */
export async function repairFileBackend(backendUrl: string | undefined): Promise<string[]> {
  if (!backendUrl?.startsWith("file://")) return [];
  const root = backendUrl.startsWith("file:///") ? fileURLToPath(backendUrl.split("?", 1)[0] ?? "") : undefined;
  if (!root) return []; // relative to a folder that only the engine knows
  const removed: string[] = [];
  for (const folder of FOLDERS) {
    for (const file of await filesIn(join(root, folder))) {
      if (!file.endsWith(".attrs") || (await sizeOf(file)) !== 0) continue;
      await rm(file, { force: true });
      removed.push(file);
    }
  }
  await removeDrafts(join(root, ".pulumi", APART));
  return removed;
}

/** Removes what killed commands of ours left unfinished. Nobody works on such a file for an hour. */
async function removeDrafts(folder: string): Promise<void> {
  for (const file of await filesIn(folder)) {
    const written = await stat(file).then(({ mtimeMs }) => mtimeMs, absent);
    if (typeof written === "number" && Date.now() - written > 3_600_000) await rm(file, { force: true });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const sizeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ size }) => size,
    (error) => {
      absent(error);
      return undefined;
    },
  );

/** A running engine may remove a file at any moment. */
function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
