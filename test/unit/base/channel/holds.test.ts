import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { type ChannelView, holdOf } from "../../../../infra/base/channel/holds";
import { UserError } from "../../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelNamed, channelsOf } from "../../../../infra/base/model/channel";
import { replacedAfter } from "../../../../infra/promote/advance";
import { replacedBy } from "../../../../infra/retire/due";
import { promotion } from "../../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const MOVED = Date.parse("2026-01-01T00:00:00Z");

/** A channel that has gone from v1.2.2+1 to v1.2.3+1, with some of it changed. */
const view = (changes: Partial<ChannelView> = {}): ChannelView => ({
  channel: "testnet",
  network: "1_2_3_1",
  state: { promotion: NEW, previous: OLD, movedAt: "2026-01-01T00:00:00Z", ttl: 60 },
  promotions: [OLD, NEW],
  aliases: ["api-v1-2-3-1.net.spacemesh.io"],
  ...changes,
});

/** What holds a network, so many seconds after the channel has moved. */
const hold = (tag: string, changes: Partial<ChannelView> = {}, seconds = 3600) =>
  holdOf(parseBuildTag(tag), view(changes), MOVED + seconds * 1000);

describe("what a channel holds", () => {
  it("is the network that it points to, as its stack says", () => {
    deepStrictEqual(hold("v1.2.3+1"), {
      why: "v1.2.3+1 is what testnet points to: promote another network first",
    });
  });

  it("is that network also when nothing else of the stack can be read", () => {
    match(hold("v1.2.3+1", { state: {}, promotions: [], aliases: [] })?.why ?? "", /is what testnet points to/);
  });

  it("is the network that it is on its way to", () => {
    const next = promotion(3, "v1.2.4");
    deepStrictEqual(hold("v1.2.4+1", { promotions: [OLD, NEW, next] }), {
      why: "testnet is on its way to v1.2.4+1 (generation 3, v1.2.4 (v1.2.4+1)): finish that, or promote another network first",
    });
    const first = { network: undefined, state: {}, promotions: [OLD], aliases: [] };
    match(hold("v1.2.2+1", first)?.why ?? "", /^testnet is on its way to v1\.2\.2\+1 /);
  });

  it("is both while it is on its way, and not one that it was on its way to before", () => {
    const promotions = [OLD, NEW, promotion(3, "v1.2.4"), promotion(4, "v1.2.5")];
    const held = ["v1.2.3+1", "v1.2.4+1", "v1.2.5+1"].map((tag) => hold(tag, { promotions }) !== undefined);
    deepStrictEqual(held, [true, false, true]);
  });

  it("is the network that its names lead to, whatever else is said", () => {
    const aliases = ["api-v1-2-2-1.net.spacemesh.io"];
    deepStrictEqual(hold("v1.2.2+1", { aliases }), {
      why: "the names of testnet still lead to api-v1-2-2-1.net.spacemesh.io: promote another network first",
    });
  });

  it("is not a network whose host begins or ends like that one", () => {
    const aliases = ["api-v1-2-3-11.net.spacemesh.io"];
    const others = ["v1.2.3+1", "v11.2.3+1", "v1.2.31+1", "v2.3.11+1", "v1.2.3+111"];
    for (const tag of others)
      strictEqual(hold(tag, { aliases, network: "9_9_9_9", state: {}, promotions: [] }), undefined, tag);
    ok(hold("v1.2.3+11", { aliases }));
    const longer = { aliases: ["api-v11-2-3-1.net.spacemesh.io"], network: "9_9_9_9", state: {}, promotions: [] };
    strictEqual(hold("v1.2.3+1", longer), undefined);
  });

  it("is the network that caches may still lead to, until its records have expired", () => {
    const before = hold("v1.2.2+1", {}, 18.2);
    deepStrictEqual(before, {
      why: "caches may still lead testnet to v1.2.2+1: wait 42 s, until its DNS records have expired",
      until: MOVED + 60_000,
    });
    ok(hold("v1.2.2+1", {}, 59.9));
    strictEqual(hold("v1.2.2+1", {}, 60), undefined);
  });

  it("is that for 300 s when Cloudflare chooses the time, and when the stack does not say", () => {
    for (const ttl of [1, undefined]) {
      const state = { ...view().state, ttl };
      strictEqual(hold("v1.2.2+1", { state }, 0)?.until, MOVED + 300_000);
      ok(hold("v1.2.2+1", { state }, 299));
      strictEqual(hold("v1.2.2+1", { state }, 300), undefined);
    }
  });

  it("is every network that it has ever been promoted to, so long", () => {
    const promotions = [promotion(1, "v1.2.1"), OLD, NEW];
    ok(hold("v1.2.1+1", { promotions }, 1));
    strictEqual(hold("v1.2.9+1", { promotions }, 1), undefined);
  });

  it("is told by the reason that lasts, where there are several", () => {
    const all = { promotions: [OLD, NEW, promotion(3, "v1.2.3")] };
    match(hold("v1.2.3+1", all, 1)?.why ?? "", /is what testnet points to/);
    const way = { network: "1_2_2_1", promotions: [OLD, NEW], state: { promotion: OLD } };
    match(hold("v1.2.3+1", way, 1)?.why ?? "", /is on its way to/);
    match(hold("v1.2.2+1", { aliases: ["api-v1-2-2-1.net.x"] }, 1)?.why ?? "", /the names of testnet still lead/);
  });

  it("is nothing while it points nowhere", () => {
    strictEqual(hold("v1.2.3+1", { network: undefined, state: {}, promotions: [], aliases: [] }), undefined);
  });
});

