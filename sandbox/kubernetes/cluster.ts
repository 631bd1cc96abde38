import { mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { addressPlan } from "./address-plan";
import { type ClusterRecord, clusterFolder, kwokFolder, readRecord, readRecords, writeRecord } from "./cluster-record";
import { readCredentials, startControlPlane } from "./control-plane";
import { writeCredentials } from "./credentials";
import { endProcess, isRunning, processId } from "./process-id";
import { controlPlaneProcesses, recordedProcesses } from "./process-records";
import { RUNNER, startRunnerProcess } from "./runner-process";
import { removeSlowDisks } from "./slow-disk";

/** Statuses of a GKE cluster that occur in the sandbox (cloud.google.com, GKE REST reference, Cluster.Status). */
export type ClusterStatus = "PROVISIONING" | "RUNNING" | "STOPPING" | "ERROR";

/** A cluster as the sandbox's cloud shows it. */
export interface Cluster {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly status: ClusterStatus;
  /** RFC 3339. */
  readonly createTime: string;
  /** `https://127.0.0.1:PORT`; undefined until the port is known. */
  readonly server?: string;
  /** Folder with its `kubeconfig`, `faults.json` and logs. */
  readonly folder: string;
}

export interface CreateOptions {
  readonly project?: string;
  readonly location?: string;
  /** Module that exports the `programs` that run images. By default, every program of the sandbox. */
  readonly programs?: string;
  /** Called when the cluster's name is claimed and its creation begins. */
  readonly claimed?: () => void;
}

/** The name breaks GKE's rules. */
export class InvalidClusterName extends Error {
  constructor(name: string) {
    super(
      `"${name}" is not a cluster name, expected a letter, then lower-case letters, digits and hyphens, at most 40.`,
    );
    this.name = "InvalidClusterName";
  }
}

export class ClusterExists extends Error {
  constructor(name: string) {
    super(`Cluster ${name} already exists. Delete it first.`);
    this.name = "ClusterExists";
  }
}

/** Name under which a process that only creates a cluster is recorded. */
export const MAKER = "maker";

/** Milliseconds that a runner gets to end its programs. */
const GRACE = 5_000;

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Creates a cluster: its own control plane, and nodes that run pods. Resolves when pods can be created.
 * @param home folder of the sandbox
 * @throws {InvalidClusterName}, {ClusterExists}, or the reason for a failed creation, of which nothing remains
 */
export async function createCluster(home: string, name: string, options: CreateOptions = {}): Promise<Cluster> {
  const { project = "sandbox", location = "local", programs = join(__dirname, "programs.ts") } = options;
  if (!NAME.test(name)) throw new InvalidClusterName(name);
  const folder = clusterFolder(home, name);
  claimFolder(home, folder, name);
  const maker = processId(process.pid);
  if (!maker) throw new Error("This process is not listed in /proc. The sandbox needs Linux.");
  const record = { name, project, location, createTime: new Date().toISOString(), maker };
  try {
    writeRecord(folder, { ...record, stage: "making" });
    options.claimed?.();
    const runner = await startRunnerProcess(folder, name, programs);
    writeRecord(folder, { ...record, number: runner.number, stage: "making" });
    const credentials = await startControlPlane({ home, folder, name, plan: addressPlan(runner.number) });
    writeCredentials(folder, name, credentials, new Date());
    await runner.play();
    const made: ClusterRecord = { ...record, number: runner.number, stage: "made" };
    writeRecord(folder, made);
    return clusterOf(home, made);
  } catch (error) {
    await remove(folder, name);
    throw error;
  }
}

/**
 * Ends every process of a cluster, including its creation, and removes its folder. Does nothing without such a cluster.
 * @throws while another process creates the cluster as part of a larger task
 */
export async function deleteCluster(home: string, name: string): Promise<void> {
  const folder = clusterFolder(home, name);
  const record = readRecord(folder);
  const isOthers = record && isBeingMade(record) && record.maker.pid !== process.pid;
  if (isOthers && !recordedProcesses(folder).has(MAKER)) {
    throw new Error(`Process ${record.maker.pid} is creating cluster ${name}. Wait until the process ends, or end it.`);
  }
  if (record) mark(folder, { ...record, stage: "deleting" });
  await remove(folder, name);
}

/** Writes a record, unless another process has just deleted the cluster. */
function mark(folder: string, record: ClusterRecord): void {
  try {
    writeRecord(folder, record);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The clusters of a sandbox, sorted by name. */
export const listClusters = (home: string): Cluster[] => readRecords(home).map((record) => clusterOf(home, record));

/** One cluster by its name; undefined when it does not exist. */
export function describe(home: string, name: string): Cluster | undefined {
  const record = readRecord(clusterFolder(home, name));
  return record && clusterOf(home, record);
}

/** Administrator's credentials for a cluster. @throws before the cluster has an address */
export function credentialsOf({ name, folder }: Cluster) {
  const number = readRecord(folder)?.number;
  if (number === undefined) throw new Error(`Cluster ${name} has no address yet. Wait until it is running.`);
  return readCredentials(folder, name, addressPlan(number));
}

function claimFolder(home: string, folder: string, name: string): void {
  mkdirSync(join(home, "clusters"), { recursive: true });
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new ClusterExists(name);
    throw error;
  }
}

function clusterOf(home: string, record: ClusterRecord): Cluster {
  const { name, project, location, createTime, number } = record;
  const folder = clusterFolder(home, name);
  const server = number === undefined ? {} : { server: `https://127.0.0.1:${addressPlan(number).ports.apiServer}` };
  return { name, project, location, createTime, folder, status: statusOf(folder, record), ...server };
}

function statusOf(folder: string, record: ClusterRecord): ClusterStatus {
  if (record.stage === "deleting") return "STOPPING";
  if (record.stage === "making") return isBeingMade(record) ? "PROVISIONING" : "ERROR";
  return recordedProcesses(folder).has(RUNNER) ? "RUNNING" : "ERROR";
}

const isBeingMade = ({ stage, maker }: ClusterRecord): boolean => stage === "making" && isRunning(maker);

/**
 * Ends the process that creates the cluster, then the runner, which ends its programs. Remaining processes and the
 * control
 * plane follow.
 */
async function remove(folder: string, name: string): Promise<void> {
  const { [MAKER]: maker, [RUNNER]: runner, ...others } = Object.fromEntries(recordedProcesses(folder));
  if (maker && maker.pid !== process.pid) await endProcess(maker, 0);
  if (runner) await endProcess(runner, GRACE);
  await removeSlowDisks(folder);
  const left = [...Object.values(others), ...controlPlaneProcesses(kwokFolder(folder, name))];
  await Promise.all(left.map((process) => endProcess(process, 0)));
  const trash = join(dirname(folder), `.${name}.deleted`);
  await rm(trash, { recursive: true, force: true });
  try {
    renameSync(folder, trash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  await rm(trash, { recursive: true, force: true });
}
