import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1ContainerState, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { logKey, logSources } from "../../../infra/archive/collect";
import { archiveFolder, manifestKey } from "../../../infra/archive/manifest";

const RUNNING: V1ContainerState = { running: {} };
const ENDED: V1ContainerState = { terminated: { exitCode: 1, containerID: "containerd://1" } };
const WAITING: V1ContainerState = { waiting: { reason: "CrashLoopBackOff" } };

const container = (name: string, state?: V1ContainerState, lastState?: V1ContainerState): V1ContainerStatus => ({
  name,
  state,
  lastState,
  restartCount: 0,
  image: "",
  imageID: "",
  ready: true,
});

const pod = (name: string, ...containerStatuses: V1ContainerStatus[]): V1Pod => ({
  metadata: { name },
  status: { containerStatuses },
});

/** The logs that are read, in order. */
const read = (pods: readonly V1Pod[]): string[] =>
  logSources(pods).map(({ pod, container, previous }) => `${pod}/${container}${previous ? " before" : ""}`);

describe("logSources", () => {
  it("reads the log of every container", () => {
    const pods = [
      pod("miner-1", container("miner", RUNNING)),
      pod("poet-1", container("poet", RUNNING), container("proxy", ENDED)),
    ];
    deepStrictEqual(read(pods), ["miner-1/miner", "poet-1/poet", "poet-1/proxy"]);
  });

  it("reads the logs of init containers", () => {
    const status = { initContainerStatuses: [container("prepare", ENDED)] };
    deepStrictEqual(read([{ status, metadata: { name: "miner-1" } }]), ["miner-1/prepare"]);
  });

  for (const [state, how] of [
    [RUNNING, "runs again"],
    [WAITING, "waits for its restart"],
  ] as const) {
    it(`reads the log from before a restart first, while the container ${how}`, () => {
      deepStrictEqual(read([pod("miner-1", container("miner", state, ENDED))]), [
        "miner-1/miner before",
        "miner-1/miner",
      ]);
    });
  }

  it("makes one object for each pod", () => {
    strictEqual(logKey("miner-1-abc"), "logs/miner-1-abc.log.zst");
  });

  it("skips containers that never ran, since the API refuses to send a log", () => {
    const lost: V1ContainerState = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } };
    const states = [undefined, { waiting: { reason: "ImagePullBackOff" } }, lost];
    deepStrictEqual(logSources(states.map((state) => pod("miner-1", container("miner", state)))), []);
    deepStrictEqual(logSources([{ metadata: { name: "miner-1" }, status: {} }, {}]), []);
  });
});

describe("manifestKey", () => {
  it("names a numbered folder for each archive of a build tag", () => {
    strictEqual(manifestKey("v1.2.3+1", 2), "archives/v1.2.3+1/2/manifest.json");
    strictEqual(manifestKey("v1.2.3+1", 2).startsWith(archiveFolder("v1.2.3+1")), true);
  });

  it("does not mix up builds whose numbers begin with the same digit", () => {
    strictEqual(manifestKey("v1.2.3+11", 1).startsWith(archiveFolder("v1.2.3+1")), false);
  });
});
