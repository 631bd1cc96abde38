import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert";
import { ApiError } from "../../../../../infra/base/clients/kubernetes/client";
import type { ObjectApi } from "../../../../../infra/base/clients/kubernetes/objects";
import { UserError } from "../../../../../infra/base/lib/errors";
import { runWith } from "../../../../../infra/base/lib/run";
import { kubernetesDriver } from "../../../../../infra/deploy/network/kubernetes/driver";
import { recordWhereabouts, standingIn } from "../../../../../infra/deploy/network/kubernetes/whereabouts";
import type { World } from "../../../../../infra/deploy/network/kubernetes/world";
import { MemoryStore } from "../../../../simulation/archive/memory-store";
import { isRefusal } from "../../../../support/errors";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const SPEC = kubernetesSpec();
const run = runWith();

/** A cluster without namespaces of ours, or none when it is not reached. */
const world = (uid: string | undefined): World => ({
  async open() {
    const find = async (path: string): Promise<unknown> => {
      if (uid === undefined) throw new Error("connect ECONNREFUSED 192.0.2.1:6443");
      if (path === "/version") return { major: "1", minor: "30" };
      return path.endsWith("/kube-system") ? { metadata: { uid } } : undefined;
    };
    return { api: { find } as ObjectApi, kubeconfig: "" };
  },
  ask: () => Promise.reject(new Error("nobody is asked")),
});

const noKubeconfig: World = {
  ...world(undefined),
  open: () => Promise.reject(new UserError("KubeconfigMissing", "There is no kubeconfig.", "Set KUBECONFIG.", 2)),
};

/** A store in which v1.2.3+1 stands in the cluster `old`. */
async function standing(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const entry = { tag: SPEC.tag, cluster: "old", stage: "making", at: "2026-11-28T07:00:00Z" } as const;
  await recordWhereabouts(store, SPEC.namespace, entry);
  return store;
}

describe("a network whose cluster is not reached", () => {
  for (const [what, other, code, exitCode] of [
    ["the context leads to another cluster", world("new"), "ClusterOther", 1],
    ["its API does not answer", world(undefined), "ClusterApiFailed", 1],
    ["there is no kubeconfig", noKubeconfig, "KubeconfigMissing", 2],
  ] as const) {
    it(`is not taken for removed when ${what}, and the error names the way to retire it`, async () => {
      const store = await standing();
      const driver = kubernetesDriver(store, other);
      const names = ['CLUSTER_GONE="old" smeshnet retire v1.2.3+1 --gap REASON'];
      for (const act of ["down", "exists", "leftovers"] as const)
        await driver[act](SPEC, run).then(
          () => ok(false, act),
          (error: unknown) => isRefusal(error, code, { exitCode, names }),
        );
      strictEqual(await standingIn(store, SPEC.namespace), "old");
    });

    it(`is removed when ${what} and the operator names its cluster as gone, and again when it is`, async () => {
      const store = await standing();
      const driver = kubernetesDriver(store, other, "old");
      strictEqual(await driver.exists(SPEC, run), false);
      await driver.down(SPEC, run);
      strictEqual(await standingIn(store, SPEC.namespace), undefined);
      await driver.down(SPEC, run);
      deepStrictEqual(await driver.leftovers(SPEC, run), []);
      strictEqual((await store.list("namespaces/")).length, 2);
    });

    it(`stays when ${what} and the operator names another cluster`, async () => {
      const store = await standing();
      await kubernetesDriver(store, other, "new")
        .down(SPEC, run)
        .then(
          () => ok(false),
          (error: unknown) => isRefusal(error, code, { exitCode }),
        );
      strictEqual(await standingIn(store, SPEC.namespace), "old");
    });
  }

  it("stays when the cluster that is named as gone answers", async () => {
    const store = await standing();
    const driver = kubernetesDriver(store, world("old"), "old");
    for (const act of ["down", "exists", "leftovers"] as const)
      await driver[act](SPEC, run).then(
        () => ok(false, act),
        (error: unknown) => isRefusal(error, "ClusterNotGone", { names: ["old"] }),
      );
    strictEqual(await standingIn(store, SPEC.namespace), "old");
  });

  for (const status of [401, 403, 500])
    it(`stays when the API answers ${status}: it may be the network's own`, async () => {
      const store = await standing();
      const refusing: World = {
        ...world("old"),
        async open() {
          const find = () => Promise.reject(new ApiError(status, "no"));
          return { api: { find } as unknown as ObjectApi, kubeconfig: "" };
        },
      };
      for (const gone of [undefined, "old"])
        await kubernetesDriver(store, refusing, gone)
          .down(SPEC, run)
          .then(
            () => ok(false),
            (error: unknown) => {
              isRefusal(error, "ClusterApiFailed", { names: [`${status}`] });
              doesNotMatch(String(error), /CLUSTER_GONE/);
            },
          );
      strictEqual(await standingIn(store, SPEC.namespace), "old");
    });

  it("is not made by `up`, whatever is named as gone", async () => {
    await kubernetesDriver(await standing(), world("new"), "old")
      .up(SPEC, run)
      .then(
        () => ok(false),
        (error: unknown) => isRefusal(error, "ClusterOther"),
      );
  });
});
