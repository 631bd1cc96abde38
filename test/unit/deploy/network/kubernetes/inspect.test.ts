import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import type { V1ContainerStatus, V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import { factsIn, inspect, progressOf } from "../../../../../infra/deploy/network/kubernetes/inspect";
import type { Listed } from "../../../../../infra/deploy/network/kubernetes/listed";
import { makeOnce } from "../../../../../infra/deploy/network/kubernetes/made";
import { OWNER } from "../../../../../infra/deploy/network/kubernetes/names";
import { troublesOf } from "../../../../../infra/deploy/network/kubernetes/troubles";
import { MemoryApi, NOW } from "../../../../support/kubernetes-api";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const SPEC = kubernetesSpec();
const NAMES = ["bootstrap", "poet-1", "miner-1", "miner-2", "miner-3", "miner-4"];
const READY = { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 1 };

const deployment = (name: string, status: V1Deployment["status"] = READY): V1Deployment => ({
  metadata: { name, generation: 2 },
  spec: { replicas: 1, selector: {}, template: {} },
  status,
});
const container = (name: string, more: Partial<V1ContainerStatus> = {}): V1ContainerStatus => ({
  ...{ name, image: "", ready: true, restartCount: 0 },
  imageID: `docker.io/spacemeshos/go-spacemesh@sha256:${"5".repeat(64)}`,
  ...more,
});
const pod = (name: string, containers: V1ContainerStatus[], more: V1Pod["metadata"] = {}): V1Pod => ({
  metadata: { labels: { name }, ...more },
  status: { phase: "Running", containerStatuses: containers },
});
const service = (name: string, type = "NodePort"): V1Service => ({
  metadata: { name },
  spec: {
    type,
    ports: ["p2p", "grpcport", "jsonport", "restport"].map((port, i) => ({ name: port, port: 1, nodePort: 30000 + i })),
  },
});
const whole = (changes: Partial<Listed> = {}): Listed => ({
  deployments: NAMES.map((name) => deployment(name)),
  services: NAMES.map((name) => service(name)),
  pods: NAMES.filter((name) => name.startsWith("miner")).map((name) => pod(name, [container("miner")])),
  nodes: [{ status: { addresses: [{ type: "ExternalIP", address: "203.0.113.1" }] } }],
  ...changes,
});
const missing = (changes: Partial<Listed>) => progressOf(whole(changes), SPEC).missing;
/** A whole network, with another status of one of its Deployments, and its pod. */
const but = (name: string, status: V1Deployment["status"], one?: V1Pod): Partial<Listed> => ({
  deployments: NAMES.map((each) => deployment(each, each === name ? status : READY)),
  pods: one ? [one] : [],
});
const CRASHING = container("stats", {
  ready: false,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode: 1 } },
});

describe("progressOf", () => {
  it("is complete with all that was made", () => {
    const { missing: lacks, ...numbers } = progressOf(whole(), SPEC);
    deepStrictEqual(lacks, []);
    deepStrictEqual(numbers, { miners: 4, readyMiners: 4, poets: 1, readyPoets: 1 });
  });

  it("counts only the newest state of a Deployment", () => {
    for (const status of [
      {},
      { ...READY, observedGeneration: 1 },
      { ...READY, readyReplicas: 0 },
      { ...READY, updatedReplicas: 0 },
    ]) {
      deepStrictEqual(missing(but("miner-2", status)), ["3 of 4 nodes ready"]);
      deepStrictEqual(missing(but("poet-1", status)), ["0 of 1 poets ready"]);
      deepStrictEqual(missing(but("bootstrap", status)), ["the server of the first beacon not ready"]);
    }
    deepStrictEqual(missing({ deployments: whole().deployments.slice(1) }), [
      "the server of the first beacon not ready",
    ]);
  });

  it("names Services that are missing, and load balancers without an address", () => {
    deepStrictEqual(missing({ services: whole().services.slice(2) }), ["no service bootstrap", "no service poet-1"]);
    const services = NAMES.map((name) => service(name, name === "miner-3" ? "LoadBalancer" : "NodePort"));
    deepStrictEqual(missing({ services }), ["no address of the load balancer of miner-3"]);
    const balanced = services.map((one) => ({
      ...one,
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } },
    }));
    deepStrictEqual(missing({ services: balanced }), []);
  });

  it("is complete when only the statistics beside the last node fail", () => {
    const unready = { observedGeneration: 2, readyReplicas: 0, updatedReplicas: 1 };
    const last = (node: Partial<V1ContainerStatus>, more: V1Pod["metadata"] = {}) =>
      pod("miner-4", [CRASHING, container("miner", node)], more);
    deepStrictEqual(missing(but("miner-4", unready, last({}))), []);
    ok(missing(but("miner-4", unready, last({ ready: false }))).includes("3 of 4 nodes ready"));
    const onlyStatistics = pod("miner-4", [container("stats"), container("miner", { ready: false })]);
    ok(missing(but("miner-4", unready, onlyStatistics)).includes("3 of 4 nodes ready"));
    ok(missing(but("miner-4", unready, last({}, { deletionTimestamp: new Date() }))).length > 0);
    ok(missing(but("miner-4", { ...unready, observedGeneration: 1 }, last({}))).length > 0);
    ok(missing(but("miner-3", unready, last({}))).length > 0, "another node's pod proves nothing");
    ok(missing(but("poet-1", unready, pod("poet-1", [CRASHING, container("poet")]))).length > 0);
    deepStrictEqual(troublesOf([last({})]), ["miner-4: container stats: CrashLoopBackOff (exit code 1)"]);
  });

  it("says why pods do not run", () => {
    const lacks = missing(but("miner-2", {}, pod("miner-2", [{ ...CRASHING, name: "miner" }])));
    deepStrictEqual(lacks, ["3 of 4 nodes ready", "miner-2: CrashLoopBackOff (exit code 1)"]);
  });
});

