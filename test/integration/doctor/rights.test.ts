import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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

  /** The lines of docs/kubernetes.md that write a kubeconfig with a token of the account. */
  const account = async (): Promise<string> => {
    const page = readFileSync(join(CHECKOUT, "docs/kubernetes.md"), "utf8");
    const [, lines = ""] = /```\n(server=[\s\S]*?)```/.exec(page) ?? [];
    ok(lines.includes("create token"));
    const env = { KUBECONFIG: join(folder, "kubeconfig") };
    const { exitCode, stderr } = await world.run("bash", ["-e", "-c", `cd ${folder}\n${lines}`], env);
    strictEqual(exitCode, 0, stderr);
    return join(folder, "smeshnet.kubeconfig");
  };

  it("has all rights, and doctor finds them", async () => {
    const settings = settingsWith({ driver: "kubernetes", kubeContext: "smeshnet", storageClass: "none", tls: false });
    const check = clusterCheck(settings, { KUBECONFIG: await account() });
    const findings = await examined([check], { timeout: 30, secrets: [] }, runWith());
    const lines = findings.filter(({ name }) => name !== "cluster.resources").map(lineOf);
    deepStrictEqual(
      lines.map((line) => line.slice(0, 21)),
      ["ok   cluster.api: con", "ok   cluster.rights: ", "ok   cluster.storage:", "ok   cluster.exposure"],
    );
  });

  it("has no right that is not asked for, and without the second binding only the needed ones", async () => {
    const text = await ownKubeconfig("smeshnet", "v1-2-3-1", { KUBECONFIG: await account() });
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
