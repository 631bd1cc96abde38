import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { tryDraft } from "../../../infra/recap/draft";
import type { Hands } from "../../../infra/simmer/watcher";
import { NETWORK } from "../../support/judged";
import { begun, broken, kindsIn, stall, TAG } from "../../support/watcher-hands";

describe("a watcher that acts", () => {
  it("retires a stalled network once, after the limit, with verdict and evidence as the reason", async () => {
    const { world, watcher, did, reasons, looks } = await begun();
    stall(world);
    const layers = await looks([watcher], 40);
    ok(layers > 31 && layers <= 33, `${layers}`);
    deepStrictEqual(did, ["alert", "retire stalled"]);
    match(reasons[0] ?? "", /It is retired after 30 layers, unless it recovers\.$/);
    match(
      reasons[1] ?? "",
      /^stalled for 30 layers\. 5 of 5 nodes stand: layer 2\d is verified, the clock is at layer 5\d\. Log of the simmer: simmer\/v1\.2\.3\+1\/aa\/ up to entry \d+, SHA-256 [0-9a-f]{16}\.$/,
    );
  });

  it("retires no network that is blind, however long", async () => {
    const { watcher, did, titles, looks, start } = await begun();
    const { ask } = watcher.options;
    const blind = await start({
      ask: async (layer) => {
        const sample = await ask(layer);
        const nodes = sample.nodes.map(({ node, at }) => ({ node, at, reachable: false as const, error: "no answer" }));
        return { ...sample, nodes };
      },
    });
    strictEqual(await looks([blind], 100), Number.POSITIVE_INFINITY);
    deepStrictEqual([did, titles], [["alert"], ["v1.2.3+1 is blind"]]);
  });

  it("retires no network that is slow, however long", async () => {
    const { world, watcher, did, titles, looks } = await begun();
    for (let layer = 0; layer < 60; layer++) {
      const top = Math.floor((world.now - NETWORK.genesisTime) / 1000 / NETWORK.layerDuration);
      world.stuckAt = top - 5;
      strictEqual(await looks([watcher], 1), Number.POSITIVE_INFINITY);
    }
    strictEqual(watcher.options.log.state.memory.verdict, "slow");
    ok(!did.some((one) => one.startsWith("retire")));
    ok(titles.length <= 2, titles.join());
  });

  it("retires no network that recovered before the limit", async () => {
    const { world, watcher, did, titles, looks } = await begun();
    for (let i = 0; i < 3; i++) {
      stall(world);
      await looks([watcher], 25);
      world.stuckAt = undefined;
      await looks([watcher], 15);
    }
    deepStrictEqual(did, Array(6).fill("alert"));
    deepStrictEqual(titles.slice(0, 2), ["v1.2.3+1 is stalled", "v1.2.3+1 is healthy again"]);
  });

  it("ships logs every ten minutes, beside its samples, and says once what fails", async () => {
    let shipped = 0;
    let release = (): void => undefined;
    const { watcher, said, looks, run } = await begun({
      ship: () => {
        shipped += 1;
        return shipped === 1 ? new Promise((resolve) => (release = resolve)) : broken("The cluster")();
      },
    });
    await looks([watcher], 30);
    strictEqual(shipped, 1, "samples go on while a shipment lasts");
    release();
    await new Promise(setImmediate);
    const before = run.clock.now();
    await looks([watcher], 60);
    const minutes = (run.clock.now() - before) / 60_000;
    strictEqual(shipped - 1, Math.ceil(minutes / 10), `${minutes} min`);
    strictEqual(said.filter((line) => line === "v1.2.3+1: The cluster is away.").length, 1);
  });

  it("retires nothing when it shall only alert", async () => {
    const { world, watcher, did, reasons, looks } = await begun({}, { act: "alert" });
    stall(world);
    strictEqual(await looks([watcher], 100), Number.POSITIVE_INFINITY);
    deepStrictEqual(did, ["alert"]);
    match(reasons[0] ?? "", /the watcher does not retire it\.$/);
  });

  it("posts an alarm once an hour instead of retiring what a channel points to", async () => {
    const { world, watcher, did, reasons, looks } = await begun({ channels: async () => ["testnet"] });
    stall(world);
    strictEqual(await looks([watcher], 32 + 65), Number.POSITIVE_INFINITY);
    deepStrictEqual(did, ["alert", "alert", "alert", "alert"]);
    for (const alarm of reasons.slice(1))
      match(alarm, /^testnet points to it, so it is not retired\. .*smeshnet demote/);
  });

  it("posts the alarm again soon when Discord did not take it", async () => {
    let isDown = false;
    const posted: number[] = [];
    const { world, watcher, looks } = await begun({
      channels: async () => ["testnet"],
      alert: async () => {
        if (isDown) return broken("Discord")();
        posted.push(world.now);
      },
    });
    stall(world);
    await looks([watcher], 20);
    isDown = true;
    await looks([watcher], 14);
    isDown = false;
    await looks([watcher], 10);
    strictEqual(posted.length, 2);
  });

  it("retires nothing while nobody can tell which channels point to it", async () => {
    const { world, watcher, did, said, looks } = await begun({ channels: broken("The backend") });
    stall(world);
    strictEqual(await looks([watcher], 60), Number.POSITIVE_INFINITY);
    deepStrictEqual(did, ["alert"]);
    ok(said.filter((line) => line === "v1.2.3+1: The backend is away.").length <= 6);
  });

  it("is one of two that retires, once", async () => {
    const { world, watcher, start, did, looks } = await begun();
    const other = await world.watcher(TAG, { ...watcher.options, watcher: "two", log: (await start()).options.log });
    stall(world);
    await looks([watcher, other], 40);
    deepStrictEqual(
      did.filter((one) => one !== "alert"),
      ["retire stalled"],
    );
    strictEqual((await kindsIn(world)).filter((kind) => kind === "retirement").length, 1);
  });

  it("tries a retirement again that failed, and not with each sample", async () => {
    let tries = 0;
    const { world, watcher, looks } = await begun({
      retire: async () => {
        if (++tries < 3) await broken("The archive")();
      },
    });
    stall(world);
    const layers = await looks([watcher], 60);
    strictEqual(tries, 3);
    ok(layers > 31 + 10 && layers <= 33 + 11, `${layers}`);
  });
});

