import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { readSimmerSummary } from "../../../../../infra/base/model/simmer-summary";
import { SIMMER_VERDICTS } from "../../../../../infra/base/model/verdict";
import { simmerNotice, simmerPlot } from "../../../../../infra/base/web/simmer/plot";
import { ticks } from "../../../../../infra/base/web/simmer/scale";
import { sparkline } from "../../../../../infra/base/web/simmer/sparkline";
import { simmerAfter, type Trouble } from "../../../../support/simmers";

const troubles: Trouble[] = [
  { from: 10, to: 20, kind: "slow" },
  { from: 30, to: 40, kind: "stalled" },
  { from: 50, to: 60, kind: "split" },
  { from: 70, to: 80, kind: "blind" },
  { from: 85, to: 95, kind: "unwatched" },
];
const simmer = simmerAfter(100, troubles);
const now = Date.parse(simmer.watchedAt);
const tagsOf = (markup: string) => [...markup.matchAll(/<(\/?[a-z]+)/gi)].map(([, name]) => name);

describe("simmerPlot", () => {
  it("tells its facts in title and description, and names each kind of band", () => {
    const plot = simmerPlot(simmer, now);
    match(plot, /<svg [^>]*role="img" aria-labelledby="t d"/);
    match(plot, /<title id="t">Simmer of v1\.2\.3\+1: healthy, day 2\.5 of 7<\/title>/);
    match(plot, /<desc id="d">healthy since .*Last seen at layer 1,776, verified up to 1,774\./);
    for (const kind of ["healthy", "slow", "stalled", "split", "blind", "unwatched"]) {
      match(plot, new RegExp(`<pattern id="p-${kind}"`));
      match(plot, new RegExp(`>${kind} <tspan`));
    }
    match(plot, /prefers-color-scheme: dark/);
  });

  it("shows in the legend only kinds that occur", () => {
    doesNotMatch(simmerPlot(simmerAfter(100), now), />(slow|stalled|split|blind|unwatched) </);
  });

  it("is shorter than 20 kB for 400 points, even if the verdict changes at each", () => {
    const points = Array.from({ length: 400 }, (_, i) => ({
      time: 172_800 + 1500 * i,
      top: 576 + 5 * i,
      verified: 576 + ((i * 7919) % 2000),
      verdict: SIMMER_VERDICTS[i % 5] ?? "healthy",
    }));
    const { length } = simmerPlot({ ...simmerAfter(168), points, evidence: "e".repeat(999) }, now);
    ok(length < 20_000, `${length}`);
    ok(simmerPlot({ ...simmerAfter(168), points: [...points, ...points, ...points] }, now).length < 20_000);
  });

  it("draws a lag of 0 while nodes tell a verified layer above the top", () => {
    const points = simmer.points.map((point) => ({ ...point, verified: point.top + 100 }));
    match(simmerPlot({ ...simmer, points }, now), /Lag of the verified layer: last 0, most 0/);
  });

  it("draws no or one point", () => {
    match(simmerPlot({ ...simmer, points: [] }, now), /top –/);
    match(simmerPlot({ ...simmer, points: simmer.points.slice(0, 1) }, now), /d="M\d+ \d+l0 0"/);
  });

  it("is well-formed and of known elements, whatever a watcher stores", () => {
    const elements = new Set(tagsOf(simmerPlot(simmer, now)).concat(tagsOf(`${sparkline(simmer, now, "s")}`)));
    fc.assert(
      fc.property(storedSummary(), fc.option(fc.integer(), { nil: undefined }), (stored, now) => {
        const summary = readSimmerSummary(stored);
        ok(summary, stored);
        for (const markup of [simmerPlot(summary, now), sparkline(summary, now, "s").toString()]) {
          const unknown = tagsOf(markup).filter((tag) => !elements.has(tag));
          deepStrictEqual([unknown, markup.match(/NaN|undefined|Infinity/)?.[0]], [[], undefined]);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them
          doesNotMatch(markup, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u);
          encodeURIComponent(markup);
        }
      }),
    );
  });
});

describe("simmerNotice", () => {
  it("shows a sentence as text", () => match(simmerNotice("<b> is not"), /<title id="t">&#60;b&#62; is not<\/title>/));
});

describe("ticks", () => {
  it("are round values, whole, and not many", () => {
    deepStrictEqual(ticks({ low: 576, high: 2592 }, 3), [1000, 2000]);
    deepStrictEqual(ticks({ low: 0, high: 7 }, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
    deepStrictEqual(ticks({ low: 5, high: 6 }, 3), [5, 6]);
    strictEqual(ticks({ low: 0, high: 1e12 }, 3).length, 3);
  });
});

/** Summaries as a broken or hostile watcher might store them. */
const storedSummary = () => {
  const figure = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.nat(1000));
  const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("</svg><script>", "\u0000]]>", "\ud800", '"&'));
  const verdict = fc.constantFrom(...SIMMER_VERDICTS);
  const point = fc.record({ time: figure, top: figure, verified: fc.option(figure, { nil: undefined }), verdict });
  return fc
    .record({
      tag: text,
      evidence: text,
      watchedAt: time,
      since: time,
      genesisTime: time,
      certifiedAt: fc.option(time, { nil: undefined }),
      every: figure,
      needed: figure,
      layerDuration: figure,
      effectiveGenesis: figure,
      verdict,
      observed: fc.record({ healthy: figure, slow: figure, stalled: figure, split: figure, blind: figure }),
      points: fc.array(point, { maxLength: 12 }),
    })
    .map((summary) => JSON.stringify(summary));
};
