import { deepStrictEqual } from "node:assert";
import type { V1ContainerState, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { runsOf } from "../../../infra/archive/container-runs";

const RUNNING: V1ContainerState = { running: {} };
const ENDED: V1ContainerState = { terminated: { exitCode: 1, containerID: "containerd://1" } };
const WAITING: V1ContainerState = { waiting: { reason: "CrashLoopBackOff" } };

const container = (
  name: string,
  state?: V1ContainerState,
  lastState?: V1ContainerState,
  restartCount = lastState && state?.running ? 1 : 0,
): V1ContainerStatus => ({ name, state, lastState, restartCount, image: "", imageID: "", ready: true });

const pod = (name: string, ...containerStatuses: V1ContainerStatus[]): V1Pod => ({
  metadata: { name },
  status: { containerStatuses },
});

/** The logs that are read, in order, with the numbers of their runs. */
const read = (pod: V1Pod): string[] =>
  runsOf(pod).runs.map(({ container, number, previous }) => `${container} ${number}${previous ? " before" : ""}`);

describe("runsOf", () => {
  it("reads the log of every container", () => {
    deepStrictEqual(read(pod("poet-1", container("poet", RUNNING), container("proxy", ENDED))), ["poet 0", "proxy 0"]);
  });

  it("reads the logs of init containers first", () => {
    const status = {
      initContainerStatuses: [container("prepare", ENDED)],
      containerStatuses: [container("miner", RUNNING)],
    };
    deepStrictEqual(read({ status, metadata: { name: "miner-1" } }), ["prepare 0", "miner 0"]);
  });

  it("reads the log from before a restart first", () => {
    deepStrictEqual(read(pod("miner-1", container("miner", RUNNING, ENDED))), ["miner 0 before", "miner 1"]);
  });

  it("reads the log of a container that waits for its restart once, since the kubelet gives it for both requests", () => {
    const one = pod("miner-1", container("miner", WAITING, ENDED, 3));
    deepStrictEqual(read(one), ["miner 3"]);
    deepStrictEqual(runsOf(one).runs[0]?.ended, true);
  });

  it("counts the runs whose logs the kubelet has no more", () => {
    deepStrictEqual(runsOf(pod("miner-1", container("miner", RUNNING, ENDED, 4))).counted, { miner: 5 });
  });

  it("skips containers that never ran, since the API refuses to send a log", () => {
    const lost: V1ContainerState = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } };
    for (const state of [undefined, { waiting: { reason: "ImagePullBackOff" } }, lost]) {
      const { runs, gaps, counted } = runsOf(pod("miner-1", container("miner", state)));
      deepStrictEqual([runs, gaps, counted], [[], [], { miner: 0 }]);
    }
    deepStrictEqual(read({ metadata: { name: "miner-1" }, status: {} }), []);
    deepStrictEqual(read({}), []);
  });

  it("names a run that the kubelet lost, since the container used to run", () => {
    const message = "The container could not be located when the pod was deleted. The container used to be Running";
    const lost = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown", message } };
    deepStrictEqual(runsOf(pod("miner-1", container("miner", lost))).gaps, [
      {
        kind: "lost",
        pod: "miner-1",
        container: "miner",
        runs: { first: 0, last: 0 },
        saw: `ContainerStatusUnknown: ${message}`,
      },
    ]);
  });

  it("names the containers of an evicted pod that lost their status, but none of a pod that a node refused", () => {
    const spec = { containers: [{ name: "miner" }] };
    const status = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." };
    const metadata = { name: "miner-1" };
    deepStrictEqual(runsOf({ metadata, spec, status: { ...status, startTime: new Date(0) } }).gaps, [
      { kind: "evicted", pod: "miner-1", container: "miner", saw: "Evicted: The node was low on resource: memory." },
    ]);
    deepStrictEqual(runsOf({ metadata, spec, status }).gaps, []);
  });
});
