import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { histogram } from "../../../bench/histogram";
import { AIM, measureStalls, pictureOfStalls } from "../../../bench/stalls";

describe("measureStalls", () => {
  it("finds every stall within the aim, and none before it begins", async () => {
    const { punctual, late, latencies, aimMet } = await measureStalls(20);
    deepStrictEqual([punctual.falseStalls, punctual.missed, late.falseStalls, late.missed], [0, 0, 0, 0]);
    ok(aimMet && punctual.max <= AIM, `${punctual.max} s`);
    strictEqual(latencies.length, 20);
  });

  it("gives the same picture each time", async () => {
    strictEqual(pictureOfStalls(await measureStalls(3)), pictureOfStalls(await measureStalls(3)));
  });
});

describe("histogram", () => {
  const picture = histogram({
    title: "a < b",
    description: "",
    values: [1, 2, 12],
    step: 10,
    axis: "seconds",
    marks: [{ value: 30, name: "aim" }],
  });

  it("draws a bar for each step with values", () => {
    strictEqual(picture.match(/<rect class="bar"/g)?.length, 2);
  });

  it("needs no script, escapes text, and follows the reader's colours", () => {
    doesNotMatch(picture, /<script|onload|href/);
    match(picture, /a &#60; b/);
    match(picture, /prefers-color-scheme: dark/);
  });
});
