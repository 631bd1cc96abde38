import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { holdOf } from "../../../infra/base/channel/holds";
import { promotionsOf, requireGoesOn, writeDown } from "../../../infra/base/channel/records";
import type { Run } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { type ChannelState, isHalfDone, type Known, latestOf } from "../../../infra/base/model/promotion";
import { abandon, type ChannelHands } from "../../../infra/promote/abandon";
import { decide, demotionTarget } from "../../../infra/promote/plan";
import { refuses, refusesLater } from "../../support/errors";
import { MemoryStore } from "../../support/memory-store";
import { promotion, target } from "../../support/promotions";

const NOW = Date.parse("2026-01-02T00:00:00Z");
const [ONE, TWO, THREE] = [promotion(1, "v1.2.2"), promotion(2, "v1.2.3"), promotion(3, "v1.2.4")] as const;

/** A channel at v1.2.3, whose promotion to v1.2.4 is under way. */
class World implements ChannelHands {
  readonly store = new MemoryStore();
  state: ChannelState = { network: "1_2_3_1", promotion: TWO, previous: ONE, movedAt: "2026-01-01T00:00:00Z", ttl: 60 };
  readonly did: string[] = [];
  readonly said: string[] = [];
  onQuiet: () => void = () => undefined;
  onPutBack: () => void = () => undefined;

  static async make(): Promise<World> {
    const world = new World();
    for (const one of [ONE, TWO, THREE]) await writeDown(world.store, one);
    return world;
  }

  async known(): Promise<Known> {
    const promotions = await promotionsOf(this.store, "testnet");
    return { state: this.state, last: promotions.at(-1), promotions };
  }
  holds = true;
  async holdsAnything() {
    return this.holds;
  }
  async quiet() {
    this.did.push("quiet");
    this.onQuiet();
  }
  async putBack(abandoned: number) {
    this.did.push(`back after ${abandoned}`);
    this.onPutBack();
  }

  readonly run: Run = {
    signal: new AbortController().signal,
    say: (line) => void this.said.push(line),
    clock: { now: () => NOW, sleep: async () => undefined },
  };

  abandon = (release = "v1.2.4", reason = "its network died") =>
    abandon({ channel: "testnet", release, reason }, { hands: this, store: this.store }, this.run);
  keys = () => this.store.list("abandonments/");
  hold = async (tag: string, aliases: readonly string[] = []) => {
    const promotions = await promotionsOf(this.store, "testnet");
    return holdOf(parseBuildTag(tag), { channel: "testnet", state: this.state, promotions, aliases }, NOW + 1000);
  };
}

