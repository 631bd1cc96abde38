import { deleteCluster } from "./cluster";

/*
 * Deletes a cluster in a process of its own, as a cloud does: whoever has asked for it may go away meanwhile. Arguments:
 * folder of the sandbox, name.
 */
const [home = "", name = ""] = process.argv.slice(2);

deleteCluster(home, name).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