describe("troublesOf", () => {
  it("puts the same trouble of several pods into one phrase", () => {
    const waits = (name: string, reason: string, message?: string) =>
      pod(name, [container("miner", { state: { waiting: { reason, message } } })]);
    deepStrictEqual(
      troublesOf([
        waits("miner-3", "ErrImagePull", "no such\nimage"),
        waits("miner-1", "ErrImagePull", "no such\nimage"),
        waits("miner-2", "ContainerCreating"),
        { metadata: { labels: { name: "miner-5" }, deletionTimestamp: new Date() }, status: waits("", "Any").status },
      ]),
      ["miner-1 and 1 more: ErrImagePull (no such image)"],
    );
  });

  it("tells of init containers, and of pods that no machine takes, in 160 characters", () => {
    const initContainerStatuses = [container("keys", { state: { waiting: { reason: "CreateContainerError" } } })];
    deepStrictEqual(troublesOf([{ metadata: { labels: { name: "miner-1" } }, status: { initContainerStatuses } }]), [
      "miner-1: container keys: CreateContainerError",
    ]);
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available".repeat(20) }];
    const [line = ""] = troublesOf([{ metadata: { name: "poet-1-x" }, status: { conditions } }]);
    match(line, /^poet-1-x: no machine has room \(0\/3 nodes/);
    ok(line.length < 180);
  });
});

describe("inspect", () => {
  const PATH = "/api/v1/namespaces/v1-2-3-1";
  const namespace = (annotations: Record<string, string> = { [OWNER]: SPEC.tag }) => ({
    metadata: { uid: "uid-1", annotations },
    status: { phase: "Active" },
  });
  const world = async (annotations?: Record<string, string>) => {
    const api = new MemoryApi();
    await makeOnce(api, SPEC, NOW);
    api.objects.set(PATH, namespace(annotations));
    const { deployments, services, pods, nodes } = whole();
    api.lists.set(`/apis/apps/v1/namespaces/v1-2-3-1/deployments`, [...deployments]);
    for (const [kind, list] of Object.entries({ services, pods })) api.lists.set(`${PATH}/${kind}`, [...list]);
    api.lists.set("/api/v1/nodes", [...nodes]);
    return api;
  };

  it("finds nothing where nothing is", async () =>
    deepStrictEqual(await inspect(new MemoryApi(), SPEC), { found: { namespace: "absent" } }));

  it("reads nothing in a namespace of somebody else", async () => {
    const others: Record<string, string>[] = [{}, { [OWNER]: "v1.2.3+2" }];
    for (const annotations of others) {
      const api = await world(annotations);
      const read: string[] = [];
      const find = api.find.bind(api);
      api.find = (path) => {
        read.push(path);
        return find(path);
      };
      const { found, made, listed } = await inspect(api, SPEC);
      ok(found.namespace === "present" && found.uid === "uid-1" && !found.completed);
      deepStrictEqual([made, listed, read], [undefined, undefined, [PATH]]);
    }
  });

  it("finds a complete network, with its facts", async () => {
    const inspection = await inspect(await world({ [OWNER]: SPEC.tag, "smeshnet/completed": "now" }), SPEC);
    const { found } = inspection;
    ok(found.namespace === "present" && found.completed && found.progress.missing.length === 0);
    deepStrictEqual(found.made, { genesisTime: "2026-11-28T07:01:06Z", miners: 4, poets: 1, phaseShift: 15 });
    strictEqual(factsIn(inspection)?.nodes.length, 4);
  });

  it("has no facts of an incomplete network", async () => {
    const api = await world();
    api.lists.set(`${PATH}/services`, []);
    strictEqual(factsIn(await inspect(api, SPEC)), undefined);
  });

  it("goes on when it may not list machines, and stops at any other refusal", async () => {
    const api = await world();
    api.refusals.set("list /api/v1/nodes", { status: 403 });
    deepStrictEqual((await inspect(api, SPEC)).listed?.nodes, []);
    api.refusals.set("list /api/v1/nodes", { status: 500 });
    await rejects(inspect(api, SPEC), /Namespace v1-2-3-1 cannot be read/);
    api.refusals.set(`list ${PATH}/pods`, { status: 403 });
    await rejects(inspect(api, SPEC), /Namespace v1-2-3-1 cannot be read/);
  });
});
