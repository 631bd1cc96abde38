import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert";
import { DnsRecord, type DnsRecordArgs, WorkersKv, WorkersScript } from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { cloudflareProvider } from "../../../components/cloudflare";
import { edge } from "../../../stacks/edge";
import { ACCOUNT, SCOPED, TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { Engine } from "../../support/engine";

const RECORDS = `/zones/${ZONE.id}/dns_records`;

describe("the stand-in of the cloudflare plugin on the real engine", function () {
  this.timeout(30_000);
  const cloudflare = new TestCloudflare();
  let engine: Engine;
  let program: PulumiFn;
  let stack: Stack;
  let count = 0;

  before(async () => {
    engine = new Engine(["cloudflare-v6.22.1"]);
    await cloudflare.start();
  });
  after(async () => {
    await cloudflare.remove();
    engine.close();
  });
  beforeEach(async () => {
    count += 1;
    const environment = { CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl, CLOUDFLARE_API_TOKEN: TOKEN };
    stack = await engine.stack(`case-${count}`, () => program(), environment);
  });
  afterEach(() => cloudflare.now.setFaults({}));

  const recordNamed = async (name: string) => (await cloudflare.call("GET", `${RECORDS}?name=${name}`)).result[0];
  const oneRecord =
    (args: Partial<DnsRecordArgs>): PulumiFn =>
    async () => {
      const record = new DnsRecord("record", { zoneId: ZONE.id, name: "", type: "A", ttl: 1, ...args });
      return { id: record.id, createdOn: record.createdOn };
    };

  it("creates the edge with its network list and its channels' hosts, and refuses to delete it", async () => {
    const settings = {
      accountId: ACCOUNT,
      zoneId: ZONE.id,
      discoveryHost: "discover.example.org",
      channels: ["testnet"],
      zone: "example.org",
      subdomain: "net",
      tls: false,
      port: 8080,
    };
    const key = { accountId: ACCOUNT, keyName: "network:1_2_3_1" };
    program = async () => {
      const outputs = edge(settings);
      const value = pulumi.jsonStringify(
        { tag: "v1.2.3+1", entry: { netName: pulumi.secret("hush-hush") } },
        undefined,
        2,
      );
      new WorkersKv("network", { ...key, namespaceId: outputs.namespaceId, value, metadata: '{ "a": 1 }' });
      return { ...outputs };
    };
    const { outputs } = await stack.up();
    deepStrictEqual([outputs.schema?.value, outputs.url?.value], [1, "http://discover.example.org:8080/"]);
    const list = await cloudflare.get("discover.example.org", "/networks.json");
    deepStrictEqual(JSON.parse(list.text), [{ netName: "hush-hush" }]);
    const empty = await cloudflare.get("test.net.example.org");
    strictEqual(empty.status, 404);
    match(empty.text, /testnet points to no network yet\. <a href="http:\/\/discover\.example\.org:8080\/">/);
    const state = engine.state(stack.name);
    match(state, /network:1_2_3_1/);
    doesNotMatch(state, new RegExp(`hush-hush|${TOKEN}`));

    deepStrictEqual((await stack.preview()).changeSummary, { same: 8 });
    deepStrictEqual((await stack.refresh()).summary.resourceChanges, { same: 8 });
    await rejects(stack.destroy(), /cannot be deleted\s+because it is protected/);
    strictEqual((await cloudflare.get("discover.example.org", "/networks.json")).status, 200);
  });

  it("creates, changes, replaces and deletes a record, and does nothing without a change", async () => {
    program = oneRecord({ name: "www.example.org", content: "192.0.2.1" });
    const { id, createdOn } = (await stack.up()).outputs;
    const live = await recordNamed("www.example.org");
    deepStrictEqual([id?.value, createdOn?.value], [live.id, live.created_on]);
    deepStrictEqual((await stack.preview()).changeSummary, { same: 2 });

    program = oneRecord({ name: "www.example.org", content: "192.0.2.2", comment: "moved" });
    strictEqual((await stack.up()).outputs.id?.value, live.id);
    strictEqual((await recordNamed("www.example.org")).content, "192.0.2.2");

    program = oneRecord({ name: "www.example.org", type: "TXT", content: "text" });
    strictEqual((await stack.up()).summary.resourceChanges?.replace, 1);
    strictEqual((await recordNamed("www.example.org")).type, "TXT");

    await cloudflare.call("DELETE", `${RECORDS}/${(await recordNamed("www.example.org")).id}`);
    await stack.destroy(); // an object that is already gone is not a failure
  });

  it("lets providers of parts, each with its own token, take over from the default provider without a change", async () => {
    const { result: namespace } = await cloudflare.call("POST", `/accounts/${ACCOUNT}/storage/kv/namespaces`, {
      title: "taken over",
    });
    let own: () => { dns?: pulumi.CustomResourceOptions; kv?: pulumi.CustomResourceOptions } = () => ({});
    program = async () => {
      const { dns, kv } = own();
      new DnsRecord(
        "record",
        { zoneId: ZONE.id, name: "own.example.org", type: "A", ttl: 1, content: "192.0.2.1" },
        dns,
      );
      new WorkersKv("key", { accountId: ACCOUNT, namespaceId: namespace.id, keyName: "k", value: "v" }, kv);
    };
    await stack.up();
    const before = await recordNamed("own.example.org");

    own = () => ({ dns: { provider: cloudflareProvider("dns") }, kv: { provider: cloudflareProvider("kv") } });
    const { envVars } = stack.workspace;
    stack.workspace.envVars = { ...envVars, ...SCOPED, CLOUDFLARE_API_TOKEN: "nobody's" };
    deepStrictEqual((await stack.preview()).changeSummary, { create: 2, same: 3 }); // the providers themselves
    deepStrictEqual((await stack.up()).summary.resourceChanges, { create: 2, same: 3 });
    strictEqual((await recordNamed("own.example.org")).modified_on, before.modified_on);
    deepStrictEqual((await stack.refresh()).summary.resourceChanges, { same: 5 });
    doesNotMatch(engine.state(stack.name), new RegExp([TOKEN, ...Object.values(SCOPED)].join("|")));

    const { CLOUDFLARE_DNS_TOKEN: dns, CLOUDFLARE_KV_TOKEN: kv } = SCOPED;
    stack.workspace.envVars = { ...stack.workspace.envVars, CLOUDFLARE_DNS_TOKEN: kv, CLOUDFLARE_KV_TOKEN: dns };
    await rejects(stack.destroy(), /403 10000 Authentication error/);
    stack.workspace.envVars = { ...stack.workspace.envVars, ...SCOPED };
    await stack.destroy();
    strictEqual(await recordNamed("own.example.org"), undefined);
  });

  it("detects changes and deletions by others", async () => {
    program = oneRecord({ name: "drift.example.org", content: "192.0.2.1" });
    await stack.up();
    const { id } = await recordNamed("drift.example.org");
    await cloudflare.call("PATCH", `${RECORDS}/${id}`, { content: "192.0.2.9" });
    strictEqual((await stack.refresh()).summary.resourceChanges?.update, 1);
    deepStrictEqual((await stack.preview()).changeSummary, { same: 1, update: 1 });

    await cloudflare.call("DELETE", `${RECORDS}/${id}`);
    strictEqual((await stack.refresh()).summary.resourceChanges?.delete, 1);
  });

  it("imports an existing record by the ids of its zone and of the record", async () => {
    const { result } = await cloudflare.call("POST", RECORDS, { name: "old", type: "A", content: "192.0.2.5", ttl: 1 });
    program = async () => {
      const args = { zoneId: ZONE.id, name: "old.example.org", type: "A", ttl: 1, content: "192.0.2.5" };
      new DnsRecord("record", args, { import: `${ZONE.id}/${result.id}` });
    };
    strictEqual((await stack.up()).summary.resourceChanges?.import, 1);
    strictEqual((await recordNamed("old.example.org")).id, result.id);
    await stack.destroy();
    strictEqual(await recordNamed("old.example.org"), undefined);
  });

  it("waits and retries after a 429, and fails with call, status, code and message otherwise", async () => {
    program = oneRecord({ name: "patience.example.org", content: "192.0.2.1" });
    cloudflare.now.setFaults({ refuse: { status: 429, retryAfter: 0, times: 2 } });
    await stack.up();
    program = oneRecord({ name: "patience.example.org", content: "not an address" });
    await rejects(stack.up(), new RegExp(`PUT ${RECORDS}/\\w+: 400 9005 Content for A record must be a valid IPv4`));
    cloudflare.now.setFaults({ refuse: { status: 429, retryAfter: 0 } });
    await rejects(stack.up(), /PUT .*: 429 971 More than/);
  });

  it("refuses unsupported inputs and names the official plugin", async () => {
    program = async () => {
      new WorkersScript("worker", { accountId: ACCOUNT, scriptName: "w", content: "x", assets: { directory: "." } });
    };
    await rejects(stack.preview(), /assets.*use the official plugin/s);
    program = oneRecord({ name: "proxied.example.org", content: "192.0.2.1", proxied: true, ttl: 60 });
    await rejects(stack.preview(), /ttl must be 1 when proxied is true|ttl.*must be 1 when proxied/s);
  });
});