describe("the name of a channel", () => {
  const refused = (name: string | undefined, channels: readonly string[], message: string) =>
    throws(() => channelNamed(name, channels), new UserError(message, 2));

  it("may be left out while there is only one", () => {
    strictEqual(channelNamed(undefined, ["testnet"]), "testnet");
    strictEqual(channelNamed("b", ["a", "b"]), "b");
    refused(undefined, ["a", "b"], "name the channel with --channel: there are a, b");
  });

  it("is refused with those there are", () => {
    refused("mainnet", ["testnet"], '"mainnet" is not a channel: there are testnet');
    refused("", ["testnet"], '"" is not a channel: there are testnet');
    refused("testnet", [], '"testnet" is not a channel: there is none: set smeshnet:channels');
    refused(undefined, [], "name the channel with --channel: there is none: set smeshnet:channels");
  });

  it("gives the one host that a promotion moves", () => {
    deepStrictEqual(channelsOf({ channels: ["testnet", "stage"], subdomain: "net", zone: "spacemesh.io" }), [
      { name: "testnet", gateway: "gateway.test.net.spacemesh.io" },
      { name: "stage", gateway: "gateway.stage.net.spacemesh.io" },
    ]);
  });
});

describe("the network that a promotion has replaced", () => {
  const state = { ...view().state, replaced: ["v1.2.2+1"] };

  it("is due so many hours after the channel has moved", () => {
    const replaced = { tag: parseBuildTag("v1.2.2+1"), why: "replaced in testnet by v1.2.3 (v1.2.3+1)" };
    deepStrictEqual(replacedBy("testnet", state, 24), [{ ...replaced, due: MOVED + 24 * 3_600_000 }]);
    deepStrictEqual(replacedBy("testnet", state, 0), [{ ...replaced, due: MOVED }]);
  });

  it("stays due when the channel has gone on again before its time", () => {
    const whys = replacedBy("testnet", { ...state, replaced: ["v1.2.1+1", "v1.2.2+1"] }, 24).map(({ why }) => why);
    deepStrictEqual(whys, ["replaced in testnet by a later release", "replaced in testnet by v1.2.3 (v1.2.3+1)"]);
  });

  it("is none before any promotion, and while the channel has not been seen to move", () => {
    deepStrictEqual(replacedBy("testnet", {}, 0), []);
    deepStrictEqual(replacedBy("testnet", { ...state, movedAt: undefined }, 0), []);
  });

  it("is what a promotion has led away from, and not what a demotion has", () => {
    const later = promotion(3, "v1.2.4");
    const down = promotion(4, "v1.2.3", { kind: "demotion" });
    const last = promotion(5, "v1.2.5");
    deepStrictEqual(replacedAfter({}, OLD), []);
    const first = replacedAfter({ promotion: OLD }, NEW);
    deepStrictEqual(first, ["v1.2.2+1"]);
    const second = replacedAfter({ promotion: NEW, replaced: first }, later);
    deepStrictEqual(second, ["v1.2.2+1", "v1.2.3+1"]);
    const third = replacedAfter({ promotion: later, replaced: second }, down);
    deepStrictEqual(third, ["v1.2.2+1"]);
    deepStrictEqual(replacedAfter({ promotion: down, replaced: third }, last), ["v1.2.2+1", "v1.2.3+1"]);
  });

  it("stays the same when the same generation is gone on with", () => {
    deepStrictEqual(replacedAfter({ promotion: NEW, replaced: ["v1.2.2+1"] }, NEW), ["v1.2.2+1"]);
  });
});
