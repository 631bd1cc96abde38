import { createCluster, MAKER } from "./cluster";
import { clusterFolder } from "./cluster-record";
import { recordProcess } from "./process-records";

/*
 * Creates a cluster in a process of its own, which survives its caller, as in a cloud.
 * Arguments: folder of the sandbox, name, project, location. Sends `claimed` by IPC once the name is claimed.
 */
async function main([home = "", name = "", project = "", location = ""]: readonly string[]): Promise<void> {
  let forget = () => {};
  const claimed = () => {
    forget = recordProcess(clusterFolder(home, name), MAKER, process.pid);
    process.send?.("claimed");
    process.disconnect?.();
  };
  await createCluster(home, name, { project, location, claimed });
  forget();
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
