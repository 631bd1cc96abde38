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

/** Statuses of a GKE cluster that occur here (cloud.google.com, GKE REST reference, Cluster.Status). */
export type ClusterStatus = "PROVISIONING" | "RUNNING" | "STOPPING" | "ERROR";

/** A cluster as the sandbox's cloud shows it. */
export interface Cluster {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly status: ClusterStatus;
  /** RFC 3339. */
  readonly createTime: string;
  /** `https://127.0.0.1:PORT`; undefined until its address is known. */
  readonly server?: string;
  /** Folder with its `kubeconfig`, `faults.json` and logs. */
  readonly folder: string;
}

export interface CreateOptions {
  readonly project?: string;
  readonly location?: string;
  /** Module that exports `programs`, which play the images; all that the sandbox plays when absent. */
  readonly programs?: string;
  /** Called when the cluster's name is taken and its making begins. */
  readonly claimed?: () => void;
}

/** A name that GKE refuses. */
export class InvalidClusterName extends Error {
  constructor(name: string) {
    super(`"${name}" is no name for a cluster: a lower-case letter, then letters, digits and hyphens, at most 40`);
    this.name = "InvalidClusterName";
  }
}

export class ClusterExists extends Error {
  constructor(name: string) {
    super(`cluster ${name} already exists: delete it first`);
    this.name = "ClusterExists";
  }
}

/** Name under which a process that does nothing but make a cluster is recorded. */
export const MAKER = "maker";

/** Milliseconds that a runner has to end its programs. */
const GRACE = 5_000;

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Makes a cluster: a control plane of its own and nodes that run pods. Resolves when pods can be created.
 * @param home folder of the sandbox.
 * @throws {InvalidClusterName}, {ClusterExists}, or why it could not be made; then nothing is left of it.
 */
export async function createCluster(home: string, name: string, options: CreateOptions = {}): Promise<Cluster> {
  const { project = "sandbox", location = "local", programs = join(__dirname, "programs.ts") } = options;
  if (!NAME.test(name)) throw new InvalidClusterName(name);
  const folder = clusterFolder(home, name);
  claimFolder(home, folder, name);
  const maker = processId(process.pid);
  if (!maker) throw new Error("this process is not in /proc: the sandbox needs Linux");
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
 * Ends everything of a cluster, its making included, and removes its folder; nothing to do when there is none.
 * @throws while another process makes it that has more to do than that.
 */
export async function deleteCluster(home: string, name: string): Promise<void> {
  const folder = clusterFolder(home, name);
  const record = readRecord(folder);
  const isOthers = record && isBeingMade(record) && record.maker.pid !== process.pid;
  if (isOthers && !recordedProcesses(folder).has(MAKER)) {
    throw new Error(`cluster ${name} is being made by process ${record.maker.pid}: wait for it or end it first`);
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

/** The clusters of a sandbox, by name. */
export const listClusters = (home: string): Cluster[] => readRecords(home).map((record) => clusterOf(home, record));

/** One cluster; undefined when there is none of that name. */
export function describe(home: string, name: string): Cluster | undefined {
  const record = readRecord(clusterFolder(home, name));
  return record && clusterOf(home, record);
}

/** The administrator's way into a cluster. @throws when it has no address yet. */
export function credentialsOf({ name, folder }: Cluster) {
  const number = readRecord(folder)?.number;
  if (number === undefined) throw new Error(`cluster ${name} has no address yet`);
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
 * Ends who makes the cluster, then the runner, which ends its programs; what it has left behind and the control plane
 * go after it.
 */
async function remove(folder: string, name: string): Promise<void> {
  const { [MAKER]: maker, [RUNNER]: runner, ...others } = Object.fromEntries(recordedProcesses(folder));
  if (maker && maker.pid !== process.pid) await endProcess(maker, 0);
  if (runner) await endProcess(runner, GRACE);
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
