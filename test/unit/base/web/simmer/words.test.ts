import { deepStrictEqual, match, strictEqual } from "node:assert";
import {
  clean,
  description,
  headline,
  isLate,
  lastWatched,
  progress,
  shortSpan,
  wrapped,
} from "../../../../../infra/base/web/simmer/words";
import { simmerAfter } from "../../../../support/simmers";

const DAY = 86_400;
const NOTHING = { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 };

describe("progress", () => {
  it("counts healthy and slow time, and rounds down until the days are full", () => {
    const observed = { healthy: 3 * DAY, slow: 0.45 * DAY, stalled: DAY, split: DAY, blind: DAY };
    strictEqual(progress({ observed, needed: 7 * DAY }), "day 3.4 of 7");
    strictEqual(progress({ observed: { ...NOTHING, healthy: 7 * DAY - 1 }, needed: 7 * DAY }), "day 6.9 of 7");
    strictEqual(progress({ observed: { ...NOTHING, healthy: 9 * DAY }, needed: 7 * DAY }), "day 7 of 7");
  });

  it("counts a short simmer in a shorter unit", () => {
    strictEqual(progress({ observed: { ...NOTHING, healthy: 90 }, needed: 600 }), "minute 1.5 of 10");
    strictEqual(progress({ observed: NOTHING, needed: 60 }), "second 0.0 of 60");
  });

  it("counts the short days of a rehearsal", () => {
    strictEqual(progress({ observed: { ...NOTHING, healthy: 21 }, needed: 42, day: 6 }), "day 3.5 of 7");
  });
});

describe("isLate", () => {
  const watchedAt = "2026-11-28T07:10:00Z";
  const lateAfter = (seconds: number, every: number) =>
    isLate({ watchedAt, every }, Date.parse(watchedAt) + seconds * 1000);

  it("is true after three times the usual distance, and never within two minutes", () => {
    deepStrictEqual([lateAfter(900, 300), lateAfter(901, 300)], [false, true]);
    deepStrictEqual([lateAfter(120, 1), lateAfter(121, 1)], [false, true]);
    strictEqual(lateAfter(-3600, 300), false);
  });

  it("is false for a retired network", () => strictEqual(isLate({ watchedAt, every: 1 }, undefined), false));
});

describe("words of a simmer", () => {
  const simmer = simmerAfter(82, [{ from: 80, to: 82, kind: "stalled" }], { evidence: "No layer since 1,533." });
  const watched = Date.parse(simmer.watchedAt);

  it("tell the verdict, the day and when it was seen", () => {
    strictEqual(headline(simmer, watched), "stalled, day 3.3 of 7");
    strictEqual(lastWatched(simmer, watched), "Last watched 2026-11-30 07:07 UTC");
  });

  it("tell of a dead watcher that its verdict is of the past", () => {
    const now = watched + 3.4 * 3600_000;
    strictEqual(headline(simmer, now), "was stalled, day 3.3 of 7");
    strictEqual(lastWatched(simmer, now), "Last watched 3 hours ago");
    match(description(simmer, now), /Last watched 3 hours ago\. The watcher may be down\.$/);
  });

  it("describe the plot for readers who do not see it", () => {
    strictEqual(
      description(simmer, watched),
      "stalled since 2026-11-26 21:07 UTC: No layer since 1,533. Observed: healthy 3 days, stalled 2 hours. " +
        "Last seen at layer 1,560, verified up to 1,540. Time counts from the effective genesis, layer 576. " +
        "Last watched 2026-11-30 07:07 UTC.",
    );
  });
});

describe("shortSpan", () => {
  it("shows tenths of few", () => {
    deepStrictEqual([3.49 * DAY, 40 * DAY, 3600, 0].map(shortSpan), ["3.4 d", "40 d", "60 min", "0 s"]);
  });
});

describe("clean", () => {
  it("leaves out characters that break XML, and shortens", () => {
    strictEqual(clean("a\u0000\u001b[1m \n\tb\ud800\uffff😀"), "a[1m b😀");
    strictEqual(clean("😀".repeat(999)), `${"😀".repeat(149)}…`); // at most 300 units of UTF-16
  });
});

describe("wrapped", () => {
  it("breaks lines between words, and ends with an ellipsis when there is more", () => {
    deepStrictEqual(wrapped("one two three", 8, 2), ["one two", "three"]);
    deepStrictEqual(wrapped("one two three four five", 8, 2), ["one two", "three…"]);
    deepStrictEqual(wrapped("x".repeat(20), 8, 2), ["xxxxxxxx", "xxxxxxx…"]);
    deepStrictEqual(wrapped("  ", 8, 2), []);
  });
});
