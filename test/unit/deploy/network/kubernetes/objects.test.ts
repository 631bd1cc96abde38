import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import type {
  V1ConfigMap,
  V1Deployment,
  V1PersistentVolumeClaim,
  V1PodSpec,
  V1Secret,
  V1Service,
} from "@kubernetes/client-node";
import { makeOnce } from "../../../../../infra/deploy/network/kubernetes/made";
import { metadata, podLabels } from "../../../../../infra/deploy/network/kubernetes/metadata";
import { networkObjects } from "../../../../../infra/deploy/network/kubernetes/objects";
import { MemoryApi, madeWith, NOW } from "../../../../support/kubernetes-api";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const ADDRESS = "stest1qqqqqqx3pllnhamat3a4kmwexd39kkgst7p52jqjwx5wl";

const objectsOf = async (changes: Record<string, unknown> = {}) => networkObjects(await madeWith(changes));
const allOf = async (changes: Record<string, unknown> = {}) => Object.values(await objectsOf(changes)).flat();
const ofKind = async <T>(kind: string, changes: Record<string, unknown> = {}): Promise<T[]> =>
  (await allOf(changes)).flatMap(({ object }) => (object.kind === kind ? [object as T] : []));
const podOf = async (name: string, changes: Record<string, unknown> = {}): Promise<V1PodSpec> => {
  const found = (await ofKind<V1Deployment>("Deployment", changes)).find((one) => one.metadata?.name === name);
  ok(found?.spec?.template.spec);
  return found.spec.template.spec;
};
const argumentsOf = async (number: number, changes: Record<string, unknown> = {}) =>
  (await podOf(`miner-${number}`, changes)).containers[0]?.args ?? [];

describe("the objects of a network", () => {
  it("are made in their order: policies, Services and disks, then poets, then nodes", async () => {
    const { first, poets, nodes } = await objectsOf();
    const names = (all: typeof first) => all.map(({ object }) => `${object.kind} ${object.metadata?.name}`);
    const six = ["bootstrap", "poet-1", "miner-1", "miner-2", "miner-3", "miner-4"];
    deepStrictEqual(names(first), [
      ...[
        "default-deny",
        "inside",
        "gateway",
        "nodes",
        "poets",
        "bootstrap",
        "metrics",
        "prometheus",
        "alertmanager",
      ].map((name) => `NetworkPolicy ${name}`),
      ...["nodes", "poets"].map((name) => `PodDisruptionBudget ${name}`),
      ...six.map((name) => `Service ${name}`),
      ...[...six.slice(2), "poet-1"].map((name) => `PersistentVolumeClaim ${name}`),
    ]);
    deepStrictEqual(names(poets), ["Deployment bootstrap", "Deployment poet-1"]);
    deepStrictEqual(
      names(nodes),
      [1, 2, 3, 4].map((i) => `Deployment miner-${i}`),
    );
  });

  it("are all in the network's namespace, at the path of their kind, and bear its tag", async () => {
    for (const { path, object } of await allOf()) {
      strictEqual(object.metadata?.namespace, "v1-2-3-1");
      ok(path.includes("/namespaces/v1-2-3-1/") && path.endsWith(`/${object.metadata?.name}`), path);
      strictEqual(object.metadata?.annotations?.["smeshnet/build-tag"], "v1.2.3+1");
      strictEqual(object.metadata?.labels?.["app.kubernetes.io/managed-by"], "smeshnet");
    }
  });

  it("are the same whenever they are made from the same", async () => {
    const made = await madeWith({ poets: 2 });
    deepStrictEqual(networkObjects(made), networkObjects(made));
  });

  it("let nobody outside reach metrics and private calls", async () => {
    const services = await ofKind<V1Service>("Service", { exposure: "loadBalancer" });
    const ports = services.flatMap(({ spec }) => spec?.ports ?? []);
    ok(ports.length > 10);
    for (const { port, targetPort } of ports)
      for (const one of [port, Number(targetPort)]) ok(![9093, 9094, 9216, 5070, 5050].includes(one), `port ${one}`);
  });

  it("expose nodes and poets as the settings say, and the file server never", async () => {
    const types = { nodePort: "NodePort", loadBalancer: "LoadBalancer", none: "ClusterIP" };
    for (const [exposure, type] of Object.entries(types)) {
      const services = await ofKind<V1Service>("Service", { exposure });
      const found = services.map(({ metadata: { name } = {}, spec }) => [name, spec?.type]);
      deepStrictEqual(found[0], ["bootstrap", undefined]);
      for (const [name, own] of found.slice(1)) strictEqual(own, type, name);
    }
  });

  it("let a node be reached whatever runs beside it, and a poet when it is ready", async () => {
    for (const { metadata: { name = "" } = {}, spec } of await ofKind<V1Service>("Service"))
      strictEqual(spec?.publishNotReadyAddresses ?? false, name.startsWith("miner-"), name);
  });

  it("select pods by labels that only these pods have", async () => {
    const deployments = await ofKind<V1Deployment>("Deployment");
    for (const { spec } of await ofKind<V1Service>("Service")) {
      const { name = "" } = spec?.selector ?? {};
      const selected = deployments.filter((one) => one.spec?.template.metadata?.labels?.name === name);
      deepStrictEqual(
        selected.map((one) => one.metadata?.name),
        [name],
      );
    }
    for (const { spec, metadata: { name = "" } = {} } of deployments) {
      deepStrictEqual(spec?.selector.matchLabels, { name });
      strictEqual(spec?.strategy?.type, "Recreate");
      strictEqual(spec?.replicas, 1);
    }
  });

  it("have disks of the wanted class, or none", async () => {
    const claims = (storageClass: string) => ofKind<V1PersistentVolumeClaim>("PersistentVolumeClaim", { storageClass });
    const of = async (name: string) => (await claims(name)).map(({ spec }) => spec?.storageClassName);
    deepStrictEqual(await of("default"), Array(5).fill(undefined));
    deepStrictEqual(await of("fast"), Array(5).fill("fast"));
    deepStrictEqual(await of("none"), []);
    const volume = async (storageClass: string) => (await podOf("miner-1", { storageClass })).volumes?.[0];
    deepStrictEqual(await volume("none"), { name: "data", emptyDir: { sizeLimit: "10Gi" } });
    deepStrictEqual(await volume("fast"), { name: "data", persistentVolumeClaim: { claimName: "miner-1" } });
  });
});

