import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { parse } from "yaml";
import { places } from "../../../sandbox/home";
import { loopbackOf } from "../../../sandbox/kubernetes/address-plan";
import { clusterFolder, kwokFolder, podFolder, SHARED } from "../../../sandbox/kubernetes/cluster-record";
import { endProcess } from "../../../sandbox/kubernetes/process-id";
import { controlPlaneProcesses, recordedProcesses } from "../../../sandbox/kubernetes/process-records";
import { status } from "../../../sandbox/status";
import { eventually } from "../../support/cluster-world";
import { SharedWorld } from "../../support/shared-world";

const FILES = { image: "caddy:2", args: ["caddy", "file-server", "--listen", "$(POD_IP):8080", "--root", "/site"] };
const POD_IP = { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } };
const SITE = [{ name: "site", mountPath: "/site" }];

/** Serves the files of a ConfigMap at port 8080. */
const files = (more = {}) => ({ ...FILES, env: [POD_IP], volumeMounts: SITE, ...more });
const site = (name: string) => ({ volumes: [{ name: "site", configMap: { name } }] });

const textAt = async (place: string): Promise<string> =>
  (await fetch(`http://${place}`, { headers: { connection: "close" } })).text();

const addressOf = (pod: V1Pod): string => loopbackOf(pod.status?.podIP ?? "");

