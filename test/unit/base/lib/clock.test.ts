import { strictEqual } from "node:assert";
import { clockDifference } from "../../../../infra/base/lib/clock";

const NOW = Date.parse("2026-11-29T10:00:00Z");

describe("clockDifference", () => {
  const cases: [date: string | undefined, said: string | undefined][] = [
    ["Sun, 29 Nov 2026 10:00:00 GMT", undefined],
    ["Sun, 29 Nov 2026 09:59:01 GMT", undefined],
    ["Sun, 29 Nov 2026 08:50:00 GMT", "the clock of this machine is 70 min fast"],
    ["Sun, 29 Nov 2026 11:10:00 GMT", "the clock of this machine is 70 min slow"],
    [undefined, undefined],
    ["soon", undefined],
  ];
  for (const [date, said] of cases)
    it(`says ${said ?? "nothing"} by ${date ?? "no date"}`, () => strictEqual(clockDifference(date, NOW), said));
});
