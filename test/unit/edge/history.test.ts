import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import {
  lifeSpan,
  newestRetirementFirst,
  type Retired,
  readRetired,
  retiredPage,
  retiredSection,
  withSection,
} from "../../../edge/history";
import { emptyChannelPage, indexPage } from "../../../edge/index-page";
import { tagOfName } from "../../../edge/networks";

const RECORD = {
  schema: 1,
  tag: "v1.2.3+1",
  openedAt: "2026-11-22T07:40:00Z",
  retiredAt: "2026-11-25T09:00:00Z",
  verdict: "healthy",
  why: "a newer build",
  archive: "https://archive.example/archives/v1.2.3+1/1/manifest.json",
  lastSeen: { verifiedLayer: 1200, topLayer: 1203 },
};
const KEY = `1_2_3_1:${RECORD.openedAt}`;
const retired = (fields: Partial<Retired> = {}): Retired => ({ name: "1_2_3_1", ...RECORD, ...fields });

describe("The history at the edge", () => {
  it("reads a record with the name that is in its key", () => {
    deepStrictEqual(readRetired(KEY, JSON.stringify(RECORD)), retired());
  });

  for (const broken of ["", "null", "[]", "7", JSON.stringify({ ...RECORD, retiredAt: "yesterday" }), '{"tag":"v1"}']) {
    it(`takes no record from ${broken || "an empty value"}`, () => strictEqual(readRetired(KEY, broken), undefined));
  }

  it("leaves out of a record what is not as it should be and need not be there", () => {
    const odd = JSON.stringify({ ...RECORD, archive: 7, lastSeen: { verifiedLayer: "12" } });
    const { archive, lastSeen } = readRetired(KEY, odd) ?? {};
    deepStrictEqual([archive, lastSeen], [undefined, undefined]);
  });

  it("has the newest retirement first", () => {
    const [old, middle, late] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"].map(
      (retiredAt) => retired({ retiredAt }),
    ) as [Retired, Retired, Retired];
    deepStrictEqual(newestRetirementFirst([middle, late, old]), [late, middle, old]);
  });

  it("tells a life span in the largest unit of which there are two", () => {
    const spans = (...ends: string[]) => ends.map((end) => lifeSpan("2026-01-01T00:00:00Z", end));
    deepStrictEqual(
      spans("2026-01-01T00:00:20Z", "2026-01-01T01:59:00Z", "2026-01-02T23:59:00Z", "2026-01-11T12:00:00Z"),
      ["1 minute", "119 minutes", "47 hours", "10 days"],
    );
  });

  it("shows all of a record, and the place of an archive as a link only where a browser can follow it", () => {
    const section = retiredSection(retired());
    match(section, /Retired on <time datetime="2026-11-25T09:00:00Z">25 November 2026, 09:00 UTC<\/time>/);
    match(section, /It lived 3 days\./);
    match(section, /healthy.*a newer build.*Layer 1,203, verified up to 1,200/s);
    match(section, /<a href="https:\/\/archive\.example\/archives\/v1\.2\.3\+1\/1\/manifest\.json">/);
    match(retiredSection(retired({ archive: "s3://bucket/k" })), /<code>s3:\/\/bucket\/k<\/code>/);
    match(retiredSection(retired({ archive: undefined })), /none was made/);
    doesNotMatch(retiredSection(retired({ archive: "javascript:alert(1)" })), /href/);
    doesNotMatch(retiredSection(retired({ lastSeen: undefined })), /Last seen/);
  });

  it("keeps a record text, whatever is in it", () => {
    const bad = `</section><script>"'&$&`;
    const hostile = retired({ why: bad, verdict: bad, archive: `https://${bad}`, tag: bad });
    for (const page of [retiredSection(hostile), retiredPage(hostile), indexPage(lists([hostile]))]) {
      doesNotMatch(page, /<script>|<\/section>.*<\/section>/s);
      match(page, /&#60;script&#62;/);
    }
  });

  it("puts the section right after <main>, and changes nothing else of the page", () => {
    const page = "<body>\n<main>\n<header>$&</header>\n<main></main>";
    const section = retiredSection(retired({ why: "costs $& and $1" }));
    strictEqual(withSection(page, section), `<body>\n<main>${section}\n<header>$&</header>\n<main></main>`);
  });
});

describe("The index at the edge", () => {
  it("calls networks by their build tags and leads to each, also to those that are gone", () => {
    const page = indexPage({ ...lists([retired()]), running: ["1_2_4_1"], others: ["1_0_0_1"] });
    match(
      page,
      /Running<.*<a href="\/networks\/1_2_4_1">v1\.2\.4\+1<\/a>.*Retired<.*<a href="\/networks\/1_2_3_1">v1\.2\.3\+1<\/a>/s,
    );
    match(
      page,
      /a newer build.*Lived 3 days, from .*Last seen at layer 1,203, .*archive\.example.*Not in the list<.*v1\.0\.0\+1/s,
    );
  });

  it("says when there is nothing yet", () => match(indexPage(lists([])), /There is no network yet/));

  it("knows a network's tag by its name, and leaves other names as they are", () => {
    deepStrictEqual(["10_2_30_4", "testnet"].map(tagOfName), ["v10.2.30+4", "testnet"]);
  });

  it("is where the page of an empty channel leads", () => {
    match(
      emptyChannelPage("<b>", "https://d.example/?a&b"),
      /&#60;b&#62; points to no network yet\. <a href="https:\/\/d\.example\/\?a&#38;b">/,
    );
  });
});

const lists = (gone: readonly Retired[]) => ({ channels: [], running: [], others: [], retired: gone });
