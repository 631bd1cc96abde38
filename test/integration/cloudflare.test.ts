import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ACCOUNT, TestCloudflare, TOKEN, ZONE } from "../cloudflare";

const RECORDS = `/zones/${ZONE.id}/dns_records`;
const NAMESPACES = `/accounts/${ACCOUNT}/storage/kv/namespaces`;
const WORKERS = `/accounts/${ACCOUNT}/workers`;
const SHOW_KEY = `export default { async fetch(request, env) {
  return new Response((await env.KV.get(new URL(request.url).pathname.slice(1))) ?? "none");
} }`;

describe("Cloudflare's API in the sandbox", function () {
  this.timeout(20_000);
  const cloudflare = new TestCloudflare();
  before(() => cloudflare.start());
  after(() => cloudflare.remove());
  afterEach(() => cloudflare.now.setFaults({}));

  const a = (name: string, content: string) => ({ name, type: "A", content, ttl: 1 });

  it("lets in only who has the token", async () => {
    const wrong = await cloudflare.call("GET", RECORDS, undefined, "wrong");
    deepStrictEqual([wrong.status, wrong.success, wrong.code], [403, false, 9109]);
    const missing = await fetch(cloudflare.now.baseUrl + RECORDS);
    strictEqual(missing.status, 400);
  });

  it("keeps a record from creation to deletion, under its full name", async () => {
    const { result } = await cloudflare.call("POST", RECORDS, a("WWW", "192.0.2.1"));
    deepStrictEqual([result.name, result.proxied, result.ttl], ["www.example.org", false, 1]);
    const path = `${RECORDS}/${result.id}`;
    strictEqual((await cloudflare.call("PUT", path, { ...a("www", "192.0.2.2"), ttl: 60 })).result.ttl, 60);
    deepStrictEqual((await cloudflare.call("GET", path)).result.content, "192.0.2.2");
    strictEqual((await cloudflare.call("PATCH", path, { comment: "note" })).result.content, "192.0.2.2");
    deepStrictEqual((await cloudflare.call("DELETE", path)).result, { id: result.id });
    const gone = await cloudflare.call("GET", path);
    deepStrictEqual([gone.status, gone.code, gone.result], [404, 81044, null]);
  });

  it("lists records by name and type, a page at a time", async () => {
    for (const last of [1, 2, 3]) await cloudflare.call("POST", RECORDS, a("many", `192.0.2.${last}`));
    await cloudflare.call("POST", RECORDS, { name: "many", type: "TXT", content: "text", ttl: 1 });
    const page = await cloudflare.call("GET", `${RECORDS}?name=many.example.org&type=A&per_page=2&page=2`);
    deepStrictEqual(
      page.result.map((record: { content: string }) => record.content),
      ["192.0.2.3"],
    );
    strictEqual(page.result_info?.total_count, 3);
  });

  it("refuses records that cannot stand together, and content that is none, with Cloudflare's codes", async () => {
    const code = async (record: object) => (await cloudflare.call("POST", RECORDS, { ttl: 1, ...record })).code;
    strictEqual(await code(a("dup", "192.0.2.1")), undefined);
    strictEqual(await code(a("dup", "192.0.2.1")), 81058);
    strictEqual(await code(a("dup", "192.0.2.2")), undefined);
    strictEqual(await code({ name: "dup", type: "CNAME", content: "www.example.org" }), 81053);
    strictEqual(await code({ name: "alias", type: "CNAME", content: "dup.example.org" }), undefined);
    strictEqual(await code(a("alias", "192.0.2.1")), 81054);
    strictEqual(await code(a("bad", "192.0.2.256")), 9005);
  });

  it("keeps values under keys with any characters, with their metadata, and lists them by prefix", async () => {
    const { result: namespace } = await cloudflare.call("POST", NAMESPACES, { title: "values" });
    strictEqual((await cloudflare.call("POST", NAMESPACES, { title: "values" })).code, 10014);
    const path = `${NAMESPACES}/${namespace.id}`;
    const key = encodeURIComponent("network:1_2_3_1/a b");
    const form = new FormData();
    form.append("value", "one");
    form.append("metadata", '{"tag":"v1"}');
    strictEqual((await cloudflare.call("PUT", `${path}/values/${key}`, form)).success, true);
    deepStrictEqual((await cloudflare.call("GET", `${path}/metadata/${key}`)).result, { tag: "v1" });
    const bulk = [
      { key: "network:2", value: "two" },
      { key: "other", value: "b3RoZXI=", base64: true },
    ];
    await cloudflare.call("PUT", `${path}/bulk`, bulk);

    const first = await cloudflare.call("GET", `${path}/keys?prefix=network:&limit=1`);
    const cursor = encodeURIComponent(String(first.result_info?.cursor));
    const second = await cloudflare.call("GET", `${path}/keys?prefix=network:&limit=1&cursor=${cursor}`);
    deepStrictEqual(
      [first.result, second.result],
      [[{ name: "network:1_2_3_1/a b", metadata: { tag: "v1" } }], [{ name: "network:2" }]],
    );
    strictEqual(second.result_info?.cursor, "");

    await cloudflare.call("DELETE", `${path}/values/${key}`);
    deepStrictEqual((await cloudflare.call("GET", `${path}/values/${key}`)).code, 10009);
  });

  it("runs an uploaded Worker under its own host, with the values the API writes, and takes it away again", async () => {
    const { result: namespace } = await cloudflare.call("POST", NAMESPACES, { title: "worker" });
    const values = `${NAMESPACES}/${namespace.id}/values`;
    await fetchPut(`${values}/key`, "before");
    const bindings = [{ type: "kv_namespace", name: "KV", namespace_id: namespace.id }];
    strictEqual((await cloudflare.upload("show", SHOW_KEY, bindings)).success, true);
    strictEqual((await cloudflare.get("show.example.org", "/key")).status, 404);
    const domain = { hostname: "show.example.org", service: "show", zone_id: ZONE.id };
    const { result } = await cloudflare.call("PUT", `${WORKERS}/domains`, domain);
    strictEqual((await cloudflare.get("show.example.org", "/key")).text, "before");
    await fetchPut(`${values}/key`, "after");
    strictEqual((await cloudflare.get("SHOW.example.org", "/key")).text, "after");

    const { result: records } = await cloudflare.call("GET", `${RECORDS}?name=show.example.org`);
    deepStrictEqual([records.length, records[0].content], [1, cloudflare.now.edge.address]);
    strictEqual((await cloudflare.call("DELETE", `${RECORDS}/${records[0].id}`)).code, 1043);
    strictEqual(
      (await cloudflare.call("PUT", `${WORKERS}/domains`, { ...domain, hostname: "dup.example.org" })).code,
      100117,
    );

    await cloudflare.call("DELETE", `${WORKERS}/domains/${result.id}`);
    deepStrictEqual((await cloudflare.call("GET", `${RECORDS}?name=show.example.org`)).result, []);
    strictEqual((await cloudflare.get("show.example.org", "/key")).status, 404);
  });

  it("refuses a Worker that does not run, and goes on with the one before", async () => {
    strictEqual(
      (await cloudflare.upload("good", `export default { fetch: () => new Response("good") }`)).success,
      true,
    );
    await cloudflare.call("PUT", `${WORKERS}/domains`, {
      hostname: "good.example.org",
      service: "good",
      zone_id: ZONE.id,
    });
    const bad = await cloudflare.upload("good", "export default {");
    deepStrictEqual([bad.status, bad.code], [400, 10021]);
    match(bad.errors[0]?.message ?? "", /SyntaxError/);
    strictEqual((await cloudflare.get("good.example.org")).text, "good");
    const unbound = await cloudflare.upload("good", SHOW_KEY, [
      { type: "kv_namespace", name: "KV", namespace_id: "none" },
    ]);
    strictEqual(unbound.code, 10041);
  });

  it("loses no request while a Worker is replaced", async () => {
    const asking = Array.from({ length: 20 }, () => cloudflare.get("good.example.org"));
    const uploading = cloudflare.upload("good", `export default { fetch: () => new Response("better") }`);
    const late = Array.from({ length: 20 }, () => cloudflare.get("good.example.org"));
    await uploading;
    const answers = new Set((await Promise.all([...asking, ...late])).map(({ text }) => text));
    deepStrictEqual(
      [...answers].filter((text) => text !== "good" && text !== "better"),
      [],
    );
    strictEqual((await cloudflare.get("good.example.org")).text, "better");
  });

  it("fails as told: refusals for a while, with the time to wait, and values the Workers do not see yet", async () => {
    cloudflare.now.setFaults({ refuse: { status: 429, retryAfter: 7, times: 1 } });
    const refused = await cloudflare.call("GET", RECORDS);
    deepStrictEqual([refused.status, refused.headers.get("retry-after")], [429, "7"]);
    strictEqual((await cloudflare.call("GET", RECORDS)).status, 200);

    const { result: namespace } = await cloudflare.call("POST", NAMESPACES, { title: "stale" });
    await cloudflare.upload("good", SHOW_KEY, [{ type: "kv_namespace", name: "KV", namespace_id: namespace.id }]);
    const path = `${NAMESPACES}/${namespace.id}/values/key`;
    cloudflare.now.setFaults({ staleKv: true });
    await fetchPut(path, "new");
    strictEqual(await fetchText(path), "new");
    strictEqual((await cloudflare.get("good.example.org", "/key")).text, "none");
    cloudflare.now.setFaults({});
    strictEqual((await cloudflare.get("good.example.org", "/key")).text, "new");
  });

  it("has all of it again after a restart, and leaves no process when it stops", async () => {
    const before = await cloudflare.call("GET", RECORDS);
    const runtimes = children("workerd");
    strictEqual(runtimes.length, 1);
    const edge = cloudflare.now.edge;
    await cloudflare.stop();
    ok(!existsSync(`/proc/${runtimes[0]}`));
    await rejects(fetch(`http://${edge.address}:${edge.port}/`));

    await cloudflare.start();
    deepStrictEqual((await cloudflare.call("GET", RECORDS)).result, before.result);
    strictEqual((await cloudflare.get("good.example.org", "/key")).text, "new");
  });

  const fetchPut = async (path: string, body: string) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const { status } = await fetch(cloudflare.now.baseUrl + path, { method: "PUT", headers, body });
    strictEqual(status, 200);
  };
  const fetchText = async (path: string) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return (await fetch(cloudflare.now.baseUrl + path, { headers })).text();
  };
});

/** The ids of the children of this process that run a program of this name. */
function children(program: string): string[] {
  const list = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(process.pid)], { encoding: "utf8" });
  return list.split("\n").flatMap((line) => (line.endsWith(` ${program}`) ? [line.trim().split(" ")[0] ?? ""] : []));
}
