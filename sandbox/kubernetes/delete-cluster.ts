import { deleteCluster } from "./cluster";

/*
 * Deletes a cluster in a process of its own, which survives its caller, as in a cloud.
 * Arguments: folder of the sandbox, name.
 */
const [home = "", name = ""] = process.argv.slice(2);

deleteCluster(home, name).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
