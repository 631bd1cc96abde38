import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProcessId } from "./process-id";

/** What a cluster's folder says of it, in `cluster.json`. */
export interface ClusterRecord {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  /** When its making began, RFC 3339. */
  readonly createTime: string;
  /** The process that makes it. */
  readonly maker: ProcessId;
  /** Where it lives, once that is claimed. */
  readonly number?: number;
  readonly stage: "making" | "made" | "deleting";
}

/** Folder of all state of the sandbox: SANDBOX_HOME, else `.sandbox` in the checkout. */
export const sandboxHome = (): string => resolve(process.env.SANDBOX_HOME || join(__dirname, "../../.sandbox"));

/** Folder of a cluster. */
export const clusterFolder = (home: string, name: string): string => join(home, "clusters", name);

/** The sandbox's folder of a cluster's folder. */
export const homeOf = (folder: string): string => resolve(folder, "../..");

/** Folder of one container's own data, removed with its pod. */
export const containerFolder = (folder: string, namespace: string, pod: string, container: string): string =>
  join(podFolder(folder, namespace, pod), container);

/** Folder of a pod's volumes and containers. */
export const podFolder = (folder: string, namespace: string, pod: string): string =>
  join(folder, "pods", `${namespace}_${pod}`);

/** kwokctl's folder of a cluster. */
export const kwokFolder = (folder: string, name: string): string => join(folder, "kwok/clusters", name);

/** Reads what a folder says of its cluster; undefined when there is none. */
export function readRecord(folder: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "cluster.json"), "utf8")) as ClusterRecord;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Writes the record in one step, so that no reader sees half of it. */
export function writeRecord(folder: string, record: ClusterRecord): void {
  const file = join(folder, "cluster.json");
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
  renameSync(`${file}.new`, file);
}

/** All clusters of a sandbox, by name. */
export function readRecords(home: string): ClusterRecord[] {
  let names: string[];
  try {
    names = readdirSync(join(home, "clusters"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => !name.startsWith("."))
    .sort()
    .flatMap((name) => readRecord(clusterFolder(home, name)) ?? []);
}
