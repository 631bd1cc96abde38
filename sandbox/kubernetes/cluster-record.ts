import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProcessId } from "./process-id";

/** State of a cluster, stored as `cluster.json` in its folder. */
export interface ClusterRecord {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  /** Start of its creation, RFC 3339. */
  readonly createTime: string;
  /** The process that creates it. */
  readonly maker: ProcessId;
  /** Number of its address plan, once claimed. */
  readonly number?: number;
  readonly stage: "making" | "made" | "deleting";
}

/** Folder with the sandbox's whole state: SANDBOX_HOME, or `.sandbox` in the checkout. */
export const sandboxHome = (): string => resolve(process.env.SANDBOX_HOME || join(__dirname, "../../.sandbox"));

/** Folder of a cluster. */
export const clusterFolder = (home: string, name: string): string => join(home, "clusters", name);

/**
 * Folder of the network in a namespace. A cluster of its own keeps it in `default`, and there the cluster's folder is
 * the network's.
 */
export const networkFolder = (folder: string, namespace: string): string =>
  namespace === "default" ? folder : join(folder, "networks", namespace);

/** Folder of the sandbox that a cluster's folder belongs to. */
export const homeOf = (folder: string): string => resolve(folder, "../..");

/** Folder for one container's data, removed together with its pod. */
export const containerFolder = (folder: string, namespace: string, pod: string, container: string): string =>
  join(podFolder(folder, namespace, pod), container);

/** Folder of a pod's volumes and containers. */
export const podFolder = (folder: string, namespace: string, pod: string): string =>
  join(folder, "pods", `${namespace}_${pod}`);

/** kwokctl's folder for a cluster. */
export const kwokFolder = (folder: string, name: string): string => join(folder, "kwok/clusters", name);

/** Reads the record of a cluster's folder; undefined when the folder has none. */
export function readRecord(folder: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "cluster.json"), "utf8")) as ClusterRecord;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Replaces the record in one step, so that no reader sees half of it. */
export function writeRecord(folder: string, record: ClusterRecord): void {
  const file = join(folder, "cluster.json");
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
  renameSync(`${file}.new`, file);
}

/** All clusters of a sandbox, sorted by name. */
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
