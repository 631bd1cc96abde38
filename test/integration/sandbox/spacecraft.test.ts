import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { V1ConfigMap, V1Deployment, V1Service } from "@kubernetes/client-node";
import type { KubernetesApi } from "../../../sandbox/kubernetes/api";
import { deleteCluster, describe as describeCluster } from "../../../sandbox/kubernetes/cluster";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { ClusterWorld, eventually } from "../../support/cluster-world";

const NAME = "v1-2-3-1";
const CORE = "/api/v1/namespaces/default";
const APPS = "/apis/apps/v1/namespaces/default";

const NODE_CONFIG = {
  main: { "layer-duration-sec": 5, "layers-per-epoch": 4 },
  p2p: { "network-id": 7 },
  poet: { "phase-shift": "10s", "cycle-gap": "19800ms" },
};

/** Caddy as a reverse proxy, like the gateway. */
const CADDYFILE = `{
	admin off
	auto_https off
	default_bind {$BIND_ADDRESS}
}
:8080 {
	reverse_proxy {$MINER_1_SERVICE_HOST}:{$MINER_1_SERVICE_PORT_JSONPORT}
}
`;

describe("the stand-in of go-spacecraft", function () {
  this.timeout(40_000);
  let world: ClusterWorld;
  let config: string;
  let list: string;

  before(async () => {
    world = await ClusterWorld.make();
    config = join(world.home, "config.json");
    writeFileSync(join(world.home, "node.json"), JSON.stringify(NODE_CONFIG));
    writeFileSync(config, JSON.stringify(settings()));
    list = join(world.home, "buckets/sm-discovery-service/networks.json");
    mkdirSync(join(list, ".."), { recursive: true });
    writeFileSync(list, JSON.stringify([{ netName: NAME }, { netName: "other" }]));
  });
  after(() => world.close());

  const settings = (more = {}) => ({
    miners: 4,
    "bootnode-amount": 2,
    "genesis-delay": 0,
    "gcp-project": "testing",
    "gcp-location": "l",
    "go-sm-config": "node.json",
    "go-sm-image": "spacemeshos/go-spacemesh:v1.2.3-b1",
    "poet-image": "spacemeshos/poet:v0.10.10",
    ...more,
  });

  const spacecraft = async (command: string, env: Record<string, string> = {}) => {
    const { exitCode, stdout } = await world.run("go-spacecraft", [command, "--config", config, "-n", NAME], env);
    strictEqual(exitCode, 0);
    return stdout.trimEnd().split("\n");
  };

  const api = (): KubernetesApi => {
    const cluster = describeCluster(world.home, NAME);
    if (!cluster) throw new Error(`cluster ${NAME} does not exist`);
    return world.api(cluster);
  };

  it("leaves nothing behind and exits with 0 when GKE refuses the cluster", async () => {
    const lines = await spacecraft("createNetwork", { SANDBOX_SPACECRAFT_FAIL: "cluster" });
    match(lines.at(-1) ?? "", /^rpc error: code = ResourceExhausted/);
    strictEqual(describeCluster(world.home, NAME), undefined);
  });

  it("reports success without creating a network for the failure lie", async () => {
    const lines = await spacecraft("createNetwork", { SANDBOX_SPACECRAFT_FAIL: "lie" });
    deepStrictEqual(lines, ["network created successfully"]);
    strictEqual(describeCluster(world.home, NAME), undefined);
  });

  it("uses its defaults when the config file is missing, and then lacks the project", async () => {
    const { exitCode, stdout } = await world.run("go-spacecraft", ["createNetwork", "--config", "missing.json"]);
    deepStrictEqual(
      [exitCode, stdout],
      [0, "please provide JSON key file, project name and location for gcp authorization\n"],
    );
  });

  it("exits with 1 and its usage for an unknown flag", async () => {
    const { exitCode, stdout, stderr } = await world.run("go-spacecraft", ["hosts", "--bogus"]);
    deepStrictEqual([exitCode, stdout], [1, ""]);
    match(stderr, /^Error: unknown flag: --bogus\nUsage:\n/);
  });

  it("creates a network of miners and a real poet in the order of its source", async () => {
    const lines = await spacecraft("createNetwork");
    strictEqual(lines.at(-1), "network created successfully");
    match(lines.at(-2) ?? "", /^Kibana Password: \S+$/);
    const order = [
      "creating k8s cluster",
      "created k8s cluster",
      "waiting for k8s cluster to be ready",
      "k8s cluster is ready",
      "creating poet-1 pvc",
      "created poet-1 service",
      "creating miner-1 pvc",
      "created miner-1 pvc",
      "creating miner-1 coinbase secret",
      "creating miner-1 deployment",
      "waiting for miner-1 deployment",
      "finished miner-1 deployment",
      "creating miner-1 service",
      "created miner-1 service",
      "creating miner-2 pvc",
      "created miner-3 service",
      "creating miner-4 pvc",
    ].map((line) => lines.indexOf(line));
    ok(!order.includes(-1));
    deepStrictEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });

  it("gives every miner a config with poet, genesis and bootnodes, and stores the last one", async () => {
    const { data } = await api().get<V1ConfigMap>(`${CORE}/configmaps/miner-4`);
    const text = data?.["config.json"] ?? "";
    const { main, p2p } = JSON.parse(text) as { main: Record<string, string>; p2p: { bootnodes: string[] } };
    strictEqual(main["genesis-active-size"], 4);
    match(main["poet-server"] ?? "", /^127\.\d+\.64\.\d:\d+$/);
    strictEqual(p2p.bootnodes.length, 2);
    match(p2p.bootnodes[0] ?? "", /^\/ip4\/127\.\d+\.64\.\d\/tcp\/500[23]\/p2p\/[0-9a-f]{64}$/);
    const kept = readFileSync(join(world.home, `buckets/spacecraft-data/${NAME}-archive/config.json`), "utf8");
    deepStrictEqual(JSON.parse(kept), JSON.parse(text));
  });

  it("lists the miners' gRPC APIs", async () => {
    const lines = await spacecraft("hosts");
    strictEqual(lines[0], "API URLs: ");
    for (const number of [1, 2, 3, 4])
      match(lines[number] ?? "", new RegExp(`^miner-${number}:127\\.\\d+\\.64\\.1:\\d+$`));
    strictEqual(lines[6]?.split(",").length, 4);
  });

  it("refuses to create a network twice", async () => {
    deepStrictEqual(await spacecraft("createNetwork"), ["cluster already exists"]);
  });

  it("starts a poet that reports its phases and stops for the fault deadPoet", async () => {
    const { data } = await api().get<V1ConfigMap>(`${CORE}/configmaps/miner-1`);
    const [, server] = /"poet-server":"([^"]+)"/.exec(data?.["config.json"] ?? "") ?? [];
    const info = () => fetch(`http://${server}/v1/info`).then((response) => response.json());
    const { phaseShift, cycleGap } = (await info()) as Record<string, string>;
    deepStrictEqual([phaseShift, cycleGap], ["10s", "19.800s"]);
    const folder = describeCluster(world.home, NAME)?.folder ?? "";
    await writeFaults(folder, { deadPoet: ["poet-1"] });
    await eventually(() =>
      info().then(
        () => undefined,
        () => true,
      ),
    );
    await writeFaults(folder, {});
    await eventually(() => info().catch(() => undefined));
  });

  it("creates miners that the real Caddy can serve publicly", async () => {
    const kubernetes = api();
    await kubernetes.create(`${CORE}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "caddy" },
      data: { Caddyfile: CADDYFILE },
    } as V1ConfigMap);
    await kubernetes.create(`${CORE}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "caddy" },
      spec: { type: "LoadBalancer", selector: { app: "caddy" }, ports: [{ port: 8080 }] },
    } as V1Service);
    await kubernetes.create(`${APPS}/deployments`, caddy());
    const address = await eventually(async () => {
      const { status } = await kubernetes.get<V1Deployment>(`${APPS}/deployments/caddy`);
      const service = await kubernetes.get<V1Service>(`${CORE}/services/caddy`);
      return status?.readyReplicas ? service.status?.loadBalancer?.ingress?.[0]?.ip : undefined;
    });
    const version = await eventually(() =>
      fetch(`http://${address}:8080/v1/node/version`, { method: "POST" }).then(
        (response) => response.json() as Promise<unknown>,
        () => undefined,
      ),
    );
    deepStrictEqual(version, { version_string: { value: "v1.2.3+1" } });
  });

  it("deletes the network, its disks and its entry in the public list", async () => {
    const lines = await spacecraft("deleteNetwork");
    strictEqual(lines[0], "started deleting cluster");
    ok(lines.includes("cluster deleted"));
    strictEqual(lines.filter((line) => line.startsWith("deleting disk: pvc-")).length, 5);
    strictEqual(lines.at(-1), "network deleted successfully");
    deepStrictEqual(JSON.parse(readFileSync(list, "utf8")), [{ netName: "other" }]);
    deepStrictEqual(await world.processes(), []);
  });

  it("fails to delete a missing network", async () => {
    const where = `projects/testing/locations/l/clusters/${NAME}`;
    deepStrictEqual(await spacecraft("deleteNetwork"), [`rpc error: code = NotFound desc = Not found: ${where}.`]);
  });

  it("notices a missing node config only after creating the cluster, which it leaves behind", async () => {
    writeFileSync(config, JSON.stringify(settings({ "go-sm-config": "missing.json" })));
    const lines = await spacecraft("createNetwork");
    strictEqual(lines.at(-1), "open missing.json: no such file or directory");
    strictEqual(describeCluster(world.home, NAME)?.status, "RUNNING");
    await deleteCluster(world.home, NAME);
  });

  it("leaves a cluster that the cloud finishes, and cannot delete until then, when it is killed", async () => {
    const running = world.start("go-spacecraft", ["createNetwork", "--config", config, "-n", NAME]);
    for await (const line of createInterface({ input: running.stdout })) if (line === "created k8s cluster") break;
    running.kill("SIGKILL");
    const where = ["--location", "l", "--project", "testing", "--quiet"];
    const { stderr } = await world.run("gcloud", ["container", "clusters", "delete", NAME, ...where]);
    match(stderr, /code=400, message=Cluster is running incompatible operation/);
    await eventually(() => describeCluster(world.home, NAME)?.status === "RUNNING" || undefined);
  });
});

const caddy = (): V1Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "caddy" },
  spec: {
    selector: { matchLabels: { app: "caddy" } },
    template: {
      metadata: { labels: { app: "caddy" } },
      spec: {
        containers: [
          {
            name: "caddy",
            image: "caddy:2.11.9",
            args: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
            env: [{ name: "BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
            readinessProbe: { tcpSocket: { port: 8080 } },
            volumeMounts: [{ name: "config", mountPath: "/etc/caddy" }],
          },
        ],
        volumes: [{ name: "config", configMap: { name: "caddy" } }],
      },
    },
  },
});
