import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import { type Cloudflare, cloudflareApi } from "../../../../infra/base/clients/cloudflare";
import { retryAfterIn } from "../../../../infra/base/clients/retry-after";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { type Answer, AnsweringServer } from "../../../support/answering";
import { refusesLater } from "../../../support/errors";
import { QuickClock } from "../../../support/late-kv";

const NAMESPACE = { accountId: "account", namespaceId: "kv" };
const LIMITED: Answer = {
  status: 429,
  headers: { "retry-after": "3" },
  body: { success: false, errors: [{ code: 971, message: "Please wait and consider throttling" }], result: null },
};
const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { "content-type": "text/html" },
  body: "<!DOCTYPE html><html><title>502: Bad gateway</title></html>",
};
const empty: Answer = { body: { success: true, errors: [], result: [] } };

describe("Cloudflare that refuses or fails for a while (T28)", () => {
  let api: AnsweringServer;
  let cloudflare: Cloudflare;
  let clock: QuickClock;
  let lines: string[];
  let interrupt: AbortController;
  beforeEach(async () => {
    api = await new AnsweringServer(() => empty).start();
    clock = new QuickClock();
    lines = [];
    interrupt = new AbortController();
    const run = runWith({ clock, say: (line) => lines.push(line), signal: interrupt.signal });
    cloudflare = cloudflareApi({ cloudflareUrl: api.url, cloudflareToken: "hush-hush" }, run);
  });
  afterEach(() => api.stop());
  const seconds = async (act: () => Promise<unknown>) => {
    const began = clock.now();
    await act();
    return (clock.now() - began) / 1000;
  };

  it("waits as long as the limit asks for, says so, and sends reads and removals again", async () => {
    api.answer = (_, number) => (number % 3 === 0 ? empty : LIMITED);
    strictEqual(await seconds(() => cloudflare.dnsRecordsNamed("zone", "host")), 6);
    strictEqual(await seconds(() => cloudflare.removeDnsRecord("zone", "1")), 6);
    strictEqual(await seconds(() => cloudflare.putKv(NAMESPACE, "key", "value")), 6);
    deepStrictEqual(lines, Array(6).fill("Cloudflare limits the rate of calls: waiting 3 s"));
    deepStrictEqual([...new Set(api.calls.map((call) => call.split(" ")[0]))], ["GET", "DELETE", "PUT"]);
  });

  it("holds back all calls of a client for one limit", async () => {
    api.answer = (_, number) => (number === 1 ? LIMITED : empty);
    await cloudflare.dnsRecordsNamed("zone", "first");
    await Promise.all(["a", "b", "c"].map((name) => cloudflare.dnsRecordsNamed("zone", name)));
    strictEqual(api.calls.length, 5);
    strictEqual(lines.length, 1);
  });

  it("reads a date in Retry-After", async () => {
    api.answer = (_, number) =>
      number === 1 ? { ...LIMITED, headers: { "retry-after": new Date(clock.now() + 120_000).toUTCString() } } : empty;
    strictEqual(await seconds(() => cloudflare.kvNamespaces("account")), 120);
  });

  it("makes no storm of a Retry-After of 0", async () => {
    api.answer = () => ({ ...LIMITED, headers: { "retry-after": "0" } });
    await refusesLater(cloudflare.kvNamespaces("account"), "CloudflareLimited", { names: ["429", "971"] });
    ok(api.calls.length <= 10, `${api.calls.length} calls`);
  });

  it("does not wait for more than the five minutes of the limit", async () => {
    api.answer = () => ({ ...LIMITED, headers: { "retry-after": "3600" } });
    await refusesLater(cloudflare.kvNamespaces("account"), "CloudflareLimited");
    strictEqual(api.calls.length, 1);
  });

  it("ends the wait when it is interrupted, and tells the refusal", async () => {
    api.answer = () => {
      interrupt.abort();
      return LIMITED;
    };
    await refusesLater(cloudflare.kvNamespaces("account"), "CloudflareLimited");
    strictEqual(api.calls.length, 1);
  });

  it("asks again after a page of a gateway, and waits 20 s at most", async () => {
    api.answer = (_, number) => (number === 1 ? BAD_GATEWAY : empty);
    deepStrictEqual(await cloudflare.allDnsRecords("zone"), []);
    api.answer = () => BAD_GATEWAY;
    ok((await seconds(() => rejects(cloudflare.allDnsRecords("zone")))) <= 20);
    const error: unknown = await cloudflare.allDnsRecords("zone").catch((refusal: unknown) => refusal);
    ok(error instanceof UserError);
    match(error.what, /HTTP 502/);
    doesNotMatch(error.what, /[<>]|JSON/);
  });

  it("takes a record for removed that an earlier try removed before its answer was lost", async () => {
    const gone: Answer = { status: 404, body: { success: false, errors: [{ code: 81_044, message: "none" }] } };
    api.answer = (_, number) => (number === 1 ? BAD_GATEWAY : gone);
    await cloudflare.removeDnsRecord("zone", "1");
    await refusesLater(cloudflare.removeDnsRecord("zone", "2"), "CloudflareRefused"); // it was never there
  });
});

describe("retryAfterIn", () => {
  const now = Date.parse("2026-11-20T00:00:00Z");
  for (const [header, expected] of [
    ["3", 3],
    ["0", 0],
    ["1.5", 1.5],
    ["Fri, 20 Nov 2026 00:02:00 GMT", 120],
    ["Thu, 19 Nov 2026 00:02:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const)
    it(`reads ${JSON.stringify(header)} as ${expected} s`, () => strictEqual(retryAfterIn(header, now), expected));
});
