import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning, type ProcessId, processId } from "./process-id";

/** Folder with one file for each process of a cluster, so that a deletion can end them by their ids. */
const folderOf = (clusterFolder: string): string => join(clusterFolder, "processes");

/** Records a child that has just started. Returns a function that removes the record. */
export function recordProcess(clusterFolder: string, name: string, pid: number | undefined): () => void {
  const id = pid === undefined ? undefined : processId(pid);
  if (!id) return () => undefined;
  const folder = folderOf(clusterFolder);
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(id));
  return () => rmSync(file, { force: true });
}

/** The recorded processes that still run, by name. */
export function recordedProcesses(clusterFolder: string): ReadonlyMap<string, ProcessId> {
  const folder = folderOf(clusterFolder);
  const running = namesIn(folder).flatMap((file): [string, ProcessId][] => {
    const process = recordIn(join(folder, file));
    return process && isRunning(process) ? [[file.replace(/\.json$/, ""), process]] : [];
  });
  return new Map(running);
}

/**
 * The processes that kwokctl started for a cluster. It stores their numbers, and their executables are in its folder.
 */
export function controlPlaneProcesses(kwokFolder: string): ProcessId[] {
  return namesIn(join(kwokFolder, "pids")).flatMap((file) => {
    const pid = Number(readFileSync(join(kwokFolder, "pids", file), "utf8"));
    const id = processId(pid);
    return id && commandOf(pid).startsWith(`${kwokFolder}/`) ? [id] : [];
  });
}

/** A process removes its record when it ends, also between two reads of somebody else. */
function recordIn(file: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessId;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
