import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { begun, broken, kindsIn, stall, TAG } from "../../support/watcher-hands";

describe("the alerts of a watcher", () => {
  it("come at the change of a verdict, and not with each sample", async () => {
    const { world, watcher, titles, looks } = await begun();
    stall(world);
    await looks([watcher], 20);
    deepStrictEqual(titles, ["v1.2.3+1 is stalled"]);
    world.stuckAt = undefined;
    await looks([watcher], 20);
    deepStrictEqual(titles, ["v1.2.3+1 is stalled", "v1.2.3+1 is healthy again"]);
  });

  it("keep a distance when a verdict comes and goes", async () => {
    const { world, watcher, titles, looks } = await begun();
    for (let i = 0; i < 12; i++) {
      stall(world);
      await looks([watcher], 4);
      world.stuckAt = undefined;
      await looks([watcher], 2);
    }
    ok(titles.length >= 2 && titles.length <= 1 + (12 * 6) / 6, `${titles.length} alerts`);
  });

  it("are not repeated by a watcher that starts again, or by a second one", async () => {
    const { world, watcher, start, titles, looks } = await begun();
    stall(world);
    await looks([watcher], 10);
    await looks([await start()], 5);
    await looks([await world.watcher(TAG, { ...watcher.options, watcher: "two" })], 5);
    strictEqual(titles.length, 1);
  });

  it("are posted as soon as Discord takes them", async () => {
    let isDown = true;
    const posted: unknown[] = [];
    const { world, watcher, said, looks } = await begun({
      alert: async (message) => {
        if (isDown) await broken("Discord")();
        posted.push(message);
      },
    });
    stall(world);
    await looks([watcher], 10);
    strictEqual(said.filter((line) => line.includes("Discord")).length, 1);
    isDown = false;
    await looks([watcher], 1);
    strictEqual(posted.length, 1);
  });

  it("tell of no blindness while somebody retires the network", async () => {
    const { watcher, titles, looks, start } = await begun({ runs: async () => false });
    const { ask } = watcher.options;
    const blind = await start({ ask: async (layer) => ({ ...(await ask(layer)), nodes: [] }) });
    await looks([blind], 10);
    deepStrictEqual(titles, []);
  });

  it("mention nobody", async () => {
    const messages: unknown[] = [];
    const { world, watcher, looks } = await begun({ alert: async (message) => void messages.push(message) });
    stall(world);
    await looks([watcher], 10);
    deepStrictEqual((messages[0] as { allowed_mentions: unknown }).allowed_mentions, { parse: [] });
  });
});

describe("a watcher whose hands fail", () => {
  it("goes on watching, and says each failure once", async () => {
    const { world, watcher, said, looks } = await begun({
      visit: broken("The explorer"),
      alert: broken("Discord"),
      known: broken("Cloudflare"),
      summarize: broken("Cloudflare"),
      channels: broken("The backend"),
    });
    stall(world);
    await looks([watcher], 40);
    strictEqual((await kindsIn(world)).filter((kind) => kind === "sample").length, 4 * 45);
    for (const who of ["The explorer", "Discord", "Cloudflare"])
      strictEqual(said.filter((line) => line === `${TAG}: ${who} is away.`).length, 1, who);
  });

  it("tells of a bug instead of hiding it", async () => {
    const bug = new Error("a bug");
    const visit = async (): Promise<never> => {
      throw bug;
    };
    await rejects(begun({ visit }), bug);
  });
});

describe("the summary of a watcher", () => {
  it("goes to the edge every five minutes and at each change of the verdict", async () => {
    const at: number[] = [];
    const { world, watcher, looks } = await begun({
      summarize: async ({ watchedAt }) => void at.push(Date.parse(watchedAt)),
    });
    await looks([watcher], 20);
    strictEqual(at.length, 10);
    const gaps = at.slice(1).map((time, i) => (time - (at[i] ?? 0)) / 1000);
    ok(
      gaps.every((gap) => gap >= 300),
      gaps.join(),
    );
    const count = at.length;
    stall(world);
    await looks([watcher], 3);
    ok(at.length > count);
  });
});
