import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import type { V1Deployment, V1Namespace } from "@kubernetes/client-node";
import { runWith } from "../../../../../infra/base/lib/run";
import { kubernetesDriver } from "../../../../../infra/deploy/network/kubernetes/driver";
import { genesisIdOf } from "../../../../../infra/deploy/network/kubernetes/genesis-id";
import type { World } from "../../../../../infra/deploy/network/kubernetes/world";
import { openWallet } from "../../../../../tap/chain/wallet";
import { refusesLater } from "../../../../support/errors";
import { MemoryApi } from "../../../../support/kubernetes-api";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";
import { QuickClock } from "../../../../support/late-kv";
import { MemoryStore } from "../../../../support/memory-store";

const NAMESPACE = "/api/v1/namespaces/v1-2-3-1";
const SYSTEM = "/api/v1/namespaces/kube-system";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/v1-2-3-1/deployments";
const OWNER = "smeshnet/build-tag";

/** A cluster in which whatever is made is ready at once. */
class Cluster extends MemoryApi {
  /** Deployments that are never ready. */
  readonly broken = new Set<string>();

  constructor() {
    super();
    this.objects.set("/version", { major: "1", minor: "33+" });
    this.objects.set(SYSTEM, { metadata: { uid: "cluster-1" } });
    const allocatable = { cpu: "64", memory: "256Gi", pods: "110" };
    const addresses = [{ type: "ExternalIP", address: "203.0.113.1" }];
    this.lists.set("/api/v1/nodes", [{ metadata: { name: "a" }, status: { allocatable, addresses } }]);
  }

  override async list<T extends object>(path: string): Promise<T[]> {
    if (path !== DEPLOYMENTS && !path.endsWith("/services")) return super.list(path);
    const found = [...this.objects].flatMap(([at, one]) => (at.startsWith(`${path}/`) ? [one] : []));
    const ready = { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 };
    return found.map((one) => {
      if (path === DEPLOYMENTS)
        return { ...one, status: this.broken.has((one as V1Deployment).metadata?.name ?? "") ? {} : ready };
      const { spec } = one as { spec: { ports: object[] } };
      return { ...one, spec: { ...spec, ports: spec.ports.map((port, i) => ({ ...port, nodePort: 30_000 + i })) } };
    }) as T[];
  }

  override async apply<T extends object>(path: string, object: T): Promise<T> {
    const before = this.objects.get(path) as V1Namespace | undefined;
    const { metadata } = object as V1Namespace;
    return super.apply(path, { ...before, ...object, metadata: { ...before?.metadata, ...metadata } });
  }

  override async create<T extends object>(path: string, object: T): Promise<T> {
    const { metadata } = object as V1Namespace;
    return super.create(path, { ...object, metadata: { ...metadata, uid: "uid-1" } });
  }
}

const play = (api: Cluster, told: Partial<Record<string, { genesisId?: string; peers?: number }>> = {}) => {
  const said: string[] = [];
  const run = runWith({ clock: new QuickClock(), say: (line) => void said.push(line) });
  const id = () => {
    const { data } = api.objects.get(`${NAMESPACE}/configmaps/network`) as { data: Record<string, string> };
    return genesisOf(data["genesis-time"] ?? "");
  };
  const world: World = {
    open: async () => ({ api, kubeconfig: "the way in" }),
    ask: async ({ name }) => ({ genesisId: id(), peers: 3, ...told[name] }),
  };
  const driver = kubernetesDriver(new MemoryStore(), world);
  return { driver, run, said };
};
const genesisOf = (time: string): string => genesisIdOf(time, "v1.2.3+1").id;
const SPEC = kubernetesSpec({ networkTimeout: 60 });
const namespaceIn = (api: Cluster) => api.objects.get(NAMESPACE) as V1Namespace;
const completedIn = (api: Cluster) => namespaceIn(api).metadata?.annotations?.["smeshnet/completed"];

