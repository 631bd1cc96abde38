import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { runs } from "../../../../../infra/base/web/simmer/bands";
import type { Simmer } from "../../../../../infra/base/web/simmer/input";
import { timelineOf } from "../../../../../infra/base/web/simmer/timeline";
import { simmerAfter, type Trouble } from "../../../../support/simmers";

const HOUR = 3600;
const kindsOf = (simmer: Simmer, now?: number) =>
  timelineOf(simmer, now)
    .intervals.filter(({ kind }, i, all) => kind !== all[i - 1]?.kind)
    .map(({ kind, from }) => `${kind} from ${from / HOUR} h`);
const watchedAt = (simmer: Simmer) => Date.parse(simmer.watchedAt);

describe("timelineOf", () => {
  it("gives each time the verdict of the point at its end", () => {
    const troubles: Trouble[] = [
      { from: 10, to: 12, kind: "stalled" },
      { from: 20, to: 21, kind: "blind" },
    ];
    deepStrictEqual(kindsOf(simmerAfter(24, troubles)), [
      "healthy from 0 h",
      "stalled from 10 h",
      "healthy from 12 h",
      "blind from 20 h",
      "healthy from 21 h",
    ]);
  });

  it("finds times that nobody watched, and draws no curve across them", () => {
    const simmer = simmerAfter(24, [{ from: 10, to: 13, kind: "unwatched" }]);
    deepStrictEqual(kindsOf(simmer), ["healthy from 0 h", "unwatched from 10 h", "healthy from 13 h"]);
    strictEqual(timelineOf(simmer, undefined).pieces.length, 2);
  });

  it("counts the time since the last sign of a dead watcher as unwatched", () => {
    const simmer = simmerAfter(24);
    deepStrictEqual(kindsOf(simmer, watchedAt(simmer) + 2 * HOUR * 1000), ["healthy from 0 h", "unwatched from 24 h"]);
    deepStrictEqual(kindsOf(simmer), ["healthy from 0 h"]);
  });

  it("ends at the full days while they are to come, so that blind time moves the end", () => {
    const simmer = simmerAfter(24, [{ from: 10, to: 13, kind: "blind" }]);
    strictEqual(timelineOf(simmer, watchedAt(simmer)).end, (7 * 24 + 3) * HOUR);
    strictEqual(timelineOf(simmer, undefined).end, 24 * HOUR);
  });

  it("is the same for points in any order and given twice, and ignores points that cannot be", () => {
    const simmer = simmerAfter(24, [{ from: 10, to: 13, kind: "unwatched" }]);
    const point = { top: 1, verdict: "split" } as const;
    const impossible = [-1, 0, 1e300, -1e300].map((time) => ({ ...point, time }));
    const points = [...simmer.points, ...simmer.points, ...impossible].reverse();
    deepStrictEqual(timelineOf({ ...simmer, points }, undefined), timelineOf(simmer, undefined));
  });

  it("shows the present verdict from its beginning while there is no point", () => {
    const simmer = { ...simmerAfter(1), points: [] };
    deepStrictEqual(kindsOf(simmer), ["healthy from 0 h"]);
  });

  it("has an end above 0 before the effective genesis", () => {
    for (const now of [undefined, 0]) ok(timelineOf(simmerAfter(-5, [], { needed: 0 }), now).end > 0);
  });
});

describe("runs", () => {
  it("shows a trouble of seconds in a week, and the worst of a column", () => {
    const week = 168 * HOUR;
    const intervals = [
      { from: 0, to: week, kind: "healthy" },
      { from: week / 2, to: week / 2 + 1, kind: "stalled" },
      { from: week / 2 + 1, to: week / 2 + 2, kind: "split" },
    ] as const;
    deepStrictEqual(runs(intervals, week, 100), [
      { from: 0, to: 50, kind: "healthy" },
      { from: 50, to: 51, kind: "split" },
      { from: 51, to: 100, kind: "healthy" },
    ]);
  });
});
