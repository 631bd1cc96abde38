import assert from "node:assert";
import { watchedNetwork } from "../../../../infra/deploy/monitoring/network";
import { kubernetesSpec } from "../../../support/kubernetes-spec";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../../support/sample-network";

const ALONE = { tap: false, watcher: "" };

describe("watchedNetwork", () => {
  const spec = kubernetesSpec();

  it("takes times from the facts, and phases and disks from the spec", () => {
    assert.deepStrictEqual(watchedNetwork(SAMPLE_TODAY.facts, spec, ALONE), {
      tag: "v1.2.3+1",
      driver: "kubernetes",
      genesis: Date.parse("2026-11-24T21:07:00Z") / 1000,
      layerDuration: 300,
      layersPerEpoch: 288,
      poetPhases: { phaseShift: 15, cycleGap: 15 },
      hasFirstBeacon: true,
      nodes: ["miner-1", "miner-2", "miner-3"],
      poets: ["poet-1", "poet-2"],
      hasTap: false,
      nodeDisk: 10 * 2 ** 30,
    });
  });

  it("knows the watcher where somebody told its address", () => {
    assert.strictEqual(
      watchedNetwork(SAMPLE_TODAY.facts, spec, { ...ALONE, watcher: "192.0.2.7:9000" }).watcher,
      "192.0.2.7:9000",
    );
  });

  it("counts on no first beacon where the node config has a section of its own for it", () => {
    const own = kubernetesSpec({ nodeConfig: { bootstrap: { "bootstrap-url": "" } } });
    assert.strictEqual(watchedNetwork(SAMPLE_TODAY.facts, own, ALONE).hasFirstBeacon, false);
  });

  it("knows neither disks nor a first beacon in the era of go-spacecraft", () => {
    const { kubernetes: _, ...era } = spec;
    const { driver, hasFirstBeacon, nodeDisk } = watchedNetwork(SAMPLE_NETWORK.facts, era, ALONE);
    assert.deepStrictEqual([driver, hasFirstBeacon, nodeDisk], ["spacecraft", false, undefined]);
  });
});