describe("up", () => {
  it("makes everything in its order, and marks it complete last", async () => {
    const api = new Cluster();
    const { driver, run } = play(api);
    const { facts, kubeconfig } = await driver.up(SPEC, run);
    const kinds = api.calls.map((call) => call.replace(NAMESPACE, "").replace(DEPLOYMENTS, ""));
    deepStrictEqual(kinds.slice(0, 5), [
      "create ",
      "create /secrets/network-keys",
      "create /secrets/tap-key",
      "create /configmaps/network",
      "apply /apis/networking.k8s.io/v1/namespaces/v1-2-3-1/networkpolicies/default-deny",
    ]);
    const at = (what: string) => kinds.findIndex((one) => one.startsWith(`apply ${what}`));
    ok(at("/services/miner-1") < at("/poet-1") && at("/poet-1") < at("/miner-1"));
    strictEqual(kinds.at(-1), "apply ");
    ok(completedIn(api));
    deepStrictEqual([facts.namespace, facts.nodes.length, kubeconfig], ["v1-2-3-1", 4, "the way in"]);
  });

  it("refuses a tap for a network that was made without one, and takes that network as it is otherwise", async () => {
    const without = kubernetesSpec({ networkTimeout: 60, tap: "none" });
    const api = new Cluster();
    const { facts } = await play(api).driver.up(without, play(api).run);
    strictEqual(facts.tap, undefined);
    const made = JSON.stringify([...api.objects]);
    doesNotMatch(made, /tap-key|tap-address/);
    const { driver, run } = play(api);
    await refusesLater(driver.up(SPEC, run), "TapMissing", { names: ["v1.2.3+1", "SMESHNET_TAP=none"] });
    await refusesLater(driver.preflight(SPEC, run), "TapMissing");
    strictEqual(JSON.stringify([...api.objects]), made);
    deepStrictEqual((await driver.up(without, run)).facts, facts);
  });

  it("fills the account of the tap at genesis, for nodes and for joiners, and tells its address", async () => {
    const api = new Cluster();
    const { facts } = await play(api).driver.up(SPEC, play(api).run);
    ok(facts.tap);
    const { data } = api.objects.get(`${NAMESPACE}/configmaps/network`) as { data: Record<string, string> };
    for (const text of [data["config.json"] ?? "", facts.nodeConfig])
      strictEqual(JSON.parse(text).genesis.accounts[facts.tap], 1e15);
    const { data: secret } = api.objects.get(`${NAMESPACE}/secrets/tap-key`) as { data: Record<string, string> };
    const seed = Buffer.from(secret.seed ?? "", "base64").toString();
    strictEqual(openWallet(seed, { hrp: "stest", genesisId: "" }).address, facts.tap);
    strictEqual(JSON.stringify(facts).includes(seed), false);
  });

  it("changes nothing the next time", async () => {
    const api = new Cluster();
    await play(api).driver.up(SPEC, play(api).run);
    const count = api.calls.length;
    const { driver, run, said } = play(api);
    await driver.up(SPEC, run);
    strictEqual(api.calls.length, count);
    deepStrictEqual(said, ["adopt: v1-2-3-1 is complete and ours"]);
  });

  it("makes nothing when the PriorityClass of the settings is missing", async () => {
    const spec = kubernetesSpec({ networkTimeout: 60, priorityClass: "networks" });
    const api = new Cluster();
    await rejects(play(api).driver.up(spec, play(api).run), /There is no PriorityClass networks/);
    await rejects(play(api).driver.preflight(spec, play(api).run), /There is no PriorityClass networks/);
    deepStrictEqual(api.calls, []);
    const path = "/apis/scheduling.k8s.io/v1/priorityclasses/networks";
    const unseen = new Cluster();
    unseen.refusals.set(`find ${path}`, { status: 403 });
    api.objects.set(path, {});
    for (const one of [api, unseen]) {
      await play(one).driver.up(spec, play(one).run);
      strictEqual(
        (one.objects.get(`${DEPLOYMENTS}/miner-1`) as V1Deployment).spec?.template.spec?.priorityClassName,
        "networks",
      );
    }
  });

  it("makes a namespace that takes harmless pods only", async () => {
    const api = new Cluster();
    const { driver, run } = play(api);
    await driver.up(SPEC, run);
    const { labels = {} } = namespaceIn(api).metadata ?? {};
    for (const mode of ["enforce", "warn", "audit"]) {
      strictEqual(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
      match(labels[`pod-security.kubernetes.io/${mode}-version`] ?? "", /^v1\.\d+$/);
    }
  });

  it("keeps a network whose namespace was made before there were such labels, and does not label it", async () => {
    const api = new Cluster();
    await play(api).driver.up(SPEC, play(api).run);
    const { labels: _, ...metadata } = namespaceIn(api).metadata ?? {};
    const before = {
      ...namespaceIn(api),
      metadata: { ...metadata, labels: { "app.kubernetes.io/managed-by": "smeshnet" } },
    };
    api.objects.set(NAMESPACE, before);
    const { driver, run, said } = play(api);
    await driver.up(SPEC, run);
    deepStrictEqual(said, ["adopt: v1-2-3-1 is complete and ours"]);
    deepStrictEqual(namespaceIn(api), before);
  });

  it("makes no node before the poets are ready", async () => {
    const api = new Cluster();
    api.broken.add("poet-1");
    const { driver, run } = play(api);
    await rejects(driver.up(SPEC, run), /the poets of v1\.2\.3\+1/);
    ok(!api.calls.some((call) => call.includes(`${DEPLOYMENTS}/miner`)));
    strictEqual(completedIn(api), undefined);
  });

  it("does not mark what is not complete: a node of another genesis, and one without peers", async () => {
    for (const [told, words] of [
      [{ "miner-2": { genesisId: "f".repeat(40) } }, /miner-2 has the genesis id ffff/],
      [{ "miner-3": { peers: 0 } }, /miner-3 without peers/],
    ] as const) {
      const api = new Cluster();
      const { driver, run } = play(api, told);
      await rejects(driver.up(SPEC, run), words);
      strictEqual(completedIn(api), undefined);
    }
  });

  it("leaves a namespace of somebody else as it is", async () => {
    for (const annotations of [{}, { [OWNER]: "v9.9.9+9" }]) {
      const api = new Cluster();
      api.objects.set(NAMESPACE, { metadata: { uid: "uid-9", annotations } });
      const { driver, run } = play(api);
      await rejects(driver.up(SPEC, run), /It was left alone/);
      await rejects(driver.down(SPEC, run), /It was left alone/);
      deepStrictEqual(api.calls, []);
      strictEqual(await driver.kubeconfig(SPEC, run), undefined);
      deepStrictEqual(await driver.leftovers(SPEC, run), []);
    }
  });

  it("removes its own empty namespace when its quota is too small, and never a prepared one", async () => {
    const quotas = `${NAMESPACE}/resourcequotas`;
    const quota = { metadata: { name: "small" }, spec: { hard: { pods: "1" } } };
    const api = new Cluster();
    api.lists.set(quotas, [quota]);
    await rejects(play(api).driver.up(SPEC, play(api).run), /The quota of the namespace/);
    deepStrictEqual(api.calls, [`create ${NAMESPACE}`, `remove ${NAMESPACE} uid-1`]);
    const prepared = new Cluster();
    prepared.lists.set(quotas, [quota]);
    prepared.objects.set(NAMESPACE, { metadata: { uid: "uid-9", annotations: { [OWNER]: "v1.2.3+1" } } });
    await rejects(play(prepared).driver.up(SPEC, play(prepared).run), /The quota of the namespace/);
    deepStrictEqual(prepared.calls, []);
  });

  it("refuses a cluster that is too old, and one that is another", async () => {
    const api = new Cluster();
    api.objects.set("/version", { major: "1", minor: "24+" });
    await rejects(play(api).driver.up(SPEC, play(api).run), /has Kubernetes 1\.24\+, and 1\.25 is needed/);
    const moved = new Cluster();
    const { driver, run } = play(moved);
    await driver.up(SPEC, run);
    moved.objects.set(SYSTEM, { metadata: { uid: "cluster-2" } });
    await rejects(
      driver.up(SPEC, run),
      /leads to the cluster cluster-2, and v1\.2\.3\+1 was made in the cluster cluster-1/,
    );
    await rejects(driver.down(SPEC, run), /leads to the cluster cluster-2/);
    moved.objects.set(SYSTEM, { metadata: { uid: "cluster-1" } });
    await driver.down(SPEC, run);
    moved.objects.set(SYSTEM, { metadata: { uid: "cluster-2" } });
    await driver.down(SPEC, run); // it was removed, so that it may be made anywhere
  });
});

describe("down", () => {
  it("deletes the namespace that it saw, and no other one of its name", async () => {
    const api = new Cluster();
    const { driver, run } = play(api);
    await driver.up(SPEC, run);
    await driver.down(SPEC, run);
    strictEqual(api.calls.at(-1), `remove ${NAMESPACE} uid-1`);
    await driver.down(SPEC, run);
    strictEqual(api.calls.filter((call) => call.startsWith("remove")).length, 1);
  });

  it("takes it as done when another one has its name by then, and names what holds it otherwise", async () => {
    const api = new Cluster();
    const { driver, run } = play(api);
    await driver.up(SPEC, run);
    const mine = namespaceIn(api);
    const other = { metadata: { uid: "uid-2", annotations: { [OWNER]: "v1.2.3+1" } } };
    api.refusals.set(`remove ${NAMESPACE}`, { status: 409, before: () => void api.objects.set(NAMESPACE, other) });
    await driver.down(SPEC, run);
    strictEqual(namespaceIn(api).metadata?.uid, "uid-2");
    const conditions = [{ type: "NamespaceFinalizersRemaining", status: "True", message: "a finalizer remains" }];
    api.objects.set(NAMESPACE, { ...mine, status: { conditions } });
    api.refusals.set(`remove ${NAMESPACE}`, { status: 409 });
    await rejects(driver.down(SPEC, run), /a finalizer remains/);
    api.refusals.set(`remove ${NAMESPACE}`, { status: 403 });
    await rejects(driver.down(SPEC, run), /Namespace v1-2-3-1 cannot be removed/);
  });
});

describe("leftovers and inventory", () => {
  it("name the namespace, and how to delete it", async () => {
    const api = new Cluster();
    const { driver, run } = play(api);
    await driver.up(SPEC, run);
    const [left] = await driver.leftovers(SPEC, run);
    match(left?.what ?? "", /kubectl --context test delete namespace v1-2-3-1/);
    strictEqual(left?.stays, true);
    const query = "/api/v1/namespaces?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dsmeshnet";
    api.lists.set(query, [
      { metadata: { name: "a", annotations: { [OWNER]: "v1.2.3+1" } }, status: { phase: "Terminating" } },
      { metadata: { name: "of-somebody-else" } },
    ]);
    const { kubeContext } = { kubeContext: "test" };
    const found = await driver.inventory({ kubeContext } as Parameters<typeof driver.inventory>[0], run);
    deepStrictEqual(
      found.map(({ name, tag, isHeld }) => [name, tag, isHeld]),
      [["a", "v1.2.3+1", true]],
    );
  });
});

describe("a spec of another driver", () => {
  it("is refused", async () => {
    const { kubernetes: _, ...other } = SPEC;
    const { driver, run } = play(new Cluster());
    await refusesLater(driver.up(other, run), "DriverOther");
  });
});
