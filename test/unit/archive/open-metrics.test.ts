import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { gapWords, needsReason } from "../../../infra/archive/gaps";
import { openMetrics, RangeAnswer } from "../../../infra/archive/open-metrics";
import { isMonitored } from "../../../infra/archive/series";

describe("openMetrics", () => {
  const text = (metric: Record<string, string>, values: [number, string][]) =>
    [...openMetrics("up", [{ metric, values }], { network: "v1.2.3+1" })].join("");

  it("writes each point of a series with its time", () => {
    strictEqual(
      text({ __name__: "up", job: "node" }, [
        [10, "1"],
        [20.5, "NaN"],
      ]),
      '# TYPE up unknown\nup{network="v1.2.3+1",job="node"} 1 10\nup{network="v1.2.3+1",job="node"} NaN 20.5\n',
    );
  });

  it("keeps a network that a series names itself, and escapes what labels hold", () => {
    strictEqual(text({ network: 'a"\\\n' }, [[1, "0"]]), '# TYPE up unknown\nup{network="a\\"\\\\\\n"} 0 1\n');
  });

  it("writes nothing for a metric without series", () => {
    deepStrictEqual([...openMetrics("up", [], {})], []);
  });
});

describe("RangeAnswer", () => {
  const answer = (metric: object, value: unknown) => ({
    status: "success",
    data: { resultType: "matrix", result: [{ metric, values: [[1, value]] }] },
  });

  it("refuses labels and values that would write other lines", () => {
    ok(RangeAnswer.safeParse(answer({ a: "x\n" }, "-0.5")).success);
    for (const [metric, value] of [
      [{ 'a="x"} 1\nb': "" }, "1"],
      [{}, "1 2\nup 3"],
      [{}, 1],
    ] as const)
      ok(!RangeAnswer.safeParse(answer(metric, value)).success, JSON.stringify([metric, value]));
  });
});

describe("a gap of series", () => {
  it("needs no reason, and says why in the archive's words", () => {
    const gap = { kind: "series", saw: "up: forbidden" };
    ok(!needsReason(gap));
    strictEqual(gapWords(gap), "metrics of the monitoring (up: forbidden)");
  });

  it("is looked for only in networks whose settings have monitoring", () => {
    deepStrictEqual([{ monitoring: true }, { monitoring: false }, {}, undefined].map(isMonitored), [
      true,
      false,
      false,
      false,
    ]);
  });
});
