import { deepStrictEqual } from "node:assert";
import { Backend } from "../../../simulation/recovery/backend";
import { planOf, play } from "../../../simulation/recovery/play";

/** Runs in CI; `npm run kill-recoveries` plays 200. Each kills at another part of a recovery. */
const SEEDS = [29, 47, 103];

describe("two commands at one stack, with real engines, killed at file operations of recover", function () {
  this.timeout(60_000);
  let template: Backend;

  before(() => {
    template = new Backend();
  });
  after(() => template.close());

  for (const seed of SEEDS)
    it(`are never two engines, and never write an older state (seed ${seed})`, async () => {
      const { wrong, lines } = await play(planOf(seed), template);
      deepStrictEqual(wrong, [], lines.join("\n---\n"));
    });
});