describe("a promotion that cannot be finished", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.make();
  });

  it("is given up with its reason, and the channel is put back", async () => {
    const given = await world.abandon();
    const at = new Date(NOW).toISOString();
    deepStrictEqual(given, { ...THREE, abandoned: { reason: "its network died", at, backAt: at } });
    deepStrictEqual(world.did, ["quiet", "quiet", "back after 3"]);
    deepStrictEqual(await world.keys(), ["abandonments/testnet/3-end.json", "abandonments/testnet/3.json"]);
    deepStrictEqual(
      await world.store.list("channels/"),
      [1, 2, 3].map((one) => `channels/testnet/${one}.json`),
    );
    match(world.said.join("\n"), /gave up generation 3, v1\.2\.4 \(v1\.2\.4\+1\)\n.*is at generation 2, v1\.2\.3/);
  });

  it("leaves the channel where it was, and its generation stays taken", async () => {
    await world.abandon();
    const known = await world.known();
    strictEqual(latestOf(known), TWO);
    strictEqual(isHalfDone(known), false);
    strictEqual(decide(known, target("v1.2.5")).promotion.generation, 4);
    strictEqual(decide(known, target("v1.2.5"), 3).promotion.generation, 4);
    refuses(() => decide(known, target("v1.2.5"), 2), "PromotionOvertaken", { names: ["generation 3", "given up"] });
    strictEqual(demotionTarget(known, "testnet", "x").tag, "v1.2.2+1");
  });

  it("comes again only when a person says so, as an old job of CI does not", async () => {
    await world.abandon();
    const known = await world.known();
    refuses(() => decide(known, target("v1.2.4")), "ReleaseAbandoned", {
      names: ["v1.2.4 (v1.2.4+1)", "its network died", "--against 3"],
    });
    deepStrictEqual(decide(known, target("v1.2.4"), 3).action, "begin");
  });

  it("never arrives later: its program finds the record under the stack's lock", async () => {
    await world.abandon();
    const asks = (one = THREE) => requireGoesOn(world.store, world.state, one);
    await refusesLater(asks(), "PromotionAbandoned", { names: ["eneration 3 of testnet", "its network died"] });
    await requireGoesOn(world.store, world.state, promotion(4, "v1.2.5"));
    await requireGoesOn(world.store, { promotion: THREE }, THREE); // it had arrived
    await requireGoesOn(world.store, world.state, TWO);
  });

  it("takes those before it along that never arrived", async () => {
    await writeDown(world.store, promotion(4, "v1.2.5"));
    await world.abandon("v1.2.5");
    await refusesLater(requireGoesOn(world.store, world.state, THREE), "PromotionAbandoned", {});
    strictEqual(latestOf(await world.known()), TWO);
  });

  it("is not given up when it arrives before the record, or before the lock", async () => {
    world.onQuiet = () => {
      world.state = { ...world.state, promotion: THREE, previous: TWO };
    };
    await refusesLater(world.abandon(), "NothingToAbandon", { exitCode: 2, names: ["generation 3"] });
    deepStrictEqual(await world.keys(), []);

    const other = await World.make();
    other.onQuiet = () => {
      if (other.did.length === 2) other.state = { ...other.state, promotion: THREE, previous: TWO };
    };
    await refusesLater(other.abandon(), "PromotionFinished", { names: ["smeshnet demote"] });
    strictEqual((await other.known()).last?.abandoned, undefined);
    strictEqual(latestOf(await other.known())?.generation, 3);
  });

  it("is given up also when the channel cannot be put back, and the same command tries that again", async () => {
    world.onPutBack = () => {
      throw new Error("no engine");
    };
    await world.abandon().catch((error: Error) => strictEqual(error.message, "no engine"));
    strictEqual(latestOf(await world.known()), TWO);
    match((await world.hold("v1.2.4+1"))?.why ?? "", /may lead to v1\.2\.4\+1, whose promotion was given up/);
    world.onPutBack = () => undefined;
    const given = await world.abandon("v1.2.4", "another reason");
    strictEqual(given.abandoned?.reason, "its network died"); // the first record stays
    ok(given.abandoned?.backAt);
    world.did.length = 0;
    await world.abandon();
    deepStrictEqual(world.did, []);
  });

  it("holds its network no longer than DNS caches may lead there", async () => {
    strictEqual((await world.hold("v1.2.4+1"))?.until, undefined); // under way
    await world.abandon();
    deepStrictEqual((await world.hold("v1.2.4+1"))?.until, NOW + 60_000);
    match((await world.hold("v1.2.4+1", ["api-v1-2-4-1.net.spacemesh.io"]))?.why ?? "", /still has DNS names/);
  });

  it("may be the first of its channel, whose names then stay", async () => {
    world.state = {};
    await world.abandon();
    deepStrictEqual(world.did, ["quiet", "quiet"]);
    match(world.said.at(-1) ?? "", /^testnet: is at no network, and names that moved stay until the next promotion$/);
    strictEqual(latestOf(await world.known()), undefined);
  });

  it("is given up after the channel's stack was destroyed, and no word tells of a past or of names", async () => {
    world.state = {};
    world.holds = false;
    await world.abandon();
    deepStrictEqual(world.did, ["quiet", "quiet"]);
    const last = world.said.at(-1) ?? "";
    match(last, /^testnet: is at no network and has no names: its stack holds nothing until the next promotion$/);
    strictEqual(decide(await world.known(), target("v1.2.5")).promotion.generation, 4);
    strictEqual(await world.hold("v1.2.3+1"), undefined); // it is not led to any more
  });

  it("must be named: another release, a finished one and an empty channel are refused", async () => {
    await refusesLater(world.abandon("v1.2.3"), "NothingToAbandon", { exitCode: 2, names: ["generation 3, v1.2.4"] });
    world.state = { ...world.state, promotion: THREE };
    await refusesLater(world.abandon(), "NothingToAbandon", { exitCode: 2, names: ["smeshnet demote"] });
    world.state = {};
    world.store.objects.clear();
    await refusesLater(world.abandon(), "NothingToAbandon", { exitCode: 2, names: ["generation 0"] });
  });
});
