import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Cluster, credentialsOf, describe, listClusters } from "../cluster";
import { sandboxHome } from "../cluster-record";
import { haveDeleted } from "../deletion";
import { type Call, GcloudError, parseCall } from "./arguments";
import { deleteCompute, isCompute, listCompute } from "./compute";
import { clusterDocument, resourceName, withCluster } from "./documents";

/*
 * Stands in for `gcloud container clusters`: describe, list, get-credentials and delete, for the sandbox's clusters. For
 * what clusters leave in Compute Engine it stands in for `gcloud compute`: list and delete (compute.ts).
 */

async function run(call: Call): Promise<void> {
  const home = sandboxHome();
  if (isCompute(call)) {
    if (call.command === "list") print(listCompute(home, call), call);
    else process.stderr.write(deleteCompute(home, call));
    return;
  }
  switch (call.command) {
    case "list":
      print(listClusters(home).filter(isIn(call)).map(document), call);
      break;
    case "describe":
      print(document(find(home, call)), call);
      break;
    case "get-credentials":
      process.stderr.write("Fetching cluster endpoint and auth data.\n");
      getCredentials(find(home, call));
      process.stderr.write(`kubeconfig entry generated for ${call.name}.\n`);
      break;
    case "delete":
      await remove(home, call);
      break;
  }
}

const isIn =
  ({ project, location }: Call) =>
  (cluster: Cluster): boolean =>
    cluster.project === project && (location === undefined || location === "-" || cluster.location === location);

function find(home: string, call: Call): Cluster {
  const cluster = describe(home, call.name ?? "");
  if (cluster && isIn(call)(cluster)) return cluster;
  throw new GcloudError(where(call), `ResponseError: code=404, message=${notFound(call)}`, 1);
}

const notFound = ({ project, location = "", name = "" }: Call): string =>
  `Not found: ${resourceName(project, location, name)}.`;

const where = ({ group, command }: Call): string => `.${group}.${command}`;

function document(cluster: Cluster): object {
  return clusterDocument(cluster, certificateOf(cluster));
}

/** Certificate of the cluster's authority; undefined until its control plane is started. */
function certificateOf(cluster: Cluster): string | undefined {
  return existsSync(join(cluster.folder, "kubeconfig")) ? credentialsOf(cluster).ca : undefined;
}

function getCredentials(cluster: Cluster): void {
  const at = ".container.clusters.get-credentials";
  const file = process.env.KUBECONFIG;
  if (!file)
    throw new GcloudError(
      at,
      "KUBECONFIG is not set and the sandbox never writes ~/.kube/config. Set KUBECONFIG to a file.",
      1,
    );
  const ca = certificateOf(cluster);
  if (!ca)
    throw new GcloudError(
      at,
      `Cluster ${cluster.name} has no endpoint yet, its status is ${cluster.status}. Wait until it is RUNNING.`,
      1,
    );
  writeFileSync(file, withCluster(readIfPresent(file), cluster, ca), { mode: 0o600 });
}

async function remove(home: string, call: Call): Promise<void> {
  const { name = "", quiet } = call;
  if (!quiet)
    throw new GcloudError(
      where(call),
      "The sandbox does not ask for confirmation. Add --quiet to delete the cluster.",
      1,
    );
  const cluster = describe(home, name);
  if (!cluster || !isIn(call)(cluster)) {
    const answer = `Some requests did not succeed:\n - args: ['ResponseError: code=404, message=${notFound(call)}']\n   exit_code: 1`;
    throw new GcloudError(where(call), answer, 1);
  }
  if (cluster.status === "PROVISIONING") {
    throw new GcloudError(
      where(call),
      `ResponseError: code=400, message=Cluster is running incompatible operation operation-${name}.`,
      1,
    );
  }
  process.stderr.write(`Deleting cluster ${name}...`);
  await haveDeleted(home, name);
  process.stderr.write("done.\n");
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const print = (content: object, { format }: Call): void =>
  void process.stdout.write(format === "json" ? `${JSON.stringify(content, undefined, 2)}\n` : stringify(content));

async function main(): Promise<void> {
  try {
    await run(parseCall(process.argv.slice(2), process.env));
  } catch (error) {
    process.stderr.write(`${error instanceof GcloudError ? error.line : `ERROR: ${(error as Error).message}`}\n`);
    process.exitCode = error instanceof GcloudError ? error.exitCode : 1;
  }
}

void main();
