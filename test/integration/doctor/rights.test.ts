import { deepStrictEqual, strictEqual } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ownKubeconfig } from "../../../infra/base/clients/kubernetes/own-kubeconfig";
import { clusterQuestions } from "../../../infra/base/clients/kubernetes/readiness";
import { runWith } from "../../../infra/base/lib/run";
import { RIGHTS } from "../../../infra/base/model/kubernetes-rights";
import { examined } from "../../../infra/doctor/check";
import { clusterCheck } from "../../../infra/doctor/cluster";
import { lineOf } from "../../../infra/doctor/run";
import { CHECKOUT } from "../../support/checkout";
import { ClusterWorld } from "../../support/cluster-world";
import { settingsWith } from "../../support/settings";

const MANIFEST = join(CHECKOUT, "packaging/kubernetes/rights.yaml");

describe("the account of packaging/kubernetes/rights.yaml, in a real cluster", function () {
  this.timeout(120_000);

  let world: ClusterWorld;
  let folder: string;
  let kubectl: (...args: string[]) => Promise<string>;
  before(async () => {
    world = await ClusterWorld.make();
    const cluster = await world.create("rights");
    folder = cluster.folder;
    kubectl = async (...args) => {
      const { exitCode, stdout, stderr } = await world.run("kubectl", args, { KUBECONFIG: join(folder, "kubeconfig") });
      strictEqual(exitCode, 0, stderr);
      return stdout;
    };
    await kubectl("apply", "-f", MANIFEST);
  });
  after(() => world.close());

  /** A kubeconfig with a token of the account. */
  const account = async (): Promise<string> => {
    const admin = parse(await kubectl("config", "view", "--raw", "-o", "json"));
    const token = (await kubectl("-n", "smeshnet", "create", "token", "smeshnet")).trim();
    const file = join(folder, "account");
    const [{ name: cluster }] = admin.clusters;
    const contexts = [{ name: "account", context: { cluster, user: "account" } }];
    writeFileSync(
      file,
      JSON.stringify({ clusters: admin.clusters, contexts, users: [{ name: "account", user: { token } }] }),
    );
    return file;
  };

  it("has all rights, and doctor finds them", async () => {
    const settings = settingsWith({ driver: "kubernetes", kubeContext: "account", storageClass: "none", tls: false });
    const check = clusterCheck(settings, { KUBECONFIG: await account() });
    const findings = await examined([check], { timeout: 30, secrets: [] }, runWith());
    const lines = findings.filter(({ name }) => name !== "cluster.resources").map(lineOf);
    deepStrictEqual(
      lines.map((line) => line.slice(0, 21)),
      ["ok   cluster.api: con", "ok   cluster.rights: ", "ok   cluster.storage:", "ok   cluster.exposure"],
    );
  });

  it("has no right that is not asked for, and without the second binding only the needed ones", async () => {
    const text = await ownKubeconfig("account", "v1-2-3-1", { KUBECONFIG: await account() });
    const cluster = clusterQuestions(text, new AbortController().signal);
    const may = (group: string, resource: string, verb: string) =>
      cluster.may({ group, resource, verb, scope: "namespace" }, "v1-2-3-1");
    deepStrictEqual(
      await Promise.all([may("", "pods", "create"), may("", "pods/exec", "create"), may("apps", "daemonsets", "get")]),
      [false, false, false],
    );
    await kubectl("delete", "clusterrolebinding", "smeshnet-look");
    // The authorizer of the API server follows its own watch of bindings.
    const wished = RIGHTS.filter(({ without, resource }) => without !== undefined && resource !== "pods");
    for (let seen = true; seen; ) seen = await cluster.may(wished[0] as (typeof wished)[number], "v1-2-3-1");
    for (const right of RIGHTS)
      strictEqual(await cluster.may(right, "v1-2-3-1"), !wished.includes(right), `${right.verb} ${right.resource}`);
  });
});
