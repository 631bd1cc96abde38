import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { type Machine, requestsOf, type TakingPod } from "../../../infra/base/clients/kubernetes/room";
import { sumOf } from "../../../infra/base/model/demand";
import { judgeCapacity } from "../../../infra/doctor/capacity";
import { demandIn } from "../../../infra/doctor/demand";
import { lineOf } from "../../../infra/doctor/run";
import { settingsWith } from "../../support/settings";

const GIB = 2 ** 30;
const DEMAND = demandIn(settingsWith({ driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2 }));

const machine = (name: string, cpu: string, memory: string, more: Partial<Machine["spec"]> = {}): Machine => ({
  metadata: { name },
  spec: more,
  status: { allocatable: { cpu, memory, pods: "110" } },
});
const pod = (nodeName: string | undefined, cpu: string, memory: string): TakingPod => ({
  spec: { nodeName, containers: [{ resources: { requests: { cpu, memory } } }] },
});
const states = (machines: readonly Machine[], pods: readonly TakingPod[] | undefined) =>
  judgeCapacity(DEMAND, machines, pods).map(lineOf);

describe("the room of a cluster", () => {
  it("is enough", () => {
    deepStrictEqual(states([machine("a", "8", "16Gi"), machine("b", "8", "16Gi")], []), [
      "ok   cluster.resources: the network wants 6.7 cores, 8.3 GiB and 15 pods, 2 machines have 16 cores, 32 GiB and 220 pods free",
    ]);
  });

  it("can never be enough: of each resource that is short in a line", () => {
    deepStrictEqual(states([machine("a", "2", "4Gi")], []), [
      "fail cluster.resources: the network wants 6.7 cores, the cluster has 2 cores (Add machines, or lower smeshnet:miners or smeshnet:resources)",
      "fail cluster.resources: the network wants 8.3 GiB of memory, the cluster has 4 GiB (Add machines, or lower smeshnet:miners or smeshnet:resources)",
    ]);
  });

  it("is short now, since other pods take it", () => {
    deepStrictEqual(states([machine("a", "8", "16Gi")], [pod("a", "4", "1Gi"), pod(undefined, "100", "1Gi")]), [
      "warn cluster.resources: the network wants 6.7 cores, the cluster has free 4 cores (Add machines, remove other pods, or let the cluster's autoscaler add machines)",
    ]);
  });

  it("is in pieces too small for a node", () => {
    const many = Array.from({ length: 20 }, (_, i) => machine(`m${i}`, "1", "4Gi"));
    deepStrictEqual(states(many, []), [
      "fail cluster.resources: one node wants 1.3 cores and 1.6 GiB, and no machine is so large (Add machines, or lower smeshnet:miners or smeshnet:resources)",
    ]);
    const taken = Array.from({ length: 4 }, (_, i) => pod(`m${i}`, "1", "1Gi"));
    const four = Array.from({ length: 4 }, (_, i) => machine(`m${i}`, "3", "4Gi"));
    ok(
      states([...four], taken)[0]?.startsWith(
        "warn cluster.resources: the network wants 6.7 cores, 8.3 GiB and 15 pods, and what",
      ),
    );
  });

  it("does not count machines that take no pods", () => {
    const cordoned = machine("a", "64", "64Gi", { unschedulable: true });
    const master = machine("b", "64", "64Gi", {
      taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
    });
    deepStrictEqual(states([cordoned, master], []), [
      "fail cluster.resources: the cluster has no machine that takes pods (Add machines)",
    ]);
    const busy = machine("c", "64", "64Gi", { taints: [{ key: "busy", effect: "PreferNoSchedule" }] });
    strictEqual(judgeCapacity(DEMAND, [cordoned, busy], [])[0]?.state, "ok");
  });

  it("is judged as far as it can be when other pods may not be listed", () => {
    const [line = ""] = states([machine("a", "64", "64Gi")], undefined);
    ok(line.startsWith("ok ") && line.endsWith("; not proven: what other pods take of that"), line);
  });

  it("is never said to be enough when the sum is not", () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 0, max: 16 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(sizes, (all) => {
        const machines = all.map(([cpu, memory], i) => machine(`m${i}`, `${cpu}m`, `${memory}Gi`));
        const [{ state } = { state: "none" }] = judgeCapacity(DEMAND, machines, []);
        const wanted = sumOf(DEMAND);
        const isEnough =
          all.reduce((sum, [cpu]) => sum + cpu / 1000, 0) >= wanted.cpu &&
          all.reduce((sum, [, memory]) => sum + memory * GIB, 0) >= wanted.memory;
        if (!isEnough) strictEqual(state, "fail");
      }),
    );
  });
});

describe("the requests of a pod", () => {
  const container = (cpu: string, restartPolicy?: string) => ({
    resources: { requests: { cpu, memory: "1Gi" } },
    restartPolicy,
  });

  it("are those of its containers and sidecars together, and its overhead", () => {
    const spec = {
      containers: [container("1"), container("500m")],
      initContainers: [container("250m", "Always")],
      overhead: { cpu: "100m" },
    };
    deepStrictEqual(requestsOf({ spec }), { cpu: 1.85, memory: 3 * GIB });
  });

  it("are those of an init container that wants more", () => {
    const spec = { containers: [container("1")], initContainers: [container("4")] };
    deepStrictEqual(requestsOf({ spec }), { cpu: 4, memory: GIB });
  });
});
