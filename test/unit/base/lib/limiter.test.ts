import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { limiter } from "../../../../infra/base/lib/limiter";

describe("limiter", () => {
  it("runs as many acts at a time as it may, and all of them in order", async () => {
    const limit = limiter(3);
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        limit(async () => {
          begun.push(i);
          most = Math.max(most, ++running);
          await new Promise(setImmediate);
          running -= 1;
          return i;
        }),
      ),
    );
    strictEqual(most, 3);
    deepStrictEqual([begun, results], [results, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  });

  it("goes on after an act that fails", async () => {
    const limit = limiter(1);
    const failing = limit(() => Promise.reject(new Error("no")));
    const after = limit(async () => "done");
    await rejects(failing, /no/);
    strictEqual(await after, "done");
  });
});
