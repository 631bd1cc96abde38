import { deepStrictEqual } from "node:assert";
import { atOnce } from "../../../../infra/base/lib/at-once";

describe("atOnce", () => {
  it("keeps the order of the items and never exceeds its limit", async () => {
    let running = 0;
    let most = 0;
    const results = await atOnce([3, 1, 2, 0], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < item; i++) await Promise.resolve();
      running -= 1;
      return item;
    });
    deepStrictEqual([results, most], [[3, 1, 2, 0], 2]);
  });
});
