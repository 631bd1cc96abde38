import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { CURVES_SCRIPT } from "../../../../infra/deploy/info-page/curves-script";
import { renderInfoPage } from "../../../../infra/deploy/info-page/render";
import { curvesOf } from "../../../../infra/deploy/monitoring/curves";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../../support/sample-network";

const NAMES = curvesOf("kubernetes").map(({ name }) => name);
const page = renderInfoPage({ ...SAMPLE_TODAY, curves: NAMES });
const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

describe("The curves of an info page", () => {
  it("are places for all curves that the gateway answers for, with a title and a description each", () => {
    deepStrictEqual(
      [...page.matchAll(/ data-curve="([^"]*)"/g)].map(([, path]) => path),
      NAMES.map((name) => `/curves/${name}`),
    );
    for (const [, labelled = ""] of page.matchAll(/<svg role="img" aria-labelledby="([^"]*)"/g))
      for (const id of labelled.split(" ")) match(page, new RegExp(`<(title|desc) id="${id}">[^<]+<`));
    const source = JSON.parse(unescaped(/data-curves="([^"]*)"/.exec(page)?.[1] ?? ""));
    deepStrictEqual(source, { url: SAMPLE_TODAY.endpoints.json.replace(/\/$/, ""), step: 300 });
  });

  it("are those that a network's era has, and none that an older gateway does not know", () => {
    const shown = (text: string) => [...text.matchAll(/ data-curve="\/curves\/(\w+)"/g)].map(([, name]) => name);
    deepStrictEqual(shown(renderInfoPage({ ...SAMPLE_NETWORK, curves: NAMES })), ["nodes", "requests"]);
    deepStrictEqual(shown(renderInfoPage({ ...SAMPLE_TODAY, curves: ["peers", "gone"] })), ["peers"]);
  });

  it("are absent without monitoring, with their style and their script", () => {
    doesNotMatch(renderInfoPage(SAMPLE_TODAY), /curve/i);
  });

  it("are on a channel's page at the names of the channel", () => {
    const endpoints = { ...SAMPLE_TODAY.endpoints, json: "https://api.test.net.spacemesh.io/" };
    const channel = { name: "testnet", release: "v1.2.3" };
    match(
      renderInfoPage({ ...SAMPLE_TODAY, endpoints, channel, curves: NAMES }),
      /curl https:\/\/api\.test\.net\.spacemesh\.io\/curves\/layers</,
    );
  });

  it("run under the page's policy", () => {
    const policy = unescaped(/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "");
    const texts = [...page.matchAll(/<(style|script)>(.*?)<\/\1>/gs)];
    strictEqual(texts.length, 3);
    for (const [, element, text = ""] of texts) {
      const digest = createHash("sha256").update(text).digest("base64");
      ok(new RegExp(`${element}-src [^;]*'sha256-${digest.replace(/[+/]/g, "\\$&")}'`).test(policy), element);
    }
    doesNotMatch(page, / style="| on\w+="/);
  });

  it("add less than twelve kilobytes to the page", () => {
    ok(page.length - renderInfoPage(SAMPLE_TODAY).length < 12_000);
  });
});

type Points = readonly (readonly [number, string])[];
type Lines = readonly { readonly metric: Record<string, string>; readonly values: Points }[];

describe("The script of the curves", () => {
  const one = (...values: string[]): Lines => [
    { metric: {}, values: values.map((value, i) => [1200 + 60 * i, value]) },
  ];

  it("draws a curve from 0, with its last, lowest and highest value", async () => {
    const { text, paths, tone } = await shown([one("2", "4", "3")]);
    strictEqual(tone, "good");
    deepStrictEqual(paths, ["M0.0 50.0L150.0 0.0L300.0 25.0"]);
    deepStrictEqual([text.last, text.extent, text.low, text.high], ["3", "min 2, max 4", "0", "4"]);
    match(text.desc ?? "", /^From .* to .*: now 3, min 2, max 4 peers$/);
  });

  it("leaves a gap where points are missing, and passes over what is no number", async () => {
    const values: Points = [...(one("1", "1")[0]?.values ?? []), [1500, "NaN"], [1560, "1"]];
    const { paths } = await shown([[{ metric: {}, values }]]);
    deepStrictEqual(paths, ["M0.0 0.0L50.0 0.0M300.0 0.0"]);
  });

  it("draws all curves over the same time", async () => {
    const { paths } = await shown([one("1", "1", "1"), [{ metric: {}, values: [[1260, "1"]] }]]);
    deepStrictEqual(paths, ["M0.0 0.0L150.0 0.0L300.0 0.0", "M150.0 0.0"]);
  });

  it("says which curves have no data yet", async () => {
    const { text, tone, paths } = await shown([[]]);
    strictEqual(tone, "wait");
    deepStrictEqual(
      [text.state, text.extent, text.desc],
      ["The network has no data yet", "No data yet", "No data yet"],
    );
    deepStrictEqual(paths, ["M0 0"]);
  });

  it("says so when one does not answer, and draws none then", async () => {
    const { text, tone, paths } = await shown([one("1"), undefined]);
    deepStrictEqual([tone, text.state, paths], ["bad", "The network's curves do not answer.", []]);
  });

  it("asks for one curve after the other, and again after a layer", async () => {
    const { requests, delays, atOnce } = await shown([one("1"), one("1"), one("1")]);
    deepStrictEqual(
      requests,
      [0, 1, 2].map((i) => `https://api.example/curves/${i}`),
    );
    deepStrictEqual([delays, atOnce], [[60_000], 1]);
  });
});

/** Runs the script in a page that is just enough for it, with a place for each answer, until it says when to ask again. */
function shown(answers: readonly (Lines | undefined)[]) {
  const text: Record<string, string> = {};
  const paths: string[] = [];
  const requests: string[] = [];
  const delays: number[] = [];
  let open = 0;
  let atOnce = 0;
  const place = (selector: string) => {
    const name = /data-value="(\w+)"/.exec(selector)?.[1] ?? (selector.startsWith("[data-last") ? "last" : selector);
    return {
      set textContent(value: string) {
        text[name] = value;
      },
    };
  };
  const path = { dataset: { line: "" }, setAttribute: (_: string, value: string) => paths.push(value) };
  const figures = answers.map((_, i) => ({
    dataset: { curve: `/curves/${i}`, unit: "peers" },
    querySelector: place,
    querySelectorAll: () => [path],
  }));
  const panel = {
    dataset: { curves: JSON.stringify({ url: "https://api.example", step: 60 }), tone: "wait" },
    querySelector: place,
    querySelectorAll: () => figures,
  };
  return new Promise<{
    text: typeof text;
    paths: string[];
    tone: string;
    requests: string[];
    delays: number[];
    atOnce: number;
  }>((resolve) => {
    runInNewContext(CURVES_SCRIPT, {
      AbortSignal,
      clearTimeout() {},
      setTimeout(_: unknown, delay: number) {
        delays.push(delay);
        resolve({ text, paths, tone: panel.dataset.tone, requests, delays, atOnce });
      },
      document: { hidden: false, querySelector: () => panel, addEventListener() {} },
      async fetch(url: string) {
        atOnce = Math.max(atOnce, ++open);
        const result = answers[requests.push(url) - 1];
        await Promise.resolve();
        open--;
        return { ok: result !== undefined, status: 503, json: async () => ({ data: { result } }) };
      },
    });
  });
}