describe("the pod of a node", () => {
  it("smeshes up to the wanted number", async () => {
    const smeshing = async (changes: Record<string, unknown>) =>
      Promise.all([1, 2, 3, 4].map(async (i) => (await argumentsOf(i, changes)).includes("--smeshing-start=true")));
    deepStrictEqual(await smeshing({}), [true, true, true, false]);
    deepStrictEqual(await smeshing({ smeshers: 1 }), [true, false, false, false]);
    deepStrictEqual(await smeshing({ smeshers: 4 }), [true, true, true, true]);
    ok((await argumentsOf(4)).includes("--smeshing-start=false"));
    ok((await argumentsOf(1)).includes("--smeshing-opts-datadir=/data/post"));
    ok(!(await argumentsOf(4)).includes("--smeshing-opts-datadir=/data/post"));
  });

  it("names the coinbase where there is one, and only where it smeshes", async () => {
    const flag = `--smeshing-coinbase=${ADDRESS}`;
    ok((await argumentsOf(1, { coinbase: ADDRESS })).includes(flag));
    ok(!(await argumentsOf(4, { coinbase: ADDRESS })).includes(flag));
    ok(!(await argumentsOf(1)).some((arg) => arg.startsWith("--smeshing-coinbase")));
  });

  it("says no flag that real nodes must not have", async () => {
    for (const number of [1, 4])
      for (const arg of await argumentsOf(number))
        ok(!/p2p-bootnode|--listen|private-listener|--preset|genesis/.test(arg), arg);
  });

  it("has its own keys, and those of no other", async () => {
    for (const number of [1, 2, 3, 4]) {
      const { volumes = [], initContainers = [], containers } = await podOf(`miner-${number}`);
      const secrets = volumes.flatMap(({ secret }) => (secret ? [secret] : []));
      deepStrictEqual(
        secrets.map(({ secretName, items }) => [secretName, items?.map(({ key }) => key)]),
        [["network-keys", [`p2p-${number}.key`, `local-${number}.key`]]],
      );
      const [init] = initContainers;
      const script = init?.command?.[2] ?? "";
      deepStrictEqual(
        [...script.matchAll(/\/keys\/(\S+)/g)].map(([, key]) => key),
        [`p2p-${number}.key`, `local-${number}.key`],
      );
      match(script, /^set -eu\n/);
      ok(script.includes("[ -e /data/p2p/p2p.key ] ||") && script.includes("[ -e /data/identities/local.key ] ||"));
      for (const { volumeMounts = [], env = [] } of containers) {
        ok(!volumeMounts.some(({ name }) => name === "keys"));
        ok(!env.some(({ valueFrom }) => valueFrom?.secretKeyRef));
      }
    }
  });

  it("has the statistics beside the last node alone, which wait for its database", async () => {
    for (const number of [1, 2, 3, 4]) {
      const { containers } = await podOf(`miner-${number}`);
      deepStrictEqual(
        containers.map(({ name }) => name),
        number === 4 ? ["miner", "stats"] : ["miner"],
      );
      const [, statistics] = containers;
      if (statistics)
        match(statistics.args?.[0] ?? "", /^until \[ -e "\$SPACEMESH_SQLITE" \]; do sleep 1; done; exec /);
    }
  });

  it("runs the images of the settings, also by digest alone", async () => {
    const of = (name: string) => `registry.example/${name}@sha256:${"c".repeat(64)}`;
    const images = { node: of("node"), poet: of("poet"), explorerBackend: of("stats"), caddy: of("caddy") };
    const running = async (name: string) => (await podOf(name, { images })).containers.map(({ image }) => image);
    deepStrictEqual(await running("miner-4"), [images.node, images.explorerBackend]);
    deepStrictEqual([await running("poet-1"), await running("bootstrap")], [[images.poet], [images.caddy]]);
    ok(!("caddyImage" in kubernetesSpec().kubernetes), "a stored spec would differ");
  });

  it("has the priority of the settings, and none without it", async () => {
    for (const name of ["miner-1", "poet-1", "bootstrap"]) {
      strictEqual((await podOf(name, { priorityClass: "networks" })).priorityClassName, "networks");
      ok(!("priorityClassName" in (await podOf(name))), name);
    }
    ok(!("priorityClass" in kubernetesSpec().kubernetes), "a stored spec would differ");
  });

  it("is sized as the settings say, and may do little", async () => {
    const size = { cpu: "750m", memory: "900Mi", disk: "3Gi" };
    const changes = { resources: { node: size, poet: { ...size, cpu: "2" } } };
    const [miner] = (await podOf("miner-1", changes)).containers;
    const [poet] = (await podOf("poet-1", changes)).containers;
    const { disk: _, ...of } = size;
    const logs = { "ephemeral-storage": "64Mi" };
    const room = (mebibytes: number) => ({ "ephemeral-storage": `${mebibytes}Mi` });
    deepStrictEqual(miner?.resources, { requests: { ...of, ...logs }, limits: { ...of, ...room(2048) } });
    deepStrictEqual(poet?.resources, {
      requests: { ...of, cpu: "2", ...logs },
      limits: { ...of, cpu: "2", ...room(1024) },
    });
    for (const name of ["miner-1", "miner-4", "poet-1", "bootstrap"]) {
      const pod = await podOf(name);
      strictEqual(pod.automountServiceAccountToken, false);
      strictEqual(pod.enableServiceLinks, false);
      for (const { securityContext, resources, name: container } of [
        ...pod.containers,
        ...(pod.initContainers ?? []),
      ]) {
        strictEqual(securityContext?.allowPrivilegeEscalation, false, container);
        deepStrictEqual(securityContext?.capabilities?.drop, ["ALL"], container);
        ok(resources?.requests && resources.limits, container);
      }
    }
    strictEqual((await podOf("miner-1")).terminationGracePeriodSeconds, 40);
  });

  it("is judged ready by its API, and never killed for its health", async () => {
    const [miner] = (await podOf("miner-1")).containers;
    strictEqual(miner?.livenessProbe, undefined);
    deepStrictEqual(miner?.readinessProbe?.httpGet, { path: "/spacemesh.v2beta1.NodeService/Status", port: 9095 });
    strictEqual(miner?.startupProbe?.tcpSocket?.port, 9092);
  });
});

