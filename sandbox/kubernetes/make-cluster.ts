import { createCluster, MAKER } from "./cluster";
import { clusterFolder } from "./cluster-record";
import { recordProcess } from "./process-records";

/*
 * Makes a cluster in a process of its own, as a cloud does: whoever has asked for it may go away meanwhile. Arguments:
 * folder of the sandbox, name, project, location. Says `claimed` on its channel once the name is taken.
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
