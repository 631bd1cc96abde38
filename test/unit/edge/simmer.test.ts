import { doesNotMatch, match, strictEqual } from "node:assert";
import { indexPage } from "../../../edge/index-page";
import { lastPlot, runningItem, simmerOfLife } from "../../../edge/simmer";
import { simmerAfter } from "../../support/simmers";

const simmer = simmerAfter(82);
const watched = Date.parse(simmer.watchedAt);

describe("simmerOfLife", () => {
  const before = { retiredAt: "2026-11-01T00:00:00Z" };
  const after = { retiredAt: "2026-12-24T00:00:00Z" };

  it("is the summary of a network that lives or lived once", () => {
    strictEqual(simmerOfLife(simmer, [], true), simmer);
    strictEqual(simmerOfLife(simmer, [after], false), simmer);
  });

  it("is undefined while the summary tells of a former life of the tag", () => {
    strictEqual(simmerOfLife(simmer, [after], true), undefined);
    strictEqual(simmerOfLife(simmer, [{ retiredAt: "2027-01-01T00:00:00Z" }, after], false), undefined);
  });

  it("is the summary of the present life once somebody watches it", () => {
    strictEqual(simmerOfLife(simmer, [before], true), simmer);
    strictEqual(simmerOfLife(simmer, [after, before], false), simmer);
  });
});

describe("a running network on the index", () => {
  const item = (fields: object = {}, now = watched) => runningItem("1_2_3_1", { ...simmer, ...fields }, now).toString();

  it("shows its day, its verdict and its plot", () => {
    match(
      item(),
      /v1\.2\.3\+1<\/a> <span class="verdict" data-verdict="healthy">healthy<.*day 3\.4 of 7.*<svg class="plot spark"/s,
    );
    match(item({ certifiedAt: "2026-12-05T00:00:00Z" }), /day 3\.4 of 7, certified/);
  });

  it("shows the evidence of a trouble as text", () => {
    match(item({ verdict: "stalled", evidence: "<b>" }), /<p class="quiet">&#60;b&#62;<\/p>/);
    doesNotMatch(item(), /25 of 25 nodes/);
  });

  it("shows that its watcher died, and no verdict of today", () => {
    const late = item({}, watched + 3 * 3600_000);
    match(
      late,
      /data-verdict="">was healthy<.*<p class="late">Last watched 3 hours ago\. The watcher may be down\.<\/p>/s,
    );
  });

  it("shows that nobody watches it yet, and no key to plots that are not there", () => {
    const lists = { channels: [], running: ["1_2_3_1"], others: [], failed: new Map(), retired: [] };
    const page = indexPage({ ...lists, simmers: new Map() }, watched);
    match(page, /v1\.2\.3\+1<\/a> <span class="verdict">not watched yet</);
    doesNotMatch(page, /class="key/);
    match(indexPage({ ...lists, simmers: new Map([["1_2_3_1", simmer]]) }, watched), /class="key/);
  });
});

describe("lastPlot", () => {
  it("is a picture within the page, with its facts in words", () => {
    const plot = lastPlot({ ...simmer, evidence: "\ud800\"<'" }).toString();
    match(
      plot,
      /^\n<img src="data:image\/svg\+xml,%3Csvg[^"<>]*" width="100%" height="\d+" alt="Simmer: healthy since [^"<>]*">$/,
    );
  });
});
