import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders of a file backend that the engine reads on every command (Pulumi's backend/diy). */
const FOLDERS = [".pulumi/stacks", ".pulumi/locks"];

/**
 * Removes the empty `.attrs` files of a file backend. The engine writes such a file beside each document, not in one go
 * (gocloud.dev/blob/fileblob); killed in between, it leaves an empty one, at which every later command fails with "EOF". A
 * document without one is read as usual.
 * @param backendUrl of any backend; nothing is done for one that is no folder
 * @returns the files removed
 */
export async function repairFileBackend(backendUrl: string | undefined): Promise<string[]> {
  if (!backendUrl?.startsWith("file://")) return [];
  const root = backendUrl.startsWith("file:///") ? fileURLToPath(backendUrl.replace(/\?.*$/, "")) : undefined;
  if (!root) return []; // relative to a home folder or a working directory that is not ours to guess
  const removed: string[] = [];
  for (const folder of FOLDERS) {
    for (const file of await filesIn(join(root, folder))) {
      if (!file.endsWith(".attrs") || (await sizeOf(file)) !== 0) continue;
      await rm(file, { force: true });
      removed.push(file);
    }
  }
  return removed;
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

/** What an engine at work has just removed is no fault. */
function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
