import { deepStrictEqual, ok } from "node:assert";
import { tapAlerts } from "../../../infra/deploy/monitoring/tap-alerts";
import { Metrics } from "../../../tap/metrics";
import { NETWORK } from "../../support/alerts/trials";
import { TapWorld } from "../../support/tap/world";

describe("the tap's metrics", () => {
  const NAMES = ["balance", "budget", "budget_left"].map((name) => `smeshnet_tap_${name}_smidge`);
  async function values({ tap }: TapWorld): Promise<(number | undefined)[]> {
    const metrics = new Metrics();
    metrics.show(tap);
    const text = await metrics.registry.metrics();
    return NAMES.map((name) => {
      const [, found] = new RegExp(`^${name} (\\d{1,20})$`, "m").exec(text) ?? [];
      return found === undefined ? undefined : Number(found);
    });
  }

  it("have no balance before the first look at the chain, then what the chain says", async () => {
    const world = new TapWorld();
    deepStrictEqual(await values(world), [undefined, 5000, 5000]);
    await world.look();
    deepStrictEqual(await values(world), [1_000_000, 5000, 5000]);
  });

  it("tell what is left of the day's budget after a gift", async () => {
    const world = new TapWorld();
    await world.look();
    world.chain.nextLayer();
    await world.look();
    world.ask(1, 1);
    deepStrictEqual((await values(world)).slice(1), [5000, 4000]);
  });

  it("are all that the alert TapLow asks for", () => {
    const [low] = tapAlerts(NETWORK);
    ok(low);
    deepStrictEqual([...new Set(low.expression.match(/smeshnet_\w+/g))].sort(), [...NAMES].sort());
  });
});
