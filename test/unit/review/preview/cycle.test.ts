import { deepStrictEqual, ok } from "node:assert";
import type { Exported } from "../../../../infra/base/engine/state";
import { UserError } from "../../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import type { ChannelState } from "../../../../infra/base/model/promotion";
import { cycleChannels, cycleNetwork, type NetworkStack, simmersOf } from "../../../../infra/review/preview/cycle";
import { NETWORK, THRESHOLDS } from "../../../support/judged";
import { promotion } from "../../../support/promotions";
import { WatchedNetwork } from "../../../support/watched";

/** The stack of a network that is complete and has a genesis. */
function network(tag: string, outputs: Record<string, unknown> = { genesisId: NETWORK.genesisId }): NetworkStack {
  const urn = (type: string, name: string) => `urn:pulumi:s::smeshnet::${type}::${name}`;
  const step = (name: string) => ({
    urn: urn(`smeshnet:components:X$command:local:Command`, name),
    type: "command:local:Command",
  });
  const root = { urn: urn("pulumi:pulumi:Stack", "smeshnet-s"), type: "pulumi:pulumi:Stack", outputs };
  const state: Exported = { deployment: { resources: [root, step("devnext"), step("network"), step("guard")] } };
  return { tag: parseBuildTag(tag), state };
}

const channel = (name: string, state: ChannelState = {}) => ({ name, state });
const at = (release: string) => ({ promotion: promotion(2, release), movedAt: "2026-11-28T20:00:00Z" });

describe("the cycle before a change", () => {
  it("says where channels point, and which networks are retired next", () => {
    const channels = [
      channel("testnet", { ...at("v1.2.3"), replaced: ["v1.2.1+1", "v1.2.2+1", "v1.2.0+1"] }),
      channel("stagenet", at("v1.2.2")),
      channel("newnet"),
    ];
    const networks = ["v1.2.3+1", "v1.2.2+1", "v1.2.1+1"].map((tag) => network(tag));
    deepStrictEqual(cycleChannels(channels, networks, 24), [
      // v1.2.0+1 is gone, and stagenet points to v1.2.2+1
      { name: "testnet", current: { release: "v1.2.3", tag: "v1.2.3+1" }, toRetire: ["v1.2.1+1"] },
      { name: "stagenet", current: { release: "v1.2.2", tag: "v1.2.2+1" }, toRetire: [] },
      { name: "newnet", toRetire: [] },
    ]);
  });

  it("says how far a network is, and which channels point to it", () => {
    const channels = [channel("testnet", at("v1.2.3")), channel("stagenet", at("v1.2.2"))];
    deepStrictEqual(cycleNetwork(network("v1.2.3+1"), channels), {
      tag: "v1.2.3+1",
      stage: "complete",
      channels: ["testnet"],
    });
    deepStrictEqual(cycleNetwork(network("v1.2.4+1", {}), channels).stage, "smoke test not passed");
  });
});

describe("the simmers of networks", () => {
  const terms = { network: NETWORK, thresholds: THRESHOLDS, days: 2, day: 600 };

  it("come from their logs, not from a clock", async () => {
    const world = WatchedNetwork.make();
    await world.looks(await world.watcher("v1.2.3+1", { terms }), 7);
    const simmers = () => simmersOf([network("v1.2.3+1"), network("v1.2.4+1"), network("v1.2.5+1", {})], world.store);
    const found = await simmers();
    world.now += 86_400_000;
    deepStrictEqual(await simmers(), found);
    ok(!(found instanceof UserError));
    deepStrictEqual([...found.keys()], ["v1.2.3+1"]);
    const { verdict, of, certified } = found.get("v1.2.3+1") ?? {};
    deepStrictEqual({ verdict, of, certified }, { verdict: "healthy", of: 2, certified: false });
  });

  it("are an error when the store cannot be read, and none without a store", async () => {
    const broken = new UserError("StoreUnreadable", "The store does not answer.", "Try again.");
    const { store } = WatchedNetwork.make();
    const failing = Object.assign(Object.create(store), { list: () => Promise.reject(broken) });
    deepStrictEqual(await simmersOf([network("v1.2.3+1")], failing), broken);
    deepStrictEqual(await simmersOf([network("v1.2.3+1")], undefined), new Map());
  });
});
