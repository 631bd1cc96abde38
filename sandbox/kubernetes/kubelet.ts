import { existsSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { addressPlan } from "./address-plan";
import { claimNumber } from "./claim";
import { kwokFolder } from "./cluster-record";
import type { LogIndex } from "./container-log";
import { readCredentials } from "./control-plane";
import { answerKubelet } from "./kubelet-api";
import { endProcess } from "./process-id";
import { controlPlaneProcesses } from "./process-records";
import type { Programs } from "./program";

/*
 * The process that plays the nodes of one cluster. Arguments: name of the cluster, its folder, and the module whose
 * `programs` play its images. It first claims a number for the cluster and tells its maker (`{number}`); at the maker's
 * word (`start`) it plays the nodes and tells when pods can be created (`ready`).
 */

/** Milliseconds between two looks whether the cluster's folder is still there. */
const LOOK_EVERY = 1_000;

async function main(cluster: string, clusterFolder: string, module: string): Promise<void> {
  const logs: LogIndex = new Map();
  const server = createServer((request, response) => answerKubelet(logs, request, response));
  const number = await claimNumber(server);
  const maker = connectionToMaker();
  maker.send({ number });
  const { startRunner } = await import("./runner.js");
  const { programs } = (await import(module)) as { programs: Programs };
  await maker.start;
  const credentials = readCredentials(clusterFolder, cluster, addressPlan(number));
  server.setSecureContext(credentials);
  const runner = await startRunner({ cluster, clusterFolder, number, credentials, programs, logs });
  maker.send("ready");
  maker.leave();

  let ending = false;
  const end = async (alsoControlPlane: boolean) => {
    if (ending) return;
    ending = true;
    await runner.stop();
    const others = alsoControlPlane ? controlPlane : [];
    await Promise.all(others.map((process) => endProcess(process, 0)));
    process.exit(0);
  };
  const controlPlane = controlPlaneProcesses(kwokFolder(clusterFolder, cluster));
  process.on("SIGTERM", () => void end(false));
  // Who removes the folder by hand means to be rid of the cluster.
  setInterval(() => {
    if (!existsSync(join(clusterFolder, "cluster.json"))) void end(true);
  }, LOOK_EVERY);
}

/** The channel to the process that makes the cluster. When that one is gone before the start, there is no cluster. */
function connectionToMaker() {
  const onDisconnect = () => process.exit(1);
  process.on("disconnect", onDisconnect);
  return {
    start: new Promise<void>((resolve) => process.once("message", () => resolve())),
    send: (message: unknown) => void process.send?.(message),
    leave() {
      process.off("disconnect", onDisconnect);
      process.disconnect();
    },
  };
}

const [cluster = "", clusterFolder = "", module = ""] = process.argv.slice(2);
main(cluster, clusterFolder, module).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
