import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { type ChannelView, holdOf } from "../../../../infra/base/channel/holds";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelNamed, channelsOf } from "../../../../infra/base/model/channel";
import { refuses } from "../../../support/errors";
import { promotion } from "../../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const MOVED = Date.parse("2026-01-01T00:00:00Z");

/** A channel that moved from v1.2.2+1 to v1.2.3+1, with some of it changed. */
const view = (changes: Partial<ChannelView> = {}): ChannelView => ({
  channel: "testnet",
  state: { network: "1_2_3_1", promotion: NEW, previous: OLD, movedAt: "2026-01-01T00:00:00Z", ttl: 60 },
  promotions: [OLD, NEW],
  aliases: ["api-v1-2-3-1.net.spacemesh.io"],
  ...changes,
});

/** What holds a network, so many seconds after the channel moved. */
const hold = (tag: string, changes: Partial<ChannelView> = {}, seconds = 3600) =>
  holdOf(parseBuildTag(tag), view(changes), MOVED + seconds * 1000);

const NOTHING: Partial<ChannelView> = { state: {}, promotions: [], aliases: [] };
const ELSEWHERE: Partial<ChannelView> = { state: { network: "9_9_9_9" }, promotions: [] };

describe("holdOf", () => {
  it("holds the network that the channel's stack points to", () => {
    deepStrictEqual(hold("v1.2.3+1"), { why: "testnet points to v1.2.3+1", fix: "Promote another network first." });
  });

  it("holds that network even if the stack has no other outputs", () => {
    strictEqual(hold("v1.2.3+1", { ...NOTHING, state: { network: "1_2_3_1" } })?.why, "testnet points to v1.2.3+1");
  });

  it("holds the network that the channel is moving to", () => {
    const next = promotion(3, "v1.2.4");
    deepStrictEqual(hold("v1.2.4+1", { promotions: [OLD, NEW, next] }), {
      why: "testnet is moving to v1.2.4+1 (generation 3, v1.2.4 (v1.2.4+1))",
      fix: "Complete that promotion, give it up with `smeshnet promote v1.2.4 --abandon TEXT`, or promote another network first.",
    });
    match(hold("v1.2.2+1", { ...NOTHING, promotions: [OLD] })?.why ?? "", /^testnet is moving to v1\.2\.2\+1 /);
  });

  it("holds the current and the incoming network during a promotion, but not an abandoned one", () => {
    const promotions = [OLD, NEW, promotion(3, "v1.2.4"), promotion(4, "v1.2.5")];
    const held = ["v1.2.3+1", "v1.2.4+1", "v1.2.5+1"].map((tag) => hold(tag, { promotions }) !== undefined);
    deepStrictEqual(held, [true, false, true]);
  });

  it("holds the network that the channel's DNS names lead to, whatever the stack says", () => {
    const held = hold("v1.2.2+1", { aliases: ["api-v1-2-2-1.net.spacemesh.io"] });
    match(held?.why ?? "", /api-v1-2-2-1\.net\.spacemesh\.io$/);
    strictEqual(held?.until, undefined);
  });

  it("does not mistake a network for another whose host begins or ends in the same way", () => {
    const aliases = ["api-v1-2-3-11.net.spacemesh.io"];
    const others = ["v1.2.3+1", "v11.2.3+1", "v1.2.31+1", "v2.3.11+1", "v1.2.3+111"];
    for (const tag of others) strictEqual(hold(tag, { ...ELSEWHERE, aliases }), undefined, tag);
    ok(hold("v1.2.3+11", { aliases }));
    strictEqual(hold("v1.2.3+1", { ...ELSEWHERE, aliases: ["api-v11-2-3-1.net.spacemesh.io"] }), undefined);
  });

  it("holds the network that DNS caches may still lead to, until the records have expired", () => {
    deepStrictEqual(hold("v1.2.2+1", {}, 18.2), {
      why: "testnet may still lead to v1.2.2+1 in DNS caches for 42 s",
      fix: "Wait until its DNS records have expired.",
      until: MOVED + 60_000,
    });
    ok(hold("v1.2.2+1", {}, 59.9));
    strictEqual(hold("v1.2.2+1", {}, 60), undefined);
  });

  it("counts 300 s when Cloudflare chooses the time to live, or the stack does not have it", () => {
    for (const ttl of [1, undefined]) {
      const state = { ...view().state, ttl };
      strictEqual(hold("v1.2.2+1", { state }, 0)?.until, MOVED + 300_000);
      ok(hold("v1.2.2+1", { state }, 299));
      strictEqual(hold("v1.2.2+1", { state }, 300), undefined);
    }
  });

  it("holds every network of an earlier promotion for that time, and no other", () => {
    const promotions = [promotion(1, "v1.2.1"), OLD, NEW];
    ok(hold("v1.2.1+1", { promotions }, 1));
    strictEqual(hold("v1.2.9+1", { promotions }, 1), undefined);
  });

  it("gives the reason that lasts longest when there are several", () => {
    const all = { promotions: [OLD, NEW, promotion(3, "v1.2.3")] };
    match(hold("v1.2.3+1", all, 1)?.why ?? "", /points to/);
    const moving = { promotions: [OLD, NEW], state: { network: "1_2_2_1", promotion: OLD } };
    match(hold("v1.2.3+1", moving, 1)?.why ?? "", /is moving to/);
    match(hold("v1.2.2+1", { aliases: ["api-v1-2-2-1.net.x"] }, 1)?.why ?? "", /api-v1-2-2-1/);
  });

  it("holds nothing while the channel points nowhere", () => strictEqual(hold("v1.2.3+1", NOTHING), undefined));
});

describe("channelNamed", () => {
  it("finds the only channel without a name", () => {
    strictEqual(channelNamed(undefined, ["testnet"]), "testnet");
    strictEqual(channelNamed("b", ["a", "b"]), "b");
  });

  it("refuses to choose among several channels, and names them", () =>
    refuses(() => channelNamed(undefined, ["a", "b"]), "ChannelAmbiguous", {
      exitCode: 2,
      names: ["a, b", "--channel NAME"],
    }));

  it("refuses an unknown channel, and names the known ones", () => {
    for (const name of ["mainnet", ""])
      refuses(() => channelNamed(name, ["testnet"]), "ChannelUnknown", {
        exitCode: 2,
        names: [`"${name}"`, "testnet"],
      });
  });

  it("refuses any name when no channel is configured", () => {
    for (const name of ["testnet", undefined])
      refuses(() => channelNamed(name, []), "ChannelMissing", { exitCode: 2, names: ["smeshnet:channels"] });
  });
});

describe("channelsOf", () => {
  it("gives each channel with the one host that a promotion moves", () => {
    deepStrictEqual(channelsOf({ channels: ["testnet", "stage"], subdomain: "net", zone: "spacemesh.io" }), [
      { name: "testnet", gateway: "gateway.test.net.spacemesh.io" },
      { name: "stage", gateway: "gateway.stage.net.spacemesh.io" },
    ]);
  });
});
