import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { Log, LogLevel, Miniflare } from "miniflare";
import { sha256Of } from "../../../infra/base/lib/sha256";
import { supersedesMeta } from "../../../infra/base/web/supersedes";
import { workerCode } from "../../../stacks/edge";
import { failure, mendable } from "../../support/failures";
import { simmerAfter } from "../../support/simmers";

describe("the Worker on real workerd", function () {
  this.timeout(20_000);
  let miniflare: Miniflare;
  let base: URL;

  before(async () => {
    miniflare = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      modules: [{ type: "ESModule", path: "worker.js", contents: workerCode() }],
      compatibilityDate: "2026-07-01",
      kvNamespaces: ["NETWORKS"],
      bindings: { CHANNELS: '{"test.net.example.org":"testnet"}', DISCOVERY_URL: "https://discover.example.org/" },
    });
    base = await miniflare.ready;
  });
  after(() => miniflare.dispose());
  afterEach(async () => {
    const kv = await miniflare.getKVNamespace("NETWORKS");
    await Promise.all((await kv.list()).keys.map(({ name }) => kv.delete(name)));
  });

  const store = async (values: Record<string, string>) => {
    const kv = await miniflare.getKVNamespace("NETWORKS");
    await Promise.all(Object.entries(values).map(([key, value]) => kv.put(key, value)));
  };
  const network = (tag: string) => JSON.stringify({ tag, entry: { netName: tag, netID: 1, conf: "c" } });
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, base), init);
  const names = async (path: string) =>
    ((await (await get(path)).json()) as { netName: string }[]).map(({ netName }) => netName);

  it("builds the network list from one key for each network, the newest first", async () => {
    deepStrictEqual(await names("/networks.json"), []);
    await store({ "network:1_2_3_1": network("v1.2.3+1"), "network:1_10_0_1": network("v1.10.0+1") });
    await store({ "network:1_2_3_10": network("v1.2.3+10"), "config:1_2_3_1": "{}", "page:1_2_3_1": "<p>" });
    deepStrictEqual(await names("/networks.json"), ["v1.10.0+1", "v1.2.3+10", "v1.2.3+1"]);
  });

  it("omits a broken value from the list and counts it at /health", async () => {
    await store({ "network:1_0_0_1": network("v1.0.0+1"), "network:1_0_0_2": "{" });
    deepStrictEqual(await names("/networks.json"), ["v1.0.0+1"]);
    deepStrictEqual(await (await get("/health")).json(), { status: "degraded", networks: 1, broken: 1 });
  });

  it("lists more networks than KV gives in one read", async () => {
    const many = Array.from({ length: 120 }, (_, i) => i + 1);
    await store(Object.fromEntries(many.map((build) => [`network:1_0_0_${build}`, network(`v1.0.0+${build}`)])));
    deepStrictEqual(await names("/networks.json"), many.map((build) => `v1.0.0+${build}`).reverse());
  });

  it("serves a network's entry with its keys in stored order, and its config unchanged", async () => {
    await store({ "network:1_2_3_1": network("v1.2.3+1"), "config:1_2_3_1": '{"main": {"a": 1}}' });
    const entry = await get("/networks/1_2_3_1.json");
    strictEqual(entry.headers.get("content-type"), "application/json; charset=utf-8");
    strictEqual((await entry.text()).replace(/\s/g, ""), '{"netName":"v1.2.3+1","netID":1,"conf":"c"}');
    strictEqual(await (await get("/networks/1_2_3_1/config.json")).text(), '{"main": {"a": 1}}');
  });

  it("serves the page of a network that left the list, with a policy that allows requests to any origin", async () => {
    await store({ "page:1_2_3_1": "<h1>v1.2.3+1</h1>", "page:testnet": "<h1>testnet</h1>" });
    const page = await get("/networks/1_2_3_1");
    strictEqual(page.headers.get("content-type"), "text/html; charset=utf-8");
    match(page.headers.get("content-security-policy") ?? "", /default-src 'none'.*connect-src \*/);
    strictEqual(await page.text(), "<h1>v1.2.3+1</h1>");
    strictEqual((await get("/networks/1_2_3_1.json")).status, 404);
    match(await (await get("/")).text(), /Channels.*networks\/testnet.*Not in the list.*networks\/1_2_3_1/s);
  });

  const retired = (tag: string, retiredAt: string, fields: object = {}) => {
    const times = { openedAt: "2026-11-01T00:00:00Z", retiredAt };
    return JSON.stringify({ schema: 1, tag, ...times, verdict: "healthy", why: `${tag} is old`, ...fields });
  };

  it("keeps a record and a page of each retired network, the newest retirement first", async () => {
    const archive = "https://archive.example/archives/v1.2.3+1/1/manifest.json";
    await store({
      "history:1_2_3_1:2026-11-01T00:00:00Z": retired("v1.2.3+1", "2026-11-21T00:00:00Z", { archive }),
      "history:1_2_3_2:2026-11-01T00:00:00Z": retired("v1.2.3+2", "2026-11-22T00:00:00Z"),
      "history:1_2_3_3:2026-11-01T00:00:00Z": "{",
      "page:1_2_3_1": "<body>\n<main>\n<header>v1.2.3+1</header></main>",
    });
    const history = await get("/history.json");
    strictEqual(history.headers.get("access-control-allow-origin"), "*");
    strictEqual(history.headers.get("cache-control"), "public, max-age=60, stale-while-revalidate=300");
    const records = (await history.json()) as { tag: string; why: string; archive?: string }[];
    deepStrictEqual(
      records.map(({ tag, why, archive }) => [tag, why, archive]),
      [
        ["v1.2.3+2", "v1.2.3+2 is old", undefined],
        ["v1.2.3+1", "v1.2.3+1 is old", archive],
      ],
    );
    match(await (await get("/")).text(), /Retired<.*v1\.2\.3\+2.*Lived 21 days.*v1\.2\.3\+1.*Lived 20 days/s);
    const page = await get("/networks/1_2_3_1");
    strictEqual(page.headers.get("content-type"), "text/html; charset=utf-8");
    const text = await page.text();
    match(
      text,
      /^<body>\n<main>\n<section class="notice retired".*Retired on .*20 days.*v1\.2\.3\+1 is old.*<\/section>\n<header>/s,
    );
    match(await (await get("/networks/1_2_3_2")).text(), /<h1>v1\.2\.3\+2<\/h1>.*Retired on/s);
    strictEqual((await get("/networks/1_2_3_3")).status, 404);
  });

  it("shows no retirement notice for a network in the list, even if its tag was retired before", async () => {
    const page = "<body>\n<main>\n<header>v1.2.3+1</header></main>";
    await store({
      "history:1_2_3_1:2026-10-01T00:00:00Z": retired("v1.2.3+1", "2026-10-21T00:00:00Z", { why: "the first life" }),
      "history:1_2_3_1:2026-11-01T00:00:00Z": retired("v1.2.3+1", "2026-11-21T00:00:00Z", { why: "the second life" }),
      "history:1_2_3_10:2026-11-01T00:00:00Z": retired("v1.2.3+10", "2026-11-23T00:00:00Z"),
      "page:1_2_3_1": page,
      "network:1_2_3_1": network("v1.2.3+1"),
    });
    strictEqual(await (await get("/networks/1_2_3_1")).text(), page);
    const kv = await miniflare.getKVNamespace("NETWORKS");
    await kv.delete("network:1_2_3_1");
    match(await (await get("/networks/1_2_3_1")).text(), /the second life/);
  });

  it("shows a failed deployment on the network's page, in the index and in failures.json", async () => {
    const page = "<body>\n<main>\n<header>v1.2.3+1</header></main>";
    await store({
      "failed:1_2_3_1": JSON.stringify(failure()),
      "failed:1_2_3_2": JSON.stringify(mendable({ tag: "v1.2.3+2" })),
      "failed:1_2_3_3": "{",
      "page:1_2_3_1": page,
      "network:1_2_3_1": network("v1.2.3+1"),
    });
    match(await (await get("/networks/1_2_3_1")).text(), /<main>\n<section class="notice failed".*smoke.*<header>/s);
    strictEqual(await (await get("/networks/1_2_3_1?as-written")).text(), page, "the step page still proves its page");
    const own = await get("/networks/1_2_3_2");
    deepStrictEqual([own.status, own.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
    match(await own.text(), /<h1>v1\.2\.3\+2<\/h1>.*failed.*network.*smeshnet deploy v1\.2\.3\+1/s);
    match(
      await (await get("/")).text(),
      /Running<.*1_2_3_1.*Failed<.*1_2_3_2.*failed: creation of the network.*1_2_3_1.*failed: smoke test/s,
    );
    const list = (await (await get("/failures.json")).json()) as { tag: string }[];
    deepStrictEqual(list.map(({ tag }) => tag).sort(), ["v1.2.3+1", "v1.2.3+2"]);
    strictEqual((await get("/networks/1_2_3_3")).status, 404);
  });

  it("shows no failure of a network that was retired since, and that of a new life without the page of the old one", async () => {
    const page = "<body>\n<main>\n<header>v1.2.3+1</header></main>";
    await store({
      "failed:1_2_3_1": JSON.stringify(failure({ at: "2026-11-20T00:00:00Z" })),
      "history:1_2_3_1:2026-11-01T00:00:00Z": retired("v1.2.3+1", "2026-11-21T00:00:00Z"),
      "page:1_2_3_1": page,
    });
    const before = await (await get("/networks/1_2_3_1")).text();
    deepStrictEqual([before.includes("Retired on"), before.includes("failed")], [true, false]);
    deepStrictEqual(await (await get("/failures.json")).json(), []);
    doesNotMatch(await (await get("/")).text(), /Failed</);
    await store({ "failed:1_2_3_1": JSON.stringify(failure({ at: "2026-11-22T00:00:00Z" })) });
    const after = await (await get("/networks/1_2_3_1")).text();
    deepStrictEqual(
      [after.includes("Retired on"), after.includes("failed"), after.includes("<header>")],
      [false, true, false],
    );
  });

  it("says in the page of a failed or retired network which build superseded it, and why", async () => {
    const next = `<head>\n${supersedesMeta({ tag: "v1.2.3+1", why: "miner-3 <crashed>" })}</head>`;
    const line = /Superseded by<.*<a href="\/networks\/1_2_3_2">v1\.2\.3\+2<\/a>: miner-3 &#60;crashed&#62;/s;
    await store({ "failed:1_2_3_1": JSON.stringify(failure()), "page:1_2_3_2": next });
    match(await (await get("/networks/1_2_3_1")).text(), line);
    await store({ "history:1_2_3_1:2026-11-01T00:00:00Z": retired("v1.2.3+1", "2026-12-21T00:00:00Z") });
    match(await (await get("/networks/1_2_3_1")).text(), line);
    await store({ "page:1_2_3_2": next.replace("v1.2.3+1", "v1.2.2+1") });
    doesNotMatch(await (await get("/networks/1_2_3_1")).text(), /Superseded/);
  });

  it("serves a channel's page at the channel's host, and all other paths there as at other hosts", async () => {
    const atChannel = (path: string) => miniflare.dispatchFetch(`http://test.net.example.org${path}`);
    const empty = await atChannel("/");
    deepStrictEqual([empty.status, empty.headers.get("cache-control")], [404, "no-store"]);
    match(await empty.text(), /testnet points to no network yet.*href="https:\/\/discover\.example\.org\/"/);

    await store({ "page:testnet": "<h1>v1.2.3</h1>", "network:1_2_3_1": network("v1.2.3+1") });
    const page = await atChannel("/");
    strictEqual(page.headers.get("content-type"), "text/html; charset=utf-8");
    strictEqual(await page.text(), "<h1>v1.2.3</h1>");
    strictEqual(((await (await atChannel("/networks.json")).json()) as unknown[]).length, 1);
    strictEqual((await atChannel("/elsewhere")).status, 404);
    match(await (await get("/")).text(), /<h1>Spacemesh networks<\/h1>/);
  });

  it("draws the simmer of a network, running or retired, without script and from the stored summary", async () => {
    const watchedAt = new Date(Date.now() - 30_000).toISOString();
    const summary = JSON.stringify(simmerAfter(82, [], { watchedAt, verdict: "slow", evidence: "<b>\u0000" }));
    await store({ "simmer:1_2_3_1": summary, "network:1_2_3_1": network("v1.2.3+1"), "page:1_2_3_1": "<main>" });
    const plot = await get("/networks/1_2_3_1/simmer.svg");
    strictEqual(plot.headers.get("content-type"), "image/svg+xml; charset=utf-8");
    strictEqual(plot.headers.get("cache-control"), "public, max-age=60, stale-while-revalidate=300");
    match(plot.headers.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'unsafe-inline'; /);
    match(await plot.text(), /^<svg [^>]*role="img".*v1\.2\.3\+1: slow, day 3\.4 of 7.*&#60;b&#62;/s);
    const json = await get("/networks/1_2_3_1/simmer.json");
    deepStrictEqual([json.headers.get("access-control-allow-origin"), await json.text()], ["*", summary]);
    match(await (await get("/")).text(), /Running<.*v1\.2\.3\+1<.*>slow<.*day 3\.4 of 7.*<svg class="plot spark"/s);

    await (await miniflare.getKVNamespace("NETWORKS")).delete("network:1_2_3_1");
    await store({ "history:1_2_3_1:x": retired("v1.2.3+1", "2026-12-21T00:00:00Z") });
    match(await (await get("/networks/1_2_3_1/simmer.svg")).text(), /slow, day 3\.4 of 7/);
    match(
      await (await get("/networks/1_2_3_1")).text(),
      /Retired on.*<img src="data:image\/svg\+xml,[^"]*" width="100%"/s,
    );
  });

  it("says how long a watcher is silent, and that a network is not watched, whatever is stored", async () => {
    const watchedAt = new Date(Date.now() - 3.5 * 3600_000).toISOString();
    await store({
      "simmer:1_2_3_1": JSON.stringify(simmerAfter(10, [], { watchedAt })),
      "simmer:1_2_3_2": '{"tag":"v1.2.3+2","points":[null]}',
    });
    for (const name of ["1_2_3_1", "1_2_3_2"])
      await store({ [`network:${name}`]: network("v1.2.3+1"), [`page:${name}`]: "<main>" });
    const silent = /Last watched 3 hours ago/;
    match(await (await get("/networks/1_2_3_1/simmer.svg")).text(), silent);
    const index = await (await get("/")).text();
    match(index, silent);
    match(index, /v1\.2\.3\+2<\/a> <span class="verdict">not watched yet/);
    const missing = await get("/networks/1_2_3_2/simmer.svg");
    deepStrictEqual([missing.status, missing.headers.get("cache-control")], [404, "no-store"]);
    match(await missing.text(), /^<svg .*v1\.2\.3\+2 is not watched yet\./s);
    strictEqual((await get("/networks/1_2_3_2/simmer.json")).status, 404);
  });

  it("asks that pages arrive as they are written, and lets no other page frame them", async () => {
    await store({ "page:1_2_3_1": "<h1>v1.2.3+1</h1>", "page:testnet": "<h1>testnet</h1>" });
    const secure = await miniflare.dispatchFetch("https://test.net.example.org/");
    strictEqual(secure.headers.get("strict-transport-security"), "max-age=2592000");
    strictEqual(secure.headers.get("x-page-sha256"), sha256Of("<h1>testnet</h1>"));
    for (const page of [secure, await get("/networks/1_2_3_1"), await get("/")]) {
      match(page.headers.get("cache-control") ?? "", /\bno-transform\b/);
      match(page.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
      const others = ["x-content-type-options", "referrer-policy", "x-frame-options"];
      deepStrictEqual(
        others.map((name) => page.headers.get(name)),
        ["nosniff", "no-referrer", "DENY"],
      );
      await page.text();
    }
  });

  it("lets a channel's page show the edge's plots", async () => {
    await store({ "page:testnet": "<h1>v1.2.3</h1>" });
    const page = await miniflare.dispatchFetch("http://test.net.example.org/");
    match(page.headers.get("content-security-policy") ?? "", /img-src 'self' data: https:\/\/discover\.example\.org;/);
  });

  it("allows every origin to read, sets one minute of caching, and answers 304 to a current client", async () => {
    await store({ "network:1_2_3_1": network("v1.2.3+1") });
    const first = await get("/networks.json");
    strictEqual(first.headers.get("access-control-allow-origin"), "*");
    strictEqual(first.headers.get("cache-control"), "public, max-age=60, stale-while-revalidate=300");
    const etag = first.headers.get("etag") ?? "";
    const again = await get("/networks.json", { headers: { "if-none-match": `"other", W/${etag}` } });
    deepStrictEqual([again.status, again.headers.get("etag"), await again.text()], [304, etag, ""]);

    await store({ "network:1_2_3_2": network("v1.2.3+2") });
    const changed = await get("/networks.json", { headers: { "if-none-match": etag } });
    strictEqual(changed.status, 200);
  });

  it("answers HEAD without a body, answers OPTIONS for browsers, and refuses POST", async () => {
    const head = await get("/networks.json", { method: "HEAD" });
    deepStrictEqual([head.status, head.headers.get("etag") !== null, await head.text()], [200, true, ""]);
    const options = await get("/networks.json", { method: "OPTIONS" });
    deepStrictEqual([options.status, options.headers.get("access-control-allow-methods")], [204, "GET, HEAD, OPTIONS"]);
    const post = await get("/networks.json", { method: "POST", body: "[]" });
    deepStrictEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
  });

  it("answers 404 in JSON for unknown paths, and forbids caching it", async () => {
    for (const path of ["/nowhere", "/networks/9_9_9_9", "/networks/9_9_9_9.json", "/networks/9_9_9_9/config.json"]) {
      const missing = await get(path);
      deepStrictEqual([missing.status, missing.headers.get("cache-control")], [404, "no-store"], path);
      match(((await missing.json()) as { error: string }).error, new RegExp(path));
    }
  });
});
