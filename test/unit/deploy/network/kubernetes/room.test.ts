import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import type { V1Node, V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import fc from "fast-check";
import { sumOf } from "../../../../../infra/base/model/demand";
import { demandsOf, requireQuota, requireRoom, wantedOf } from "../../../../../infra/deploy/network/kubernetes/room";
import { demandIn } from "../../../../../infra/doctor/demand";
import { MemoryApi } from "../../../../support/kubernetes-api";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";
import { settingsWith } from "../../../../support/settings";

const MIB = 2 ** 20;
const machine = (cpu: string, memory = "64Gi", pods = "110"): V1Node => ({
  metadata: { name: "a" },
  status: { allocatable: { cpu, memory, pods } },
});
const SPEC = kubernetesSpec();

describe("what the driver wants of a cluster", () => {
  it("are nodes, poets and what stands around them", () =>
    deepStrictEqual(wantedOf(kubernetesSpec()), {
      cpu: 4 * 1.3 + 1 + 0.5,
      memory: 4 * 1600 * MIB + 2048 * MIB,
      limits: { cpu: 4 * 1.3 + 1 + 4, memory: 4 * 1600 * MIB + 3584 * MIB },
      pods: 15,
      deployments: 10,
      claims: 6,
      storage: 51 * 1024 * MIB,
      services: 12,
    }));

  it("are no disks when nodes keep nothing", () => {
    const { claims, storage } = wantedOf(kubernetesSpec({ storageClass: "none" }));
    deepStrictEqual([claims, storage], [0, 0]);
  });

  it("is what the doctor says, for all settings", () => {
    const size = fc.record({
      cpu: fc.constantFrom("500m", "1300m", "2"),
      memory: fc.constantFrom("512Mi", "1600Mi", "2Gi"),
      disk: fc.constantFrom("1Gi", "10G"),
    });
    const all = fc.record({
      miners: fc.integer({ min: 3, max: 200 }),
      poets: fc.integer({ min: 1, max: 9 }),
      resources: fc.record({ node: size, poet: size }),
      storageClass: fc.constantFrom("none", "default", "fast"),
      tls: fc.boolean(),
    });
    fc.assert(
      fc.property(all, (changes) => {
        const doctors = demandIn(settingsWith({ driver: "kubernetes", kubeContext: "here", bootnodes: 1, ...changes }));
        const spec = kubernetesSpec(changes);
        deepStrictEqual(demandsOf(spec), doctors);
        const { cpu, memory, pods, storage } = wantedOf(spec);
        deepStrictEqual({ cpu, memory, pods, disk: storage }, sumOf(doctors));
      }),
      { numRuns: 60 },
    );
  });
});

describe("requireRoom", () => {
  const look = async (nodes: V1Node[] | number, pods: V1Pod[] | number = [], changes = {}) => {
    const api = new MemoryApi();
    for (const [path, list] of Object.entries({ "/api/v1/nodes": nodes, "/api/v1/pods": pods }))
      if (typeof list === "number") api.refusals.set(`list ${path}`, { status: list });
      else api.lists.set(path, list);
    const said: string[] = [];
    await requireRoom(api, kubernetesSpec(changes), { say: (line) => void said.push(line) });
    return said;
  };
  const pod = (cpu: string, phase = "Running"): V1Pod => ({
    spec: { nodeName: "a", containers: [{ name: "x", resources: { requests: { cpu } } }] },
    status: { phase },
  });

  it("is silent when all is there", async () => deepStrictEqual(await look([machine("8")]), []));

  it("refuses a cluster that lacks something, with the numbers", async () => {
    await rejects(
      look([machine("6")]),
      /no room for v1\.2\.3\+1: the network wants 6\.7 cores, the cluster has 6 cores/,
    );
    await rejects(look([machine("8", "4Gi")]), /wants 8\.3 GiB of memory, the cluster has 4 GiB/);
    await rejects(look([machine("8", "64Gi", "13")]), /wants 15 pods, the cluster has room for 13/);
    await rejects(look([]), /the cluster has 0 cores/);
  });

  it("counts what others have requested, but not what is over", async () => {
    await rejects(look([machine("8")], [pod("2")]), /wants 6\.7 cores, the cluster has free 6 cores/);
    deepStrictEqual(await look([machine("8")], [pod("2", "Succeeded"), pod("2", "Failed")]), []);
  });

  it("goes on without knowing, when exposure needs no machines", async () => {
    const [line = ""] = await look(403, [], { exposure: "loadBalancer" });
    match(line, /is not known: the account may not list its nodes and pods/);
    match((await look([machine("1")], 403))[0] ?? "", /is not known/);
    await rejects(look(403), /may not list the cluster's machines/);
    await rejects(look(500), /refused/);
  });
});

describe("requireQuota", () => {
  const quota = (hard: Record<string, string>, used: Record<string, string> = {}): V1ResourceQuota => ({
    metadata: { name: "small" },
    spec: { hard },
    status: { used },
  });
  const look = (quotas: V1ResourceQuota[], changes = {}) => {
    const api = new MemoryApi();
    api.lists.set("/api/v1/namespaces/v1-2-3-1/resourcequotas", quotas);
    return requireQuota(api, kubernetesSpec(changes));
  };

  /** Each key, the least that is enough for 4 nodes and a poet, and a little less. */
  const LEAST: readonly [key: string, enough: string, less: string][] = [
    ...["cpu", "requests.cpu"].map((key) => [key, "6700m", "6699m"] as const),
    ["limits.cpu", "10200m", "10199m"],
    ...["memory", "requests.memory"].map((key) => [key, "8448Mi", "8447Mi"] as const),
    ["limits.memory", "9984Mi", "9983Mi"],
    ...["pods", "count/pods"].map((key) => [key, "15", "14"] as const),
    ["count/deployments.apps", "10", "9"],
    ...["services", "count/services"].map((key) => [key, "12", "11"] as const),
    ...["persistentvolumeclaims", "count/persistentvolumeclaims"].map((key) => [key, "6", "5"] as const),
    ["requests.storage", "51Gi", "50Gi"],
    ["services.loadbalancers", "1", "0"],
    ["services.nodeports", "15", "14"],
  ].map(([key = "", enough = "", less = ""]) => [key, enough, less] as const) as [string, string, string][];

  for (const [key, enough, less] of LEAST)
    it(`takes ${enough} of ${key}, and not ${less}`, async () => {
      await look([quota({ [key]: enough })]);
      await rejects(look([quota({ [key]: less })]), (error: Error) => error.message.includes(key));
      await rejects(look([quota({ [key]: enough }, { [key]: "1" })]), /QuotaTooSmall|has no room/);
    });

  it("counts load balancers where nodes have them, and leaves out what it does not know", async () => {
    await look([quota({ "services.loadbalancers": "6", "count/jobs.batch": "0" })], { exposure: "loadBalancer" });
    await rejects(look([quota({ "services.loadbalancers": "5" })], { exposure: "loadBalancer" }), /loadbalancers/);
    await look([quota({ "services.nodeports": "2", "services.loadbalancers": "1" })], { exposure: "none" });
    await rejects(look([quota({ "services.nodeports": "1" })], { exposure: "none" }), /wants 2/);
  });

  it("goes on when it may not list quotas", async () => {
    const api = new MemoryApi();
    api.refusals.set("list /api/v1/namespaces/v1-2-3-1/resourcequotas", { status: 403 });
    strictEqual(await requireQuota(api, SPEC), undefined);
  });
});
