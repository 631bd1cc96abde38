import { deepStrictEqual } from "node:assert";
import type { ObjectApi } from "../../../../../infra/base/clients/kubernetes/objects";
import { runWith } from "../../../../../infra/base/lib/run";
import { kubernetesDriver } from "../../../../../infra/deploy/network/kubernetes/driver";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";
import { MemoryStore } from "../../../../support/memory-store";

/** A driver whose cluster has one namespace with the network's name, or none. */
function driverOf(annotations?: Readonly<Record<string, string>>) {
  const unused = () => Promise.reject(new Error("not asked for"));
  const find = async (path: string) => {
    if (path === "/version") return { major: "1", minor: "30" };
    if (path.endsWith("/kube-system")) return { metadata: { uid: "the cluster" } };
    if (path.endsWith("/namespaces/v1-2-3-1")) return annotations && { metadata: { uid: "1", annotations } };
    return undefined;
  };
  const api = { find, list: async () => [], create: unused, apply: unused, remove: unused } as unknown as ObjectApi;
  return kubernetesDriver(new MemoryStore(), { open: async () => ({ api, kubeconfig: "" }), ask: unused });
}

describe("the driver kubernetes says that a network exists", () => {
  const exists = (annotations?: Readonly<Record<string, string>>) =>
    driverOf(annotations).exists(kubernetesSpec(), runWith({}));

  it("only in a namespace of its own: the kubeconfig would open everybody's, and archive their logs", async () => {
    deepStrictEqual(
      [
        await exists(),
        await exists({}),
        await exists({ "smeshnet/build-tag": "v1.2.3+2" }),
        await exists({ "smeshnet/build-tag": "v1.2.3+1" }),
      ],
      [false, false, false, true],
    );
  });
});
