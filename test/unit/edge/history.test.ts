import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { newestRetirementFirst, publicRecord, type Retired, readRetired } from "../../../edge/history";
import { emptyChannelPage, indexPage } from "../../../edge/index-page";
import { tagOfName } from "../../../edge/networks";
import { retiredPage, retiredSection, withSection } from "../../../edge/retired";
import { trusted } from "../../../infra/base/web/html";

const RECORD = {
  schema: 1,
  tag: "v1.2.3+1",
  openedAt: "2026-11-22T07:40:00Z",
  retiredAt: "2026-11-25T09:00:00Z",
  verdict: "healthy",
  why: "a newer build",
  archive: "https://archive.example/archives/v1.2.3+1/1/manifest.json",
  lastSeen: { verifiedLayer: 1200, topLayer: 1203 },
  failed: { step: "page", saw: "The page is not served.", at: "2026-11-22T07:59:00Z" },
};
const KEY = `1_2_3_1:${RECORD.openedAt}`;
const retired = (fields: Partial<Retired> = {}): Retired => ({ name: "1_2_3_1", ...RECORD, ...fields });

const NOW = Date.parse("2026-11-26T00:00:00Z");

const sectionOf = (fields: Partial<Retired> = {}): string => retiredSection(retired(fields)).toString();

describe("readRetired", () => {
  it("reads a record, and the network's name from its key", () => {
    deepStrictEqual(readRetired(KEY, JSON.stringify(RECORD)), retired());
  });

  it("leaves out a failure that is not valid", () => {
    const { failed, tag } = readRetired(KEY, JSON.stringify({ ...RECORD, failed: { step: "page" } })) ?? {};
    deepStrictEqual([failed, tag], [undefined, RECORD.tag]);
  });

  it("is undefined for a value that is not a record", () => {
    for (const broken of ["", "null", "[]", "7", '{"tag":"v1"}'])
      strictEqual(readRetired(KEY, broken), undefined, broken);
  });
});

describe("what an archive lacks", () => {
  const missing = ["miner-1-abc/miner, run 2: the log <broke> off", "miner-2-def: the pod was evicted with its logs"];

  it("is named on the network's page, a line each", () => {
    match(
      sectionOf({ missing }),
      /<dt>Not archived<\/dt><dd><div>miner-1-abc\/miner, run 2: the log &#60;broke&#62; off<\/div><div>miner-2-def/,
    );
    doesNotMatch(`${sectionOf()}${sectionOf({ missing: [] })}`, /Not archived/);
  });

  it("is read from the record, unless it is no list of texts", () => {
    deepStrictEqual(readRetired(KEY, JSON.stringify({ ...RECORD, missing }))?.missing, missing);
    for (const broken of ["all", [1], {}, null])
      strictEqual(readRetired(KEY, JSON.stringify({ ...RECORD, missing: broken }))?.missing, undefined);
  });
});

describe("publicRecord", () => {
  it("publishes every field of a stored record in its order, but not the name", () => {
    const stored = JSON.stringify({ ...RECORD, later: { a: 1 } });
    const record = readRetired(KEY, stored);
    strictEqual(record && JSON.stringify(publicRecord(record)), stored);
  });
});

describe("the story of a retired network", () => {
  const URL = "https://github.com/o/blog/blob/recap-v1.2.3-1/_posts/x.md";
  const story = { schema: 1, kind: "postmortem", url: URL } as const;

  it("is linked from the history and from the network's page", () => {
    match(sectionOf({ story }), /<dt>Postmortem<\/dt><dd><a href="https:\/\/github\.com\/o\/blog\/blob\/[^"]+">/);
    match(
      indexPage(lists([retired({ story })]), NOW),
      /<a href="https:\/\/github\.com\/o\/blog\/[^"]+">Postmortem<\/a>/,
    );
    doesNotMatch(`${sectionOf()}${indexPage(lists([retired()]), NOW)}`, /Postmortem|Recap/);
  });

  it("is a recap after a natural death", () =>
    match(sectionOf({ story: { ...story, kind: "recap" } }), /<dt>Recap<\/dt>/));

  it("is text where no browser opens its address", () => {
    for (const url of ["s3://bucket/recap/v1.2.3+1/aa/1.md", "javascript:alert(1)"]) {
      const pages = `${sectionOf({ story: { ...story, url } })}${indexPage(lists([retired({ story: { ...story, url } })]), NOW)}`;
      ok(pages.includes(`<code>${url}</code>`));
      ok(!pages.includes(`href="${url}`));
    }
  });

  it("stands in history.json under its kind", () => {
    deepStrictEqual(publicRecord(retired({ story })), { ...RECORD, postmortem: URL });
  });
});

