import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ClusterWorld } from "../../support/cluster-world";

const CLUSTERS = ["container", "clusters"];
const PLACE = ["--location", "europe-west1", "--project", "testing"];

describe("the stand-ins of gcloud and gke-gcloud-auth-plugin", function () {
  this.timeout(30_000);
  let world: ClusterWorld;
  let kubeconfig: string;

  before(async () => {
    world = await ClusterWorld.make();
    kubeconfig = join(world.home, "my-kubeconfig");
    await world.create("v1-2-3-1", { project: "testing", location: "europe-west1" });
  });
  after(() => world.close());

  const gcloud = (...args: string[]) => world.run("gcloud", [...CLUSTERS, ...args], { KUBECONFIG: kubeconfig });

  it("describe a running cluster", async () => {
    const { stdout } = await gcloud("describe", "v1-2-3-1", ...PLACE, "--format", "json");
    const { name, status, createTime, location } = JSON.parse(stdout) as Record<string, string>;
    deepStrictEqual([name, status, location], ["v1-2-3-1", "RUNNING", "europe-west1"]);
    ok(Math.abs(Date.parse(createTime ?? "") - Date.now()) < 60_000);
  });

  it("do not find a cluster of another project", async () => {
    const where = ["--location", "europe-west1", "--project", "other"];
    deepStrictEqual(await gcloud("describe", "v1-2-3-1", ...where, "--format", "json"), {
      exitCode: 1,
      stdout: "",
      stderr:
        "ERROR: (gcloud.container.clusters.describe) ResponseError: code=404, message=Not found: " +
        "projects/other/locations/europe-west1/clusters/v1-2-3-1.\n",
    });
  });

  it("list the clusters of a project", async () => {
    const names = async (project: string) => {
      const { stdout } = await gcloud("list", "--project", project, "--format", "json");
      return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    };
    deepStrictEqual([await names("testing"), await names("other")], [["v1-2-3-1"], []]);
  });

  it("give kubectl access by the kubeconfig and the plugin alone", async () => {
    const { stderr } = await gcloud("get-credentials", "v1-2-3-1", ...PLACE);
    match(stderr, /kubeconfig entry generated for v1-2-3-1\./);
    ok(!readFileSync(kubeconfig, "utf8").includes("PRIVATE KEY"));
    const { stdout } = await world.run("kubectl", ["--kubeconfig", kubeconfig, "auth", "whoami"]);
    match(stdout, /system:masters/);
  });

  it("give access to a client that does not name its server to the plugin, as @kubernetes/client-node", async () => {
    const script = `
      const { KubeConfig, CoreV1Api } = await import(${JSON.stringify(require.resolve("@kubernetes/client-node"))});
      const config = new KubeConfig();
      config.loadFromFile(${JSON.stringify(kubeconfig)});
      const { items } = await config.makeApiClient(CoreV1Api).listNode();
      console.log(items.length);`;
    const { stdout } = await world.run(process.execPath, ["--input-type=module", "--eval", script]);
    strictEqual(stdout.trim(), "3");
  });

  it("give access to our own client, which reports missing and existing objects", async () => {
    const script = `
      const { clusterApi, orAbsent, statusOf } = require(${JSON.stringify(join(__dirname, "../../../infra/base/clients/kubernetes/client"))});
      const { core, apps } = clusterApi(require("node:fs").readFileSync(${JSON.stringify(kubeconfig)}, "utf8"));
      const namespace = "default";
      const make = () => core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "one" }, data: { a: "b" } } });
      (async () => {
        const { items } = await core.listNode();
        await make();
        const again = await make().catch(statusOf);
        const { data } = await core.readNamespacedConfigMap({ namespace, name: "one" });
        const absent = await orAbsent(core.readNamespacedService({ namespace, name: "one" }));
        const deployments = (await apps.listNamespacedDeployment({ namespace })).items.length;
        console.log(JSON.stringify([items.length, again, data, absent === undefined, deployments]));
      })();`;
    const { stdout, stderr } = await world.run(process.execPath, [
      "--import",
      require.resolve("tsx"),
      "--eval",
      script,
    ]);
    deepStrictEqual([stdout.trim(), stderr], ['[3,409,{"a":"b"},true,0]', ""]);
  });

  it("never write the user's own kubeconfig", async () => {
    const args = [...CLUSTERS, "get-credentials", "v1-2-3-1", ...PLACE];
    const { exitCode, stderr } = await world.run("gcloud", args, { KUBECONFIG: "" });
    strictEqual(exitCode, 1);
    match(stderr, /KUBECONFIG.* ~\/\.kube\/config/);
  });

  it("have no credential for a cluster outside the sandbox", async () => {
    const KUBERNETES_EXEC_INFO = '{"spec":{"cluster":{"server":"https://198.51.100.1"}}}';
    const { exitCode, stderr } = await world.run("gke-gcloud-auth-plugin", [], { KUBERNETES_EXEC_INFO });
    strictEqual(exitCode, 1);
    match(stderr, /cluster.*https:\/\/198\.51\.100\.1/);
  });

  it("delete a cluster once and do not find it again", async () => {
    strictEqual((await gcloud("delete", "v1-2-3-1", ...PLACE, "--quiet")).exitCode, 0);
    deepStrictEqual(await world.processes(), []);
    const { exitCode, stderr } = await gcloud("delete", "v1-2-3-1", ...PLACE, "--quiet");
    strictEqual(exitCode, 1);
    match(stderr, /code=404/);
  });
});
