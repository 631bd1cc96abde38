import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import type { Store } from "../../../infra/base/store/contract";
import { type Networks, takePlace } from "../../../infra/deploy/places";
import { SimulatedStore } from "../../simulation/simmer/media";
import { refusesLater } from "../../support/errors";

const T0 = Date.parse("2026-11-29T12:00:00Z");
const TAG = parseBuildTag("v1.2.3+1");

const at = (now: number) => runWith({ clock: { now: () => now, sleep: () => Promise.reject(new Error("no wait")) } });

/** Networks that run, in a world that is asked for their states only when the number matters. */
const world = (
  limit: number,
  running: readonly string[],
  store: Store = new SimulatedStore(),
  empty: string[] = [],
) => {
  let looks = 0;
  const networks: Networks = {
    limit,
    stacks: async () => [...running, ...empty],
    running: async (stacks) => {
      looks += 1;
      return stacks.filter((tag) => running.includes(tag));
    },
    free: async (tags) => tags.filter((tag) => tag !== "v1.2.2+1"),
    store,
  };
  return { networks, looks: () => looks };
};

describe("a place among the networks that may run", () => {
  it("is free without a limit, and nothing is written or asked", async () => {
    const store = new SimulatedStore();
    const { networks, looks } = world(0, ["v1.2.2+1"], store);
    await takePlace(TAG, networks, at(T0));
    deepStrictEqual([[...store.objects], looks()], [[], 0]);
  });

  it("is free below the limit, without a look at states", async () => {
    const { networks, looks } = world(2, ["v1.2.2+1"]);
    await (await takePlace(TAG, networks, at(T0))).leave();
    strictEqual(looks(), 0);
  });

  it("is refused at the limit, with the networks that run and those that no channel needs", async () => {
    const { networks } = world(2, ["v1.2.2+1", "v1.2.2+2"]);
    await refusesLater(takePlace(TAG, networks, at(T0)), "NetworksTooMany", {
      names: [
        "v1.2.3+1",
        "allows 2",
        "v1.2.2+1, v1.2.2+2",
        "needs (v1.2.2+2)",
        "`smeshnet retire TAG`",
        "`smeshnet list`",
      ],
    });
  });

  it("is taken by no stack without a network", async () => {
    const { networks } = world(2, ["v1.2.2+1"], undefined, ["v1.2.1+1", "v1.2.1+2"]);
    await takePlace(TAG, networks, at(T0));
  });

  it("is taken by a deployment that has just begun, until it ends", async () => {
    const { networks } = world(1, []);
    const place = await takePlace(parseBuildTag("v1.2.4+1"), networks, at(T0));
    await refusesLater(takePlace(TAG, networks, at(T0 + 1000)), "NetworksTooMany", {
      names: ["v1.2.4+1 being deployed"],
    });
    await place.leave();
    await place.leave();
    await takePlace(TAG, networks, at(T0 + 2000));
  });

  it("is kept by the same deployment that runs again after a kill", async () => {
    const { networks } = world(1, []);
    await takePlace(TAG, networks, at(T0));
    await takePlace(TAG, networks, at(T0 + 1000));
  });

  it("comes back after a quarter of an hour when a deployment was killed before it began", async () => {
    const { networks } = world(1, []);
    await takePlace(parseBuildTag("v1.2.4+1"), networks, at(T0));
    await refusesLater(takePlace(TAG, networks, at(T0 + 14 * 60_000)), "NetworksTooMany");
    await takePlace(TAG, networks, at(T0 + 16 * 60_000));
  });

  it("is not taken by a damaged record", async () => {
    const store = new SimulatedStore();
    for (const [number, text] of ["", "{}", '{"schema":1,"tag":"v9","at":"soon"}'].entries())
      await store.put(`places/${number + 1}.json`, text);
    await takePlace(TAG, world(1, [], store).networks, at(T0));
  });

  it("is never given twice, however deployments take turns, and somebody gets it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (turns, limit) => {
        const store = new SimulatedStore();
        const running = new Set<string>();
        let most = 0;
        const slow: Store = {
          put: (key, content) => turns.schedule(Promise.resolve()).then(() => store.put(key, content)),
          get: (key) => store.get(key),
          list: (prefix) => turns.schedule(Promise.resolve()).then(() => store.list(prefix)),
          probe: () => store.probe(),
        };
        const networks: Networks = {
          limit,
          stacks: () => turns.schedule(Promise.resolve()).then(() => [...running]),
          running: async (stacks) => stacks,
          free: async () => [],
          store: slow,
        };
        const deploy = async (number: number) => {
          const tag = `v1.2.3+${number}`;
          try {
            const place = await takePlace(parseBuildTag(tag), networks, at(T0));
            await turns.schedule(Promise.resolve());
            running.add(tag);
            most = Math.max(most, running.size);
            await place.leave();
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        };
        const all = Promise.all([1, 2, 3, 4].map(deploy));
        await turns.waitFor(all);
        ok(most <= limit, `${most} networks run, the limit is ${limit}`);
        ok(most > 0);
      }),
      { numRuns: Number(process.env.PLACES_RUNS ?? 30) },
    );
  });
});
