import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { places, SandboxError } from "../home";
import { type Cluster, credentialsOf, deleteCluster, describe } from "./cluster";
import { clusterFolder, kwokFolder, networkFolder, SHARED } from "./cluster-record";
import { adminKubeconfig } from "./credentials";
import { listNetworks } from "./network-folders";
import { controlPlaneProcesses } from "./process-records";

/** Programs of a control plane: etcd, API server, controller manager, scheduler. */
const CONTROL_PLANE = 4;

/** Folder of the shared cluster. */
export const sharedFolder = (home: string): string => clusterFolder(home, SHARED);

/** Folder of a network in the shared cluster. */
export const sharedNetworkFolder = (home: string, namespace: string): string =>
  networkFolder(sharedFolder(home), namespace);

/** Namespaces of the networks in the shared cluster, sorted. */
export const sharedNetworks = (home: string): string[] => listNetworks(sharedFolder(home));

/**
 * Makes the shared cluster, unless it runs, and writes its kubeconfig. A cluster whose processes are gone, as after a
 * restart of the machine, is made again without its networks.
 * @param env variables of the cluster's processes; PATH leads to their programs
 * @throws {SandboxError} when the cluster cannot be made
 */
export async function ensureShared(home: string, env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  const known = describe(home, SHARED);
  if (known?.status === "PROVISIONING") {
    throw new SandboxError(
      `Another process is making the cluster ${SHARED}. Wait until it is made, then run up again.`,
    );
  }
  if (known && !isAlive(known)) {
    const lost = sharedNetworks(home);
    say(`the cluster ${SHARED} lost its processes and is made again; ${lostText(lost)}`);
    await deleteCluster(home, SHARED);
    rmSync(places(home).kubeconfigs, { recursive: true, force: true });
  }
  if (!known || !isAlive(known)) await make(home, env);
  const cluster = describe(home, SHARED);
  if (!cluster) throw new SandboxError(`The cluster ${SHARED} was deleted meanwhile. Run up again.`);
  writeKubeconfig(places(home).kubeconfig, cluster);
}

/** Writes a kubeconfig of the shared cluster with a network's namespace. Returns its path. */
export function networkKubeconfig(home: string, namespace: string): string {
  const cluster = describe(home, SHARED);
  if (!cluster) throw new SandboxError(`The cluster ${SHARED} is gone. Run \`npm run sandbox -- up\`.`);
  const file = join(places(home).kubeconfigs, namespace);
  writeKubeconfig(file, cluster, namespace);
  return file;
}

/** As YAML with inline certificates, the form of kind, k3d and kwok. */
function writeKubeconfig(file: string, cluster: Cluster, namespace?: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, stringify(adminKubeconfig(SHARED, credentialsOf(cluster), namespace)), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const isAlive = ({ status, folder, name }: Cluster): boolean =>
  status === "RUNNING" && controlPlaneProcesses(kwokFolder(folder, name)).length === CONTROL_PLANE;

const lostText = (networks: readonly string[]): string =>
  networks.length === 0 ? "it held no networks" : `its networks are lost: ${networks.join(", ")}`;

/** Makes the cluster in a process that survives an interrupted caller. */
async function make(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const maker = fork(join(__dirname, "make-cluster.ts"), [home, SHARED, "sandbox", "local"], {
    execArgv: ["--import", "tsx"],
    cwd: join(__dirname, "../.."),
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const complaint = maker.stderr ? text(maker.stderr) : Promise.resolve("");
  const [exitCode] = await once(maker, "exit");
  if (exitCode !== 0) {
    const why = (await complaint).trim().split("\n").at(-1) ?? "";
    throw new SandboxError(`The cluster ${SHARED} was not made: ${why} Run up again.`);
  }
}
