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

/** What is read, in order. */
const read = (pods: readonly V1Pod[]): string[] =>
  logSources(pods).map(({ pod, container, previous }) => `${pod}/${container}${previous ? " before" : ""}`);

describe("logs of a network", () => {
  it("are those of every container", () => {
    const pods = [
      pod("miner-1", container("miner", RUNNING)),
      pod("poet-1", container("poet", RUNNING), container("proxy", ENDED)),
    ];
    deepStrictEqual(read(pods), ["miner-1/miner", "poet-1/poet", "poet-1/proxy"]);
  });

  it("are those of init containers too", () => {
    const status = { initContainerStatuses: [container("prepare", ENDED)] };
    deepStrictEqual(read([{ status, metadata: { name: "miner-1" } }]), ["miner-1/prepare"]);
  });

  for (const [state, how] of [
    [RUNNING, "runs again"],
    [WAITING, "waits to be started again"],
  ] as const) {
    it(`are also those from before a restart, and come first, while the container ${how}`, () => {
      deepStrictEqual(read([pod("miner-1", container("miner", state, ENDED))]), [
        "miner-1/miner before",
        "miner-1/miner",
      ]);
    });
  }

  it("are one object for each pod", () => {
    strictEqual(logKey("miner-1-abc"), "logs/miner-1-abc.log.zst");
  });

  it("are none of a container that has not run, since the API refuses to send any", () => {
    const lost: V1ContainerState = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } };
    const states = [undefined, { waiting: { reason: "ImagePullBackOff" } }, lost];
    deepStrictEqual(logSources(states.map((state) => pod("miner-1", container("miner", state)))), []);
    deepStrictEqual(logSources([{ metadata: { name: "miner-1" }, status: {} }, {}]), []);
  });
});

describe("archives of a build tag", () => {
  it("lie in folders by number, each with a manifest", () => {
    strictEqual(manifestKey("v1.2.3+1", 2), "archives/v1.2.3+1/2/manifest.json");
    strictEqual(manifestKey("v1.2.3+1", 2).startsWith(archiveFolder("v1.2.3+1")), true);
  });

  it("are not mixed up with those of a build whose number begins alike", () => {
    strictEqual(manifestKey("v1.2.3+11", 1).startsWith(archiveFolder("v1.2.3+1")), false);
  });
});
