import { deepStrictEqual } from "node:assert";
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { troublesOf } from "../../../../../infra/deploy/network/kubernetes/troubles";

const container = (name: string, reason?: string): V1ContainerStatus => ({
  name,
  image: "image",
  imageID: "",
  ready: reason === undefined,
  restartCount: 0,
  state: reason === undefined ? { running: {} } : { waiting: { reason } },
});

const pod = (name: string, ...containerStatuses: V1ContainerStatus[]): V1Pod => ({
  metadata: { labels: { name } },
  status: { containerStatuses },
});

describe("troublesOf", () => {
  it("tells each reason once, with the first pod and how many more", () => {
    const pods = [2, 1, 3].map((n) => pod(`poet-${n}`, container("poet", "ErrImagePull")));
    deepStrictEqual(troublesOf(pods), ["poet-1 and 2 more: ErrImagePull"]);
  });

  it("names the container of a pod that has several", () => {
    const pods = [pod("miner-5", container("miner"), container("stats", "CrashLoopBackOff"))];
    deepStrictEqual(troublesOf(pods), ["miner-5: container stats: CrashLoopBackOff"]);
  });

  it("names an init container", () => {
    const waiting = pod("miner-1", container("miner", "PodInitializing"));
    waiting.status = { ...waiting.status, initContainerStatuses: [container("keys", "ErrImagePull")] };
    deepStrictEqual(troublesOf([waiting]), ["miner-1: container keys: ErrImagePull"]);
  });

  it("tells why a cluster refuses pods, which are then not there", () => {
    const refused = (n: number, message: string) => ({
      metadata: { name: `miner-${n}` },
      status: { conditions: [{ type: "ReplicaFailure", status: "True", message }] },
    });
    const why = 'forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true';
    const deployments = [1, 2].map((n) => refused(n, `pods "miner-${n}-5d4-x${n}" is ${why}`));
    deepStrictEqual(troublesOf([], deployments), [`miner-1 and 1 more: ${why}`]);
    deepStrictEqual(troublesOf([], [{ ...deployments[0], status: { conditions: [] } }]), []);
  });

  it("tells nothing of a pod that starts as usual", () => {
    deepStrictEqual(troublesOf([pod("miner-1", container("miner", "ContainerCreating"))]), []);
  });
});