describe("the postmortem of a network that a watcher retires", () => {
  it("is drafted at once, and again when the network is archived", async () => {
    const order: string[] = [];
    const { world, watcher, looks } = await begun({
      retire: async () => void order.push("retire"),
      recap: async () => void order.push("recap"),
    });
    stall(world);
    await looks([watcher], 40);
    deepStrictEqual(order, ["recap", "retire", "recap"]);
  });

  it("does not hold up the retirement, whatever long it takes", async () => {
    let release: () => void = () => undefined;
    const drafted = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { world, watcher, looks } = await begun({ recap: () => drafted, retire: async () => release() });
    stall(world);
    ok((await looks([watcher], 40)) <= 33);
  });

  it("is drafted at once also when the retirement fails, and with each new try", async () => {
    const order: string[] = [];
    const { world, watcher, looks } = await begun({
      retire: async () => {
        order.push("retire");
        await broken("The archive")();
      },
      recap: async () => void order.push("recap"),
    });
    stall(world);
    await looks([watcher], 33);
    deepStrictEqual(order, ["recap", "retire"]);
    await looks([watcher], 8);
    deepStrictEqual(order, ["recap", "retire", "recap", "retire"]);
  });

  it("may fail, and the network is retired all the same", async () => {
    const { world, watcher, did, said, run, looks } = await begun({
      recap: () => tryDraft(parseBuildTag(TAG), broken("The blog"), run),
    });
    stall(world);
    ok((await looks([watcher], 40)) <= 33);
    deepStrictEqual(did, ["alert", "retire stalled"]);
    ok(said.some((line) => line.includes("The blog is away.")));
  });
});

describe("a retirement that was interrupted", () => {
  /** A network that a watcher begins to retire when it is killed. */
  async function killed(more: Partial<Hands> = {}) {
    let isKilled = false;
    const world = await begun({
      ...more,
      retire: async (why, verdict) => {
        if (!isKilled) {
          isKilled = true;
          throw new Error("killed");
        }
        if (more.retire) return more.retire(why, verdict);
        world.did.push(`retire ${verdict}`);
        world.reasons.push(why);
      },
    });
    stall(world.world);
    await world.looks([world.watcher], 40).catch(() => undefined);
    return world;
  }

  it("is continued by the watcher that began it, with the same reason", async () => {
    const { start, did, said, reasons, run } = await killed();
    await (await start()).completeRetirement(run);
    strictEqual(did.at(-1), "retire stalled");
    match(reasons.at(-1) ?? "", /^stalled for 30 layers\./);
    match(said.at(-1) ?? "", /interrupted, so it is continued$/);
  });

  it("is continued by another watcher only when nobody can be at work on it", async () => {
    const { world, start, did, run } = await killed();
    const other = await start({ watcher: "two" });
    await other.completeRetirement(run);
    ok(!did.includes("retire stalled"));
    world.now += 601_000;
    await other.completeRetirement(run);
    ok(did.includes("retire stalled"));
  });

  it("is left alone when a person began it", async () => {
    const { start, did, run } = await begun();
    await (await start()).completeRetirement(run);
    deepStrictEqual(did, []);
  });

  it("is left alone when the network recovered since, and a person retires it", async () => {
    const { world, start, did, looks, run } = await killed();
    world.stuckAt = undefined;
    await looks([await start()], 20);
    did.length = 0;
    await (await start()).completeRetirement(run);
    deepStrictEqual(did, []);
  });

  it("is left alone by a watcher that shall only alert", async () => {
    const { start, did, run } = await killed();
    await (await start({ act: "alert" })).completeRetirement(run);
    ok(!did.includes("retire stalled"));
  });

  it("that fails again does not stop the watch of other networks", async () => {
    const { start, said, run } = await killed({ retire: broken("The archive") });
    await (await start()).completeRetirement(run);
    match(said.at(-1) ?? "", /The archive is away\.$/);
  });

  it("does not stop the watch of other networks while the store is away", async () => {
    const { world, start, said, did, run } = await killed();
    const watcher = await start();
    world.store.isAway = true;
    await watcher.completeRetirement(run);
    ok(!did.includes("retire stalled"));
    match(said.at(-1) ?? "", /The store is away\.$/);
  });
});