describe("the shared cluster of a sandbox", function () {
  this.timeout(60_000);
  const world = new SharedWorld();
  const nodes = () => `spacemeshos/go-spacemesh=${world.script}`;

  before(async () => {
    await world.up();
    await world.up(nodes());
  });
  after(() => world.close());

  it("is made once, with a kubeconfig that holds its certificates", () => {
    strictEqual(status(world.home).driver, "kubernetes");
    deepStrictEqual(
      status(world.home).clusters.map(({ name, status: is }) => [name, is]),
      [[SHARED, "RUNNING"]],
    );
    const file = places(world.home).kubeconfig;
    strictEqual(statSync(file).mode & 0o777, 0o600);
    const { users, contexts } = parse(readFileSync(file, "utf8")) as { users: [{ user: object }]; contexts: object[] };
    deepStrictEqual(Object.keys(users[0].user), ["client-certificate-data", "client-key-data"]);
    deepStrictEqual(contexts, [{ name: SHARED, context: { cluster: SHARED, user: SHARED } }]);
  });

  it("runs init containers in order before the containers, and serves their logs", async () => {
    const namespace = await world.namespace("v1-0-0-1");
    await world.create(namespace, "secrets", { metadata: { name: "keys" }, stringData: { "local-1.key": "abc" } });
    const data = { name: "data", mountPath: "/data" };
    const script = (name: string, text: string) => ({
      name,
      image: "caddy:2",
      command: ["sh", "-c", text],
      env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "local-1.key" } } }],
      volumeMounts: [data, { name: "keys", mountPath: "/keys" }],
    });
    await world.deploy(namespace, "miner-1", files({ volumeMounts: [{ ...data, mountPath: "/site" }] }), {
      initContainers: [
        script("first", "mkdir /data/identities; cp /keys/local-1.key /data/identities/local.key"),
        script("second", 'echo "$KEY $(stat -L -c %a /keys/local-1.key)" | tee -a /data/identities/local.key'),
      ],
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "keys", secret: { secretName: "keys", defaultMode: 0o400 } },
      ],
    });
    const pod = await world.pod(namespace, "miner-1");
    strictEqual(await textAt(`${addressOf(pod)}:8080/identities/local.key`), "abcabc 400\n");
    const { initContainerStatuses = [] } = pod.status ?? {};
    deepStrictEqual(
      initContainerStatuses.map(({ name, ready, state }) => [name, ready, state?.terminated?.exitCode]),
      [
        ["first", true, 0],
        ["second", true, 0],
      ],
    );
    const log = `/api/v1/namespaces/${namespace}/pods/${pod.metadata?.name}/log?container=second`;
    strictEqual(await world.api.text(log), "abc 400\n");
  });

  it("starts a container when the hook of the one before it has ended", async () => {
    const namespace = await world.namespace("v1-0-0-9");
    await world.create(namespace, "configmaps", { metadata: { name: "hooked" }, data: { "index.html": "here" } });
    const wait = "while [ ! -e /data/go ]; do sleep 0.1; done";
    const first = {
      ...{ image: "caddy:2", args: ["caddy", "file-server", "--listen", "$(POD_IP):8080", "--root", "/site"] },
      env: [POD_IP],
      volumeMounts: [...SITE, { name: "data", mountPath: "/data" }],
      lifecycle: { postStart: { exec: { command: ["sh", "-c", wait] } } },
    };
    const second = {
      name: "second",
      ...first,
      args: [...first.args.slice(0, 3), "$(POD_IP):8081", ...first.args.slice(4)],
    };
    await world.deploy(namespace, "hooked", first, {
      containers: [
        { name: "main", ...first },
        { ...second, lifecycle: undefined },
      ],
      volumes: [
        { name: "site", configMap: { name: "hooked" } },
        { name: "data", emptyDir: {} },
      ],
    });
    const states = async () => {
      const [pod] = await world.pods(namespace, "hooked");
      const all = pod?.status?.containerStatuses ?? [];
      const running = all.filter(({ state }) => state?.running).map(({ name }) => name);
      return { pod, running };
    };
    const { pod } = await eventually(async () => {
      const now = await states();
      return now.running.length > 0 ? now : undefined;
    });
    deepStrictEqual((await states()).running, ["main"]);
    const folder = podFolder(world.cluster.folder, namespace, pod?.metadata?.name ?? "");
    writeFileSync(join(folder, "volumes", "data", "go"), "");
    await eventually(async () => (await states()).running.length === 2);
  });

  it("restarts a failed init container, later each time, and starts nothing after it", async () => {
    const namespace = "v1-0-0-1";
    await world.deploy(namespace, "failing", files({ volumeMounts: [] }), {
      initContainers: [{ name: "keys", image: "busybox:1", command: ["/bin/sh", "-c", "echo no keys; exit 3"] }],
    });
    const [init, pod] = await eventually(async () => {
      const [one] = await world.pods(namespace, "failing");
      const found = one?.status?.initContainerStatuses?.[0];
      return one && found?.state?.waiting?.reason === "CrashLoopBackOff" ? ([found, one] as const) : undefined;
    });
    strictEqual(init.lastState?.terminated?.exitCode, 3);
    strictEqual(pod.status?.phase, "Pending");
    strictEqual(pod.status?.conditions?.find(({ type }) => type === "Initialized")?.status, "False");
    deepStrictEqual(pod.status?.containerStatuses?.[0]?.state, { waiting: { reason: "PodInitializing" } });
  });

  it("reports a container ready only after its startup probe, and restarts one that never passes", async () => {
    const namespace = "v1-0-0-1";
    await world.create(namespace, "configmaps", { metadata: { name: "empty" }, data: { a: "1" } });
    const startupProbe = { httpGet: { path: "/started", port: 8080 }, periodSeconds: 1, failureThreshold: 2 };
    await world.deploy(namespace, "slow", files({ startupProbe }), site("empty"));
    const restarted = await eventually(async () => {
      const [{ status: is } = {} as V1Pod] = await world.pods(namespace, "slow");
      const [container] = is?.containerStatuses ?? [];
      ok(!container?.started && !container?.ready);
      return container?.restartCount ? container : undefined;
    });
    strictEqual(restarted.lastState?.terminated?.exitCode, 137);
    await world.api.patch(`/api/v1/namespaces/${namespace}/configmaps/empty`, { data: { started: "yes" } });
    const { status: is } = await world.pod(namespace, "slow");
    ok(is?.containerStatuses?.[0]?.started);
  });

  it("keeps two networks apart that have Services of the same names", async () => {
    const answers = ["v2-0-0-1", "v2-0-0-2"].map(async (namespace) => {
      await world.namespace(namespace);
      const service = await world.service(namespace, "miner-1", 8080);
      await world.create(namespace, "configmaps", { metadata: { name: "page" }, data: { index: namespace } });
      await world.deploy(namespace, "miner-1", files(), site("page"));
      await world.pod(namespace, "miner-1");
      const { clusterIP = "", ports = [] } = service.spec ?? {};
      const number = loopbackOf(clusterIP).split(".")[1];
      const at = (place: string) => eventually(() => textAt(`${place}/index`).catch(() => undefined));
      return [await at(`${loopbackOf(clusterIP)}:8080`), await at(`127.${number}.64.1:${ports[0]?.nodePort}`)];
    });
    deepStrictEqual(await Promise.all(answers), [
      ["v2-0-0-1", "v2-0-0-1"],
      ["v2-0-0-2", "v2-0-0-2"],
    ]);
    deepStrictEqual(status(world.home).networks.slice(-2), ["v2-0-0-1", "v2-0-0-2"]);
  });

  it("gives kubectl a network's namespace, and each network faults of its own", async () => {
    const { stdout } = await world.sandbox("env", "v2.0.0+2");
    const shell = await world.run("bash", [
      "-c",
      `${stdout}\nkubectl get deployments -o name; echo $SMESHNET_RESOURCES`,
    ]);
    match(shell.stdout, /^deployment.apps\/miner-1\n\{"node":\{"cpu":"100m"/);
    strictEqual((await world.sandbox("fault", "v2.0.0+2", "noAddress", "true")).stdout, '{"noAddress":true}\n');
    const balanced = { metadata: { name: "open" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
    await world.create("v2-0-0-2", "services", balanced);
    await world.create("v2-0-0-1", "services", balanced);
    const ingress = async (namespace: string) => {
      const service = await world.api.get<V1Service>(`/api/v1/namespaces/${namespace}/services/open`);
      return service.status?.loadBalancer?.ingress?.[0]?.ip;
    };
    await eventually(() => ingress("v2-0-0-1"));
    strictEqual(await ingress("v2-0-0-2"), undefined);
    await world.sandbox("fault", "v2.0.0+2", "none");
    await eventually(() => ingress("v2-0-0-2"));
  });

  it("refuses what a quota forbids, and leaves what no node has room for pending", async () => {
    const namespace = await world.namespace("v3-0-0-1");
    const quota = { metadata: { name: "small" }, spec: { hard: { "requests.cpu": "33" } } };
    await world.create(namespace, "resourcequotas", quota);
    const wants = (cpu: string) => files({ resources: { requests: { cpu } }, volumeMounts: [] });
    await world.deploy(namespace, "too-much", wants("34"));
    const refused = await eventually(async () => {
      const list = await world.api.get<{ items: { status?: { conditions?: { message?: string }[] } }[] }>(
        `/apis/apps/v1/namespaces/${namespace}/replicasets`,
      );
      return list.items[0]?.status?.conditions?.[0]?.message;
    });
    match(refused, /exceeded quota: small, requested: requests.cpu=34/);
    await world.deploy(namespace, "too-big", wants("33"));
    const pending = await eventually(async () => {
      const [pod] = await world.pods(namespace, "too-big");
      return pod?.status?.conditions?.find(({ reason }) => reason === "Unschedulable");
    });
    match(pending.message ?? "", /3 Insufficient cpu/);
  });

  it("runs an executable of the user in place of nodes, at the pod's address, with addresses for names", async () => {
    const namespace = await world.namespace("v4-0-0-1");
    const { spec } = await world.service(namespace, "poet-1", 5000);
    const config = {
      genesis: { accounts: { stest1: "BALANCE" } },
      main: { metrics: true, "poet-servers": [{ address: "http://poet-1:5000" }] },
      p2p: { bootnodes: ["/dns4/poet-1/tcp/7513/p2p/12D3"] },
    };
    const text = JSON.stringify(config).replace('"BALANCE"', "123456789012345678");
    await world.create(namespace, "configmaps", { metadata: { name: "network" }, data: { "config.json": text } });
    const container = {
      image: "spacemeshos/go-spacemesh:v4.0.0-b1",
      command: ["/bin/go-spacemesh"],
      args: ["-c", "/etc/network/config.json", "--metrics", "--grpc-json-listener=0.0.0.0:9095"],
      env: [{ name: "POET_URL", value: "http://poet-1:5000" }],
      readinessProbe: { httpGet: { path: "/", port: 9095 } },
      volumeMounts: [{ name: "network", mountPath: "/etc/network" }],
    };
    await world.deploy(namespace, "miner-1", container, {
      volumes: [{ name: "network", configMap: { name: "network" } }],
    });
    const address = addressOf(await world.pod(namespace, "miner-1"));
    const poet = `http://${loopbackOf(spec?.clusterIP ?? "")}:5000`;
    const answer = await textAt(`${address}:9095`);
    const said = JSON.parse(answer) as { args: string[]; config: string; url: string };
    strictEqual(said.url, poet);
    ok(said.args.includes(`--grpc-public-listener=${address}:9092`));
    ok(!said.args.includes("--metrics"));
    match(said.config, /123456789012345678/);
    ok(said.config.includes(`"${poet}"`) && said.config.includes(`"/ip4/${address}/tcp/7513"`));
    doesNotMatch(said.config, /dns4|"metrics": true/);
  });

  it("halts such a node, cuts it off and slows its disk, and refuses faults that only a simulator has", async () => {
    const [tag, namespace] = ["v4.0.0+1", "v4-0-0-1"];
    const before = await textAt(`${addressOf(await world.pod(namespace, "miner-1"))}:9095`);
    await world.sandbox("fault", tag, "stopped", '["miner-1"]');
    await world.pod(namespace, "miner-1", "False");
    await world.sandbox("fault", tag, "none");
    const halted = await world.pod(namespace, "miner-1");
    strictEqual(await textAt(`${addressOf(halted)}:9095`), before);
    await world.sandbox("fault", tag, "cutOff", '["miner-1"]');
    await world.pod(namespace, "miner-1", "False");
    await world.sandbox("fault", tag, "none");
    const again = await world.pod(namespace, "miner-1");
    const pid = (text: string) => (JSON.parse(text) as { pid: number }).pid;
    ok(pid(await textAt(`${addressOf(again)}:9095`)) !== pid(before));
    strictEqual(again.status?.containerStatuses?.[0]?.restartCount, 0);
    const slowed = await world.sandbox("fault", tag, "slowDisk", '["miner-1"]');
    const disks = join(clusterFolder(world.home, SHARED), "disks");
    const groups = () => (existsSync(disks) ? readdirSync(disks).length : 0);
    if (slowed.exitCode === 0) await eventually(() => groups() === 1 || undefined);
    else match(slowed.stderr, /^error: .*(slowDisk needs a cgroup|is on no disk).*\n$/);
    await world.sandbox("fault", tag, "none");
    await eventually(() => groups() === 0 || undefined);
    const refused = await world.sandbox("fault", tag, "stall", "true");
    deepStrictEqual([refused.exitCode, refused.stderr.split("\n").length], [1, 2]);
    match(refused.stderr, /stall is the simulator's.*Use stopped, cutOff or slowDisk/);
  });

  it("says in one line what is wrong with an option", async () => {
    for (const args of [
      ["up", "--program"],
      ["up", "--program", "x"],
      ["up", "--driver", "spacecraft"],
    ]) {
      const { exitCode, stderr } = await world.sandbox(...args);
      deepStrictEqual([exitCode, stderr.trim().split("\n").length], [1, 1], stderr);
      match(stderr, /^error: /);
    }
  });

  it("removes a namespace with its pods, volumes and folders", async () => {
    const namespace = "v2-0-0-2";
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    await world.create(namespace, "persistentvolumeclaims", { metadata: { name: "miner-1" }, spec: claim });
    const volumeOf = async () => {
      const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/miner-1`;
      return (await world.api.get<{ spec: { volumeName?: string } }>(path)).spec.volumeName;
    };
    const volume = await eventually(volumeOf);
    const [pod] = await world.pods(namespace, "miner-1");
    await world.api.delete(`/api/v1/namespaces/${namespace}`);
    await eventually(async () => ((await world.api.find(`/api/v1/namespaces/${namespace}`)) ? undefined : true));
    const left = ["networks/v2-0-0-2", `pods/v2-0-0-2_${pod?.metadata?.name}`, `volumes/${volume}`];
    await eventually(() => !left.some((path) => existsSync(join(world.cluster.folder, path))) || undefined);
    await eventually(async () => !(await world.api.find(`/api/v1/persistentvolumes/${volume}`)) || undefined);
    ok(existsSync(join(world.cluster.folder, "networks/v2-0-0-1")));
  });

  it("is made again when its processes are gone, and says which networks are lost", async () => {
    const { folder } = world.cluster;
    const lost = [...recordedProcesses(folder).values(), ...controlPlaneProcesses(kwokFolder(folder, SHARED))];
    await Promise.all(lost.map((process) => endProcess(process, 5000)));
    await world.up();
    const line = world.said.find((text) => text.includes("lost its processes"));
    match(line ?? "", /its networks are lost: v1-0-0-1, v1-0-0-9, v2-0-0-1, v3-0-0-1, v4-0-0-1$/);
    strictEqual((await world.run("kubectl", ["get", "nodes", "-o", "name"])).stdout.trim().split("\n").length, 3);
    deepStrictEqual(status(world.home).networks, []);
    deepStrictEqual(Object.keys(status(world.home).programs), ["spacemeshos/go-spacemesh"]);
  });
});
