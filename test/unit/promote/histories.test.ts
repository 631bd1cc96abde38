import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { played } from "../../support/histories/play";
import { isLinearizable, type Operation } from "../../support/histories/register";
import type { Planted } from "../../support/histories/world";

/** Histories that are played; `HISTORIES=20000` plays more. */
const HISTORIES = Number(process.env.HISTORIES ?? 500);

/** Histories after which a planted fault must have been found. */
const PLANTED_WITHIN = 3000;

const PLANTED: readonly Planted[] = [
  "records are overwritten",
  "arrives though given up",
  "gives up without the lock",
  "branch follows the tag",
  "announces without an intent",
  "two engines at once",
  "no refresh",
];

describe("promotions, demotions and abandonments of two writers, killed at any operation", function () {
  this.timeout(600_000);

  it(`are ${HISTORIES} histories of a compare-and-swap register, and all that is begun can be ended`, async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= HISTORIES && wrong.length < 5; seed++)
      wrong.push(...(await played(seed)).map((what) => `seed ${seed}: ${what}`));
    deepStrictEqual(wrong, []);
  });

  for (const planted of PLANTED) {
    it(`are found wrong when ${planted}`, async () => {
      for (let seed = 1; seed <= PLANTED_WITHIN; seed++) if ((await played(seed, planted)).length > 0) return;
      ok(false, `${PLANTED_WITHIN} histories show nothing`);
    });
  }
});

describe("the register's checker", () => {
  const one = (
    what: Operation["what"],
    generation: number,
    from: number,
    to: number,
    result = "ok" as Operation["result"],
  ) => ({
    ...{ what, generation, result, from, to },
  });

  it("finds the order of operations that overlap", () => {
    strictEqual(isLinearizable([one("read taken", 1, 0, 9), one("begin", 1, 1, 3), one("arrive", 1, 4, 8)]), true);
    strictEqual(isLinearizable([one("begin", 1, 0, 5), one("begin", 1, 1, 6, "overtaken")]), true);
  });

  it("lets a killed operation count, or not", () => {
    const killed = one("begin", 1, 0, Number.POSITIVE_INFINITY, "unknown");
    strictEqual(isLinearizable([killed, one("read taken", 1, 4, 5)]), true);
    strictEqual(isLinearizable([killed, one("read taken", 0, 4, 5)]), true);
  });

  it("refuses a generation that is taken twice or skipped, a stale read, and an arrival after an abandonment", () => {
    const begun = one("begin", 1, 0, 1);
    for (const wrong of [
      [begun, one("begin", 1, 2, 3)],
      [begun, one("begin", 3, 2, 3)],
      [begun, one("read taken", 0, 2, 3)],
      [begun, one("give up", 1, 2, 3), one("arrive", 1, 4, 5)],
      [begun, one("arrive", 1, 2, 3), one("give up", 1, 4, 5)],
    ])
      strictEqual(isLinearizable(wrong), false, JSON.stringify(wrong));
  });
});
