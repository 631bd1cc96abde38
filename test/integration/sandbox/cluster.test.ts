import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import type { V1Deployment, V1Pod, V1PodList, V1Service } from "@kubernetes/client-node";
import { loopbackOf } from "../../../sandbox/kubernetes/address-plan";
import { ApiError, type KubernetesApi } from "../../../sandbox/kubernetes/api";
import { type Cluster, deleteCluster, describe as describeCluster } from "../../../sandbox/kubernetes/cluster";
import { ClusterWorld, eventually } from "../../support/cluster-world";

const CORE = "/api/v1/namespaces/default";

/** A Deployment of the test's program. All its objects have the same name. */
function echo(name: string, spec: Partial<V1Deployment["spec"]> = {}, container = {}, volumes: object[] = []) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", image: "test/echo:1", ...container }], volumes },
      },
      ...spec,
    },
  } as V1Deployment;
}

const service = (name: string, type: string, app = name): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { type, selector: { app }, ports: [{ name: "http", port: 8081, targetPort: 8080 }] },
});

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

const urlOf = (pod: V1Pod, path = "/"): string => `http://${loopbackOf(pod.status?.podIP ?? "")}:8080${path}`;

const text = async (url: string): Promise<string> => (await fetch(url)).text();

describe("a cluster of the sandbox", function () {
  this.timeout(30_000);
  let world: ClusterWorld;
  let cluster: Cluster;
  let api: KubernetesApi;

  before(async () => {
    world = await ClusterWorld.make();
    cluster = await world.create("v1-2-3-1");
    api = world.api(cluster);
  });
  after(async () => {
    api.close();
    await world.close();
  });

  const pods = async (app: string) => (await api.get<V1PodList>(`${CORE}/pods?labelSelector=app%3D${app}`)).items;

  const deploy = async (object: V1Deployment): Promise<V1Pod> => {
    await api.create("/apis/apps/v1/namespaces/default/deployments", object);
    return eventually(async () => (await pods(object.metadata?.name ?? "")).find(isReady));
  };

  const statusOf = async (app: string) => (await pods(app))[0]?.status?.containerStatuses?.[0];

  it("is running and has its own kubeconfig", async () => {
    strictEqual(describeCluster(world.home, "v1-2-3-1")?.status, "RUNNING");
    const kubeconfig = join(cluster.folder, "kubeconfig");
    const { stdout } = await world.run("kubectl", ["--kubeconfig", kubeconfig, "get", "nodes", "-o", "name"]);
    strictEqual(stdout.trim().split("\n").length, 3);
  });

  it("refuses a second creation under its name", async () => {
    await rejects(world.create("v1-2-3-1"), { name: "ClusterExists" });
  });

  it("runs a pod and reports it ready", async () => {
    const pod = await deploy(echo("one"));
    strictEqual(pod.status?.phase, "Running");
    match(pod.status?.podIP ?? "", /^10\.\d+\.1\.\d+$/);
    strictEqual((JSON.parse(await text(urlOf(pod))) as { pod: string }).pod, pod.metadata?.name);
  });

  it("starts a pod with its variables, its arguments and the earlier services", async () => {
    await api.create(`${CORE}/services`, service("earlier-one", "ClusterIP", "one"));
    const container = { env: [{ name: "FILE", value: "/config/a.json" }], args: ["--config=$(FILE)"] };
    await api.create(`${CORE}/configmaps`, configMap("vars", { "a.json": "{}" }));
    const volumes = [{ name: "config", configMap: { name: "vars" } }];
    const mounted = { ...container, volumeMounts: [{ name: "config", mountPath: "/config" }] };
    const pod = await deploy(echo("vars", {}, mounted, volumes));
    const { args, env } = JSON.parse(await text(urlOf(pod))) as { args: string[]; env: Record<string, string> };
    const [file] = /\/.*/.exec(args[0] ?? "") ?? [""];
    strictEqual(readFileSync(file, "utf8"), "{}");
    match(env.EARLIER_ONE_SERVICE_HOST ?? "", /^127\.\d+\.\d+\.\d+$/);
    strictEqual(await text(`http://${env.EARLIER_ONE_SERVICE_HOST}:${env.EARLIER_ONE_SERVICE_PORT}/file/none`), "");
  });

  it("shows a changed ConfigMap, and an optional one created later, in the pod's files", async () => {
    const volumes = [
      { name: "now", configMap: { name: "now" } },
      { name: "later", configMap: { name: "later", optional: true } },
    ];
    const volumeMounts = ["now", "later"].map((name) => ({ name, mountPath: `/${name}` }));
    await api.create(`${CORE}/configmaps`, configMap("now", { a: "1" }));
    const pod = await deploy(echo("files", {}, { volumeMounts }, volumes));
    strictEqual(await text(urlOf(pod, "/file/now/a")), "1");
    await api.patch(`${CORE}/configmaps/now`, { data: { a: "2" } });
    await api.create(`${CORE}/configmaps`, configMap("later", { page: "here" }));
    await eventually(async () => (await text(urlOf(pod, "/file/now/a"))) === "2" || undefined);
    await eventually(async () => (await text(urlOf(pod, "/file/later/page"))) === "here" || undefined);
  });

  it("keeps a claimed volume after its pod is deleted, until the claim is deleted", async () => {
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await api.create(`${CORE}/persistentvolumeclaims`, claim);
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    await deploy(echo("claimed", {}, { volumeMounts: [{ name: "data", mountPath: "/data" }] }, volumes));
    const bound = await api.get<{ spec: { volumeName: string } }>(`${CORE}/persistentvolumeclaims/data`);
    const folder = join(cluster.folder, "volumes", bound.spec.volumeName);
    ok(existsSync(folder));
    await api.delete("/apis/apps/v1/namespaces/default/deployments/claimed");
    await eventually(async () => (await pods("claimed")).length === 0 || undefined);
    ok(existsSync(folder));
    await api.delete(`${CORE}/persistentvolumeclaims/data`);
    await eventually(() => !existsSync(folder) || undefined);
  });

  it("serves a service by all ready pods in turn at cluster address, node port and load balancer", async () => {
    await deploy(echo("balanced", { replicas: 2 }));
    await eventually(async () => (await pods("balanced")).filter(isReady).length === 2 || undefined);
    const { spec } = await api.create<V1Service>(`${CORE}/services`, service("balanced", "LoadBalancer"));
    const ingress = await eventually(async () => {
      const { status } = await api.get<V1Service>(`${CORE}/services/balanced`);
      return status?.loadBalancer?.ingress?.[0]?.ip;
    });
    const [port] = spec?.ports ?? [];
    const nodes = await api.list<{ status: { addresses: { type: string; address: string }[] } }>("/api/v1/nodes");
    const node = nodes.items[1]?.status.addresses.find(({ type }) => type === "ExternalIP")?.address;
    for (const place of [`${loopbackOf(spec?.clusterIP ?? "")}:8081`, `${node}:${port?.nodePort}`, `${ingress}:8081`]) {
      const names = new Set<string>();
      await eventually(async () => {
        const name = await podAt(place);
        if (name) names.add(name);
        return names.size === 2 || undefined;
      });
    }
  });

  it("refuses connections to a service without ready pods and to a deleted service", async () => {
    const place = await eventually(async () => {
      const { status } = await api.get<V1Service>(`${CORE}/services/balanced`);
      return status?.loadBalancer?.ingress?.[0]?.ip;
    });
    for (const pod of await pods("balanced")) await text(urlOf(pod, "/unready"));
    await eventually(() => isRefused(`${place}:8081`));
    await api.delete("/apis/apps/v1/namespaces/default/deployments/balanced");
    await api.delete(`${CORE}/services/balanced`);
    await eventually(() => isRefused(`${place}:8081`));
  });

  it("serves a pod's log, follows it, and serves the log of the instance before a crash", async () => {
    const pod = await deploy(echo("crashing"));
    const log = `${CORE}/pods/${pod.metadata?.name}/log`;
    const first = await api.text(log);
    match(first, /listening as crashing/);
    const kubeconfig = join(cluster.folder, "kubeconfig");
    const { stdout: followed } = world.start("kubectl", [
      ...["--kubeconfig", kubeconfig, "logs", "-f", pod.metadata?.name ?? ""],
    ]);
    await once(followed, "readable");
    await text(urlOf(pod, "/exit?code=3"));
    match(await readAll(followed), /GET \/exit/);
    const crashed = await eventually(async () => {
      const status = await statusOf("crashing");
      return status?.restartCount === 1 && status.ready ? status : undefined;
    });
    strictEqual(crashed.lastState?.terminated?.exitCode, 3);
    match(await api.text(`${log}?previous=true`), /GET \/exit/);
    strictEqual((await api.text(`${log}?tailLines=1`)).trim().split("\n").length, 1);
    ok(!(await api.text(log)).includes("GET /exit"));
  });

  it("waits before the restart after a second crash", async () => {
    const [pod] = await pods("crashing");
    if (!pod) throw new Error("the pod of the previous test is gone");
    await text(urlOf(pod, "/exit?code=1"));
    await eventually(
      async () => (await statusOf("crashing"))?.state?.waiting?.reason === "CrashLoopBackOff" || undefined,
    );
  });

  it("reports an unsupported image in the pod's status and refuses the pod's log", async () => {
    await api.create("/apis/apps/v1/namespaces/default/deployments", echo("unknown", {}, { image: "nginx:1" }));
    const waiting = await eventually(async () => (await statusOf("unknown"))?.state?.waiting);
    const { reason } = await eventually(async () => {
      const state = (await statusOf("unknown"))?.state?.waiting;
      return state?.reason === "ErrImagePull" ? state : undefined;
    });
    ok(waiting);
    strictEqual(reason, "ErrImagePull");
    const [pod] = await pods("unknown");
    await rejects(api.text(`${CORE}/pods/${pod?.metadata?.name}/log`), (error) => {
      return error instanceof ApiError && error.status === 400 && /waiting to start/.test(error.message);
    });
  });

  it("respects a readiness probe by HTTP", async () => {
    const readinessProbe = { httpGet: { path: "/file/probed/ready", port: 8080 } };
    const volumes = [{ name: "probed", configMap: { name: "probed", optional: true } }];
    const container = { readinessProbe, volumeMounts: [{ name: "probed", mountPath: "/probed" }] };
    await api.create("/apis/apps/v1/namespaces/default/deployments", echo("probed", {}, container, volumes));
    const unready = await eventually(async () =>
      (await pods("probed")).find(({ status }) => status?.phase === "Running"),
    );
    ok(!isReady(unready));
    await api.create(`${CORE}/configmaps`, configMap("probed", { ready: "yes" }));
    await eventually(async () => (await pods("probed")).find(isReady));
  });

  it("deletes a pod with its folder and frees its address", async () => {
    const pod = await deploy(echo("gone"));
    const url = urlOf(pod);
    await api.delete("/apis/apps/v1/namespaces/default/deployments/gone");
    await eventually(async () => (await pods("gone")).length === 0 || undefined);
    await rejects(fetch(url));
    ok(!existsSync(join(cluster.folder, "pods", `default_${pod.metadata?.name}`)));
  });
});

