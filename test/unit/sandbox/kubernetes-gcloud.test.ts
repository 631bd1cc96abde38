import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { parse } from "yaml";
import type { Cluster } from "../../../sandbox/kubernetes/cluster";
import { execCredential } from "../../../sandbox/kubernetes/credentials";
import { GcloudError, parseCall } from "../../../sandbox/kubernetes/gcloud/arguments";
import { clusterDocument, withCluster } from "../../../sandbox/kubernetes/gcloud/documents";

const call = (line: string, env = {}) => parseCall(line.split(" "), env);

const complaint = (line: string): [string, number] => {
  try {
    call(line, { CLOUDSDK_CORE_PROJECT: "p" });
  } catch (error) {
    if (error instanceof GcloudError) return [error.line, error.exitCode];
    throw error;
  }
  throw new Error(`parseCall accepted ${line}`);
};

const cluster: Cluster = {
  name: "v1-2-3-1",
  project: "p",
  location: "l",
  status: "RUNNING",
  createTime: "2026-01-01T00:00:00.000Z",
  server: "https://127.0.0.1:20012",
  folder: "/tmp/none",
};

describe("parseCall", () => {
  it("accepts flags with and without an equals sign, and a zone or region as the location", () => {
    const wanted = {
      group: "container.clusters",
      command: "describe",
      name: "one",
      project: "p",
      location: "l",
      format: "json",
      quiet: false,
    };
    deepStrictEqual(call("container clusters describe one --location l --project=p --format=json"), wanted);
    deepStrictEqual(call("container clusters describe --zone=l one --project p --format json"), wanted);
  });

  it("reads the project from the environment", () => {
    strictEqual(call("container clusters list", { CLOUDSDK_CORE_PROJECT: "mine" }).project, "mine");
  });

  it("refuses an invalid command line with gcloud's text and exit status 2", () => {
    deepStrictEqual(complaint("sql instances list"), ["ERROR: (gcloud) Invalid choice: 'sql'.", 2]);
    deepStrictEqual(complaint("compute disks describe d"), [
      "ERROR: (gcloud.compute.disks) Invalid choice: 'describe'.",
      2,
    ]);
    deepStrictEqual(complaint("container clusters resize one"), [
      "ERROR: (gcloud.container.clusters) Invalid choice: 'resize'.",
      2,
    ]);
    deepStrictEqual(complaint("container clusters describe one --location l --bogus"), [
      "ERROR: (gcloud.container.clusters.describe) unrecognized arguments: --bogus",
      2,
    ]);
  });

  it("requires a project, and a location for one cluster", () => {
    throws(() => call("container clusters list"), /required property \[project\]/);
    throws(() => call("container clusters describe one --project p"), /--location, --zone, --region/);
  });
});

describe("clusterDocument, withCluster and execCredential", () => {
  it("describe a cluster with status, time and endpoint", () => {
    const { name, status, createTime, endpoint } = clusterDocument(cluster, undefined) as Record<string, unknown>;
    deepStrictEqual(
      [name, status, createTime, endpoint],
      ["v1-2-3-1", "RUNNING", "2026-01-01T00:00:00.000Z", "127.0.0.1:20012"],
    );
  });

  it("add a cluster to a kubeconfig with others and make it the current one", () => {
    const before = "apiVersion: v1\nkind: Config\nclusters: [{name: mine, cluster: {server: https://mine}}]\n";
    const twice = parse(withCluster(withCluster(before, cluster, "CA"), cluster, "CA"));
    const name = "gke_p_l_v1-2-3-1";
    deepStrictEqual(
      twice.clusters.map((one: { name: string }) => one.name),
      ["mine", name],
    );
    strictEqual(twice["current-context"], name);
    strictEqual(twice.users[0].user.exec.command, "gke-gcloud-auth-plugin");
    strictEqual(twice.users[0].user.exec.provideClusterInfo, true);
  });

  it("return a credential that expires after a year", () => {
    const credentials = { server: "https://127.0.0.1:20012", ca: "CA", cert: "CERT", key: "KEY" };
    deepStrictEqual((execCredential(credentials, new Date("2026-01-01T00:00:00Z")) as { status: object }).status, {
      expirationTimestamp: "2027-01-01T00:00:00.000Z",
      clientCertificateData: "CERT",
      clientKeyData: "KEY",
    });
  });
});