describe("the pod of a poet", () => {
  it("has its own key in its environment", async () => {
    for (const number of [1, 2]) {
      const [poet] = (await podOf(`poet-${number}`, { poets: 2 })).containers;
      deepStrictEqual(poet?.env?.[0]?.valueFrom?.secretKeyRef, { name: "network-keys", key: `poet-${number}` });
    }
  });
});

describe("what is made once", () => {
  const make = async (api = new MemoryApi(), changes = {}) => ({
    api,
    made: await makeOnce(api, kubernetesSpec(changes), NOW),
  });
  const [SECRET, TAP, CONFIG] = ["secrets/network-keys", "secrets/tap-key", "configmaps/network"].map(
    (at) => `/api/v1/namespaces/v1-2-3-1/${at}`,
  ) as [string, string, string];

  it("is immutable: first keys, then what follows from them", async () => {
    const { api } = await make();
    deepStrictEqual(api.calls, [`create ${SECRET}`, `create ${TAP}`, `create ${CONFIG}`]);
    for (const path of [SECRET, TAP, CONFIG]) strictEqual((api.objects.get(path) as V1Secret).immutable, true);
  });

  it("puts genesis after the delay, in whole seconds", async () =>
    strictEqual((await make()).made.genesisTime, "2026-11-28T07:01:06Z"));

  it("is what the first run made, at any later time and with other settings", async () => {
    const { api, made } = await make();
    const later = await makeOnce(api, kubernetesSpec({ genesisDelay: 9, layerDuration: 7 }), NOW + 1e9);
    deepStrictEqual(later, made);
    strictEqual(api.calls.length, 3);
  });

  it("goes on from keys that were made before a crash", async () => {
    const first = await make();
    first.api.objects.delete(CONFIG);
    const { made } = await make(first.api);
    deepStrictEqual([made.keys, made.tap], [first.made.keys, first.made.tap]);
  });

  it("is what the faster of two runs made", async () => {
    const other = await make();
    const slow = new MemoryApi();
    for (const path of [SECRET, CONFIG]) {
      slow.objects.set(TAP, other.api.objects.get(TAP) as object);
      const folder = path.slice(0, path.lastIndexOf("/"));
      const before = () => void slow.objects.set(path, other.api.objects.get(path) as object);
      slow.refusals.set(`create ${folder}`, { status: 409, before });
    }
    deepStrictEqual((await make(slow)).made, other.made);
  });

  it("gives the beacon of the second epoch to all nodes", async () => {
    const { api, made } = await make();
    const { data = {} } = api.objects.get(CONFIG) as V1ConfigMap;
    const { version, data: told } = JSON.parse(data["epoch-2-update-bc"] ?? "");
    strictEqual(version, "https://spacemesh.io/bootstrap.schema.json.1.0");
    deepStrictEqual(told, { epoch: { number: 2, beacon: made.genesisId.slice(0, 8) } });
    strictEqual(made.genesisId.length, 40);
  });

  it("keeps private keys in the Secrets alone", async () => {
    const { api, made } = await make();
    const secrets = [SECRET, TAP].map((path) => (api.objects.get(path) as V1Secret).data ?? {});
    const keys = secrets.flatMap(Object.values<string>).flatMap((key) => {
      const text = Buffer.from(key, "base64").toString();
      return [key, text];
    });
    ok(keys.length > 15);
    const others = JSON.stringify([made, api.objects.get(CONFIG), networkObjects(made)]);
    for (const key of keys) ok(!others.includes(key));
  });

  it("is refused when it is damaged", async () => {
    const { api } = await make();
    const map = api.objects.get(CONFIG) as V1ConfigMap;
    for (const key of ["spec.json", "genesis-time", "config.json"]) {
      api.objects.set(CONFIG, { ...map, data: { ...map.data, [key]: "" } });
      const error = await make(api).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      match(error?.message ?? "", /ConfigMap network in the namespace v1-2-3-1 is damaged/, key);
    }
  });
});

describe("metadata", () => {
  it("has the tag as an annotation, and as a version without its plus sign", () => {
    const { labels, annotations } = metadata(kubernetesSpec(), "miner-1", "node");
    strictEqual(annotations["smeshnet/build-tag"], "v1.2.3+1");
    strictEqual(labels["app.kubernetes.io/version"], "v1.2.3-b1");
    for (const value of Object.values(labels)) match(String(value), /^[\w.-]{1,63}$/);
    deepStrictEqual(podLabels("miner-12"), { name: "miner-12", app: "miner" });
  });
});