describe("newestRetirementFirst", () => {
  it("sorts by the time of retirement", () => {
    const [old, middle, late] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"].map(
      (retiredAt) => retired({ retiredAt }),
    ) as [Retired, Retired, Retired];
    deepStrictEqual(newestRetirementFirst([middle, late, old]), [late, middle, old]);
  });
});

describe("retiredSection", () => {
  it("shows every field of a record", () => {
    const section = sectionOf();
    match(section, /Retired on <time datetime="2026-11-25T09:00:00Z">25 November 2026, 09:00 UTC<\/time>/);
    match(section, /It lived 3 days\./);
    match(section, /healthy.*a newer build.*Layer 1,203, verified up to 1,200/s);
    match(section, /<a href="https:\/\/archive\.example\/archives\/v1\.2\.3\+1\/1\/manifest\.json">/);
    match(section, /Failed at<.*page, <time[^>]*>22 November 2026, 07:59 UTC<\/time>: The page is not served\./);
    doesNotMatch(sectionOf({ lastSeen: undefined, failed: undefined }), /Last seen|Failed at/);
  });

  it("links to an archive only at an address that browsers can open", () => {
    match(sectionOf({ archive: "s3://bucket/k" }), /<code>s3:\/\/bucket\/k<\/code>/);
    match(sectionOf({ archive: undefined }), /none was made/);
    doesNotMatch(sectionOf({ archive: "javascript:alert(1)" }), /href/);
  });

  it("shows a record as text, even when it contains markup, as do the pages", () => {
    const bad = `</section><script>"'&$&`;
    const hostile = retired({ why: bad, verdict: bad, archive: `https://${bad}`, tag: bad });
    for (const page of [retiredSection(hostile).toString(), retiredPage(hostile), indexPage(lists([hostile]), NOW)]) {
      doesNotMatch(page, /<script>|<\/section>.*<\/section>/s);
      match(page, /&#60;script&#62;/);
    }
  });
});

describe("withSection", () => {
  it("inserts the section right after <main>, and changes nothing else of the page", () => {
    const page = "<body>\n<main>\n<header>$&</header>\n<main></main>";
    const section = retiredSection(retired({ why: "costs $& and $1" }));
    strictEqual(withSection(page, section), `<body>\n<main>${section}\n<header>$&</header>\n<main></main>`);
    strictEqual(withSection("<p>", trusted("x")), "<p>");
  });
});

describe("indexPage", () => {
  it("links to every network by its build tag, including retired ones", () => {
    const page = indexPage({ ...lists([retired()]), running: ["1_2_4_1"], others: ["1_0_0_1"] }, NOW);
    match(
      page,
      /Running<.*<a href="\/networks\/1_2_4_1">v1\.2\.4\+1<\/a>.*Retired<.*<a href="\/networks\/1_2_3_1">v1\.2\.3\+1<\/a>/s,
    );
    match(
      page,
      /a newer build.*Lived 3 days, from .*Last seen at layer 1,203, .*archive\.example.*Not in the list<.*v1\.0\.0\+1/s,
    );
  });

  it("states that there is no network yet", () => match(indexPage(lists([]), NOW), /There is no network yet/));

  it("shows a name as text, even when it contains markup", () => {
    const page = indexPage({ ...lists([]), running: ["<script>"] }, NOW);
    strictEqual(page.includes("<script>"), false);
    strictEqual(page.includes('<a href="/networks/%3Cscript%3E">&#60;script&#62;</a>'), true);
  });
});

describe("tagOfName", () => {
  it("returns the build tag of a network's name, and any other name unchanged", () => {
    deepStrictEqual(["10_2_30_4", "testnet"].map(tagOfName), ["v10.2.30+4", "testnet"]);
  });
});

describe("emptyChannelPage", () => {
  it("links to the index", () => {
    match(
      emptyChannelPage("<b>", "https://d.example/?a&b"),
      /&#60;b&#62; points to no network yet\. <a href="https:\/\/d\.example\/\?a&#38;b">/,
    );
  });
});

const lists = (gone: readonly Retired[]) => ({
  channels: [],
  running: [],
  others: [],
  failed: new Map(),
  retired: gone,
  simmers: new Map(),
});
