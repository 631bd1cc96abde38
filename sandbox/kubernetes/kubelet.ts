import { existsSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { KEEP_ALIVE } from "../keep-alive";
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
 * The process that provides the nodes of one cluster. Arguments: name of the cluster, its folder, and the module that
 * exports the `programs` for its images. By IPC it sends the claimed cluster number (`{number}`), waits for `start`,
 * provides the nodes, and sends `ready` when pods can be created.
 */

/** Milliseconds between two checks for the cluster's folder. */
const LOOK_EVERY = 1_000;

async function main(cluster: string, clusterFolder: string, module: string): Promise<void> {
  const logs: LogIndex = new Map();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) =>
    answerKubelet(logs, request, response),
  );
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
    // Without its folder a program may not end in its own way, and the control plane must end all the same.
    await runner.stop().catch((error: Error) => console.error(error.message));
    const others = alsoControlPlane ? controlPlane : [];
    await Promise.all(others.map((process) => endProcess(process, 0)));
    process.exit(0);
  };
  const controlPlane = controlPlaneProcesses(kwokFolder(clusterFolder, cluster));
  process.on("SIGTERM", () => void end(false));
  // Removing the folder by hand also ends the cluster. Whoever writes into it may notice first.
  const isRemoved = () => !existsSync(join(clusterFolder, "cluster.json"));
  setInterval(() => {
    if (isRemoved()) void end(true);
  }, LOOK_EVERY);
  process.on("uncaughtException", (error) => {
    console.error(error.message);
    if (isRemoved()) void end(true);
    else process.exit(1);
  });
}

/** The connection to the process that creates the cluster. If that process ends before the start, this one ends too. */
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
