import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { ACCOUNT, TestCloudflare, ZONE } from "../../support/cloudflare";

const RECORDS = `/zones/${ZONE.id}/dns_records`;
const NAMESPACES = `/accounts/${ACCOUNT}/storage/kv/namespaces`;
const WORKERS = `/accounts/${ACCOUNT}/workers`;
const SAY = (text: string) => `export default { fetch: () => new Response("${text}") }`;
const SHOW_KEY = `export default { async fetch(request, env) {
  return new Response((await env.KV.get(new URL(request.url).pathname.slice(1))) ?? "none");
} }`;

describe("the stand-in of Cloudflare", function () {
  this.timeout(20_000);
  const cloudflare = new TestCloudflare();
  before(() => cloudflare.start());
  after(() => cloudflare.remove());
  afterEach(() => cloudflare.now.setFaults({}));

  it("refuses calls without the token", async () => {
    const wrong = await cloudflare.call("GET", RECORDS, undefined, "wrong");
    deepStrictEqual([wrong.status, wrong.success, wrong.code], [403, false, 9109]);
    const missing = await fetch(cloudflare.now.baseUrl + RECORDS);
    strictEqual(missing.status, 400);
  });

  it("stores a record from its creation to its deletion under its full name", async () => {
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

  it("lists records by name and type, in pages", async () => {
    for (const last of [1, 2, 3]) await cloudflare.call("POST", RECORDS, a("many", `192.0.2.${last}`));
    await cloudflare.call("POST", RECORDS, { name: "many", type: "TXT", content: "text", ttl: 1 });
    const page = await cloudflare.call("GET", `${RECORDS}?name=many.example.org&type=A&per_page=2&page=2`);
    deepStrictEqual(
      page.result.map((record: { content: string }) => record.content),
      ["192.0.2.3"],
    );
    strictEqual(page.result_info?.total_count, 3);
  });

  it("refuses conflicting records and invalid content with Cloudflare's codes", async () => {
    const code = async (record: object) => (await cloudflare.call("POST", RECORDS, { ttl: 1, ...record })).code;
    strictEqual(await code(a("dup", "192.0.2.1")), undefined);
    strictEqual(await code(a("dup", "192.0.2.1")), 81058);
    strictEqual(await code(a("dup", "192.0.2.2")), undefined);
    strictEqual(await code({ name: "dup", type: "CNAME", content: "www.example.org" }), 81053);
    strictEqual(await code({ name: "alias", type: "CNAME", content: "dup.example.org" }), undefined);
    strictEqual(await code(a("alias", "192.0.2.1")), 81054);
    strictEqual(await code(a("bad", "192.0.2.256")), 9005);
  });

  it("stores values with metadata under keys of any characters and lists them by prefix", async () => {
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

  it("runs an uploaded Worker at its host with the API's values, and removes it with the host", async () => {
    const id = await namespace("worker");
    await put(`${NAMESPACES}/${id}/values/key`, "before");
    strictEqual((await cloudflare.upload("show", SHOW_KEY, [kvBinding(id)])).success, true);
    strictEqual((await cloudflare.get("show.example.org", "/key")).status, 404);
    const { result } = await domain("show.example.org", "show");
    strictEqual((await cloudflare.get("show.example.org", "/key")).text, "before");
    await put(`${NAMESPACES}/${id}/values/key`, "after");
    strictEqual((await cloudflare.get("SHOW.example.org", "/key")).text, "after");

    const { result: records } = await cloudflare.call("GET", `${RECORDS}?name=show.example.org`);
    deepStrictEqual([records.length, records[0].content], [1, cloudflare.now.edge.address]);
    strictEqual((await cloudflare.call("DELETE", `${RECORDS}/${records[0].id}`)).code, 1043);

    await cloudflare.call("DELETE", `${WORKERS}/domains/${result.id}`);
    deepStrictEqual((await cloudflare.call("GET", `${RECORDS}?name=show.example.org`)).result, []);
    strictEqual((await cloudflare.get("show.example.org", "/key")).status, 404);
  });

  it("refuses a host for a Worker when the host has records or another Worker", async () => {
    await cloudflare.call("POST", RECORDS, a("taken", "192.0.2.1"));
    await cloudflare.upload("first", SAY("first"));
    await cloudflare.upload("second", SAY("second"));
    strictEqual((await domain("taken.example.org", "first")).code, 100117);
    strictEqual((await domain("first.example.org", "first")).success, true);
    strictEqual((await domain("first.example.org", "second")).code, 100116);
  });

  it("refuses a broken Worker and keeps running the previous one", async () => {
    await cloudflare.upload("good", SAY("good"));
    await domain("good.example.org", "good");
    const bad = await cloudflare.upload("good", "export default {");
    deepStrictEqual([bad.status, bad.code], [400, 10021]);
    match(bad.errors[0]?.message ?? "", /SyntaxError/);
    strictEqual((await cloudflare.get("good.example.org")).text, "good");
    strictEqual((await cloudflare.upload("good", SHOW_KEY, [kvBinding("none")])).code, 10041);
  });

  it("loses no request while a Worker is replaced", async () => {
    await cloudflare.upload("changing", SAY("old"));
    await domain("changing.example.org", "changing");
    const asking = Array.from({ length: 20 }, () => cloudflare.get("changing.example.org"));
    const uploading = cloudflare.upload("changing", SAY("new"));
    asking.push(...Array.from({ length: 20 }, () => cloudflare.get("changing.example.org")));
    await uploading;
    const wrong = (await Promise.all(asking)).filter(({ text }) => text !== "old" && text !== "new");
    deepStrictEqual(wrong, []);
    strictEqual((await cloudflare.get("changing.example.org")).text, "new");
  });

  it("loses no simultaneous change", async () => {
    const names = ["p", "q", "r"];
    await Promise.all(names.flatMap((name) => [namespace(name), cloudflare.upload(name, SAY(name))]));
    await Promise.all(names.map((name) => domain(`${name}.example.org`, name)));
    const said = await Promise.all(names.map(async (name) => (await cloudflare.get(`${name}.example.org`)).text));
    deepStrictEqual(said, names);
    const { result } = await cloudflare.call("GET", NAMESPACES);
    deepStrictEqual(
      result
        .map(({ title }: { title: string }) => title)
        .filter((title: string) => names.includes(title))
        .sort(),
      names,
    );
  });

  it("refuses calls while the fault refuse is on", async () => {
    cloudflare.now.setFaults({ refuse: { status: 429, retryAfter: 7, times: 1 } });
    const refused = await cloudflare.call("GET", RECORDS);
    deepStrictEqual([refused.status, refused.headers.get("retry-after")], [429, "7"]);
    strictEqual((await cloudflare.call("GET", RECORDS)).status, 200);
    cloudflare.now.setFaults({ refuse: { status: 500 } });
    strictEqual((await cloudflare.call("GET", RECORDS)).status, 500);
  });

  it("shows Workers old values while the fault staleKv is on, and new values after it", async () => {
    const id = await namespace("stale");
    await cloudflare.upload("stale", SHOW_KEY, [kvBinding(id)]);
    await domain("stale.example.org", "stale");
    cloudflare.now.setFaults({ staleKv: true });
    await put(`${NAMESPACES}/${id}/values/key`, "new");
    strictEqual(await (await cloudflare.fetch(`${NAMESPACES}/${id}/values/key`)).text(), "new");
    strictEqual((await cloudflare.get("stale.example.org", "/key")).text, "none");
    cloudflare.now.setFaults({});
    strictEqual((await cloudflare.get("stale.example.org", "/key")).text, "new");
  });

  it("restores its whole state after a restart and leaves no process when it stops", async () => {
    const id = await namespace("lasting");
    await put(`${NAMESPACES}/${id}/values/key`, "kept");
    await cloudflare.upload("lasting", SHOW_KEY, [kvBinding(id)]);
    await domain("lasting.example.org", "lasting");
    const records = await cloudflare.call("GET", RECORDS);
    const runtimes = children("workerd", process.pid);
    strictEqual(runtimes.length, 1);

    await cloudflare.stop();
    ok(!existsSync(`/proc/${runtimes[0]}`));
    await cloudflare.start();
    deepStrictEqual((await cloudflare.call("GET", RECORDS)).result, records.result);
    strictEqual((await cloudflare.get("lasting.example.org", "/key")).text, "kept");
  });

  it("ends workerd when it is killed", async () => {
    const folder = JSON.stringify(`${cloudflare.folder}/killed`);
    const script = `new (require("./test/support/cloudflare").TestCloudflare)(${folder}).start().then(() => console.log())`;
    const other = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await Promise.race([once(other.stdout, "data"), once(other, "exit")]);
    const [runtime = ""] = children("workerd", other.pid);
    ok(existsSync(`/proc/${runtime}/exe`));
    other.kill("SIGKILL");
    await once(other, "exit");
    while (existsSync(`/proc/${runtime}/exe`)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  const a = (name: string, content: string) => ({ name, type: "A", content, ttl: 1 });
  const kvBinding = (id: string) => ({ type: "kv_namespace", name: "KV", namespace_id: id });
  const namespace = async (title: string): Promise<string> =>
    (await cloudflare.call("POST", NAMESPACES, { title })).result.id;
  const domain = (hostname: string, service: string) =>
    cloudflare.call("PUT", `${WORKERS}/domains`, { hostname, service, zone_id: ZONE.id });
  const put = async (path: string, body: string) =>
    strictEqual((await cloudflare.fetch(path, { method: "PUT", body })).status, 200);
});

/** Ids of a process's children that run the given program. */
function children(program: string, parent: number | undefined): string[] {
  const list = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(parent)], { encoding: "utf8" });
  return list.split("\n").flatMap((line) => (line.endsWith(` ${program}`) ? [line.trim().split(" ")[0] ?? ""] : []));
}