describe("createCluster and deleteCluster", function () {
  this.timeout(40_000);
  let world: ClusterWorld;

  beforeEach(async () => {
    world = await ClusterWorld.make();
  });
  afterEach(() => world.close());

  it("give two simultaneous clusters their own addresses and leave nothing behind", async () => {
    const clusters = await Promise.all([world.create("one"), world.create("two")]);
    strictEqual(new Set(clusters.map(({ server }) => server)).size, 2);
    strictEqual((await world.processes()).length, 2 * 5);
    await Promise.all(["one", "two", "two"].map((name) => deleteCluster(world.home, name)));
    await deleteCluster(world.home, "one");
    deepStrictEqual(await world.processes(), []);
    strictEqual(describeCluster(world.home, "one"), undefined);
  });

  it("end all processes of a cluster whose folder is removed by hand", async () => {
    const { folder } = await world.create("lost");
    rmSync(folder, { recursive: true });
    await eventually(async () => (await world.processes()).length === 0 || undefined);
  });

  it("leave nothing of a cluster whose creation fails", async () => {
    await rejects(world.create("none", { programs: "/no/such/module.ts" }), /runner.*no\/such/);
    deepStrictEqual([await world.processes(), describeCluster(world.home, "none")], [[], undefined]);
  });

  it("refuse a name that breaks GKE's rules", async () => {
    await rejects(world.create("V1.2.3"), { name: "InvalidClusterName" });
  });
});

/**
 * The pod that answers; undefined while the port refuses connections, because a service is proxied only once it has
 * endpoints.
 */
async function podAt(place: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${place}/`, { headers: { connection: "close" } });
    return ((await response.json()) as { pod: string }).pod;
  } catch (error) {
    const { code } = (error as { cause?: { code?: string } }).cause ?? {};
    if (code === "ECONNREFUSED") return undefined;
    throw error;
  }
}

const isRefused = (place: string): Promise<true | undefined> =>
  fetch(`http://${place}/`, { headers: { connection: "close" } }).then(
    () => undefined,
    () => true as const,
  );
