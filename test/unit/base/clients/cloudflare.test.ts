import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Cloudflare, cloudflareApi } from "../../../../infra/base/clients/cloudflare";
import { runWith } from "../../../../infra/base/lib/run";
import { refuses, refusesLater } from "../../../support/errors";
import { QuickClock } from "../../../support/late-kv";

const NAMESPACE = { accountId: "account", namespaceId: "kv" };
const KV = "/accounts/account/storage/kv/namespaces/kv/";
const RECORDS = "/zones/zone/dns_records";

describe("cloudflareApi", () => {
  let server: Server;
  let cloudflare: Cloudflare;
  let url: string;
  /** Method and URL of each request, with its authorization. */
  let requests: { call: string; authorization: string | undefined }[];
  /** Status and answer by method and URL. */
  let answers: Record<string, [status: number, answer: unknown]>;

  beforeEach(async () => {
    requests = [];
    answers = {};
    server = createServer((request, response) => {
      const call = `${request.method} ${request.url}`;
      requests.push({ call, authorization: request.headers.authorization });
      const [status, answer] = answers[call] ?? [404, { success: false, errors: [{ code: 10009, message: "none" }] }];
      response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    cloudflare = cloudflareApi(
      { cloudflareUrl: url, cloudflareToken: "hush-hush" },
      runWith({ clock: new QuickClock() }),
    );
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const calls = (): string[] => requests.map(({ call }) => call);
  const success = (result: unknown): [number, unknown] => [200, { success: true, errors: [], result }];

  it("finds DNS records by their comment or by their name", async () => {
    const record = { id: "1", name: "api.example.org", comment: "smeshnet v1.2.3+1" };
    answers = {
      [`GET ${RECORDS}?comment.exact=smeshnet%20v1.2.3%2B1&per_page=100`]: success([record]),
      [`GET ${RECORDS}?name.exact=api.example.org&per_page=100`]: success([record]),
    };
    deepStrictEqual(await cloudflare.dnsRecords("zone", { comment: "smeshnet v1.2.3+1" }), [record]);
    deepStrictEqual(await cloudflare.dnsRecordsNamed("zone", "api.example.org"), [record]);
    deepStrictEqual([...new Set(requests.map(({ authorization }) => authorization))], ["Bearer hush-hush"]);
  });

  it("refuses a list without end", async () => {
    const body = { success: true, errors: [], result: [], result_info: { total_pages: 1e9, cursor: "again" } };
    answers = {
      [`GET ${RECORDS}?per_page=100`]: [200, body],
      [`GET ${KV}keys?prefix=`]: [200, body],
      [`GET ${KV}keys?prefix=&cursor=again`]: [200, body],
    };
    await refusesLater(cloudflare.allDnsRecords("zone"), "CloudflareFailed", { names: ["1000 pages"] });
    await refusesLater(cloudflare.listKv(NAMESPACE, ""), "CloudflareFailed", { names: ["1000 pages"] });
  }).timeout(20_000);

  it("reads every page of a list", async () => {
    const page = (id: string): [number, unknown] => [
      200,
      { success: true, errors: [], result: [{ id }], result_info: { total_pages: 3 } },
    ];
    answers = {
      [`GET ${RECORDS}?per_page=100`]: page("1"),
      [`GET ${RECORDS}?per_page=100&page=2`]: page("2"),
      [`GET ${RECORDS}?per_page=100&page=3`]: page("3"),
    };
    deepStrictEqual(await cloudflare.allDnsRecords("zone"), [{ id: "1" }, { id: "2" }, { id: "3" }]);
    strictEqual(requests.length, 3);
  });

  it("lists Workers and their hosts", async () => {
    const [scripts, domains] = [[{ id: "smeshnet-edge" }], [{ id: "1", hostname: "discover.example.org" }]];
    answers = {
      "GET /accounts/account/workers/scripts": success(scripts),
      "GET /accounts/account/workers/domains": success(domains),
    };
    deepStrictEqual(await cloudflare.workerScripts("account"), scripts);
    deepStrictEqual(await cloudflare.workerDomains("account"), domains);
  });

  it("removes a DNS record by its id", async () => {
    answers = { [`DELETE ${RECORDS}/1`]: success({ id: "1" }) };
    await cloudflare.removeDnsRecord("zone", "1");
    deepStrictEqual(calls(), [`DELETE ${RECORDS}/1`]);
  });

  it("verifies a token of a person, or of an account, and reads the name of a zone", async () => {
    const refused = { success: false, errors: [{ code: 1000, message: "Invalid API Token" }] };
    const active = (expires_on?: string) => ({ success: true, result: { id: "t", status: "active", expires_on } });
    answers["GET /user/tokens/verify"] = [200, active("2027-01-01T00:00:00Z")];
    deepStrictEqual(await cloudflare.verifyToken("account"), { status: "active", expires: "2027-01-01T00:00:00Z" });
    answers["GET /user/tokens/verify"] = [401, refused];
    answers["GET /accounts/account/tokens/verify"] = [200, active()];
    deepStrictEqual(await cloudflare.verifyToken("account"), { status: "active" });
    await refusesLater(cloudflare.verifyToken(), "CloudflareRefused", {
      names: ["user/tokens/verify", "Invalid API Token"],
    });
    answers["GET /accounts/account/tokens/verify"] = [401, refused];
    await refusesLater(cloudflare.verifyToken("account"), "CloudflareRefused", { names: ["user/tokens/verify"] });
    answers["GET /zones/zone"] = [200, { success: true, result: { id: "zone", name: "example.org" } }];
    strictEqual(await cloudflare.zoneName("zone"), "example.org");
    answers["GET /zones/zone"] = [200, { success: true, result: { id: "zone" } }];
    await refusesLater(cloudflare.zoneName("zone"), "CloudflareFailed", { names: ["zones/zone"] });
  });

  it("lists the KV namespaces of an account", async () => {
    const namespaces = [{ id: "kv", title: "smeshnet-edge" }];
    answers = { "GET /accounts/account/storage/kv/namespaces?per_page=100": success(namespaces) };
    deepStrictEqual(await cloudflare.kvNamespaces("account"), namespaces);
  });

  it("lists the keys of all pages", async () => {
    const page = (names: string[], cursor: string): [number, unknown] => [
      200,
      { success: true, errors: [], result: names.map((name) => ({ name })), result_info: { count: 1, cursor } },
    ];
    answers = {
      [`GET ${KV}keys?prefix=history%3A`]: page(["history:a"], "x+1"),
      [`GET ${KV}keys?prefix=history%3A&cursor=x%2B1`]: page(["history:b"], ""),
    };
    deepStrictEqual(await cloudflare.listKv(NAMESPACE, "history:"), ["history:a", "history:b"]);
  });

  it("returns the value of a key as it is, and undefined for a key without one", async () => {
    answers = { [`GET ${KV}values/history%3A1_2_3_1%3A2026`]: [200, '{"a":1}'] };
    strictEqual(await cloudflare.getKv(NAMESPACE, "history:1_2_3_1:2026"), '{"a":1}');
    strictEqual(await cloudflare.getKv(NAMESPACE, "none"), undefined);
  });

  it("removes a key", async () => {
    answers = { [`DELETE ${KV}values/failed%3A1_2_3_1`]: success(null) };
    await cloudflare.removeKv(NAMESPACE, "failed:1_2_3_1");
    deepStrictEqual(calls(), [`DELETE ${KV}values/failed%3A1_2_3_1`]);
  });

  it("reports a missing namespace instead of a key without a value, and never the token", async () => {
    const missing = { success: false, errors: [{ code: 10013, message: "namespace not found" }] };
    answers = { [`GET ${KV}values/key`]: [404, missing], [`PUT ${KV}values/key`]: [404, missing] };
    for (const call of [cloudflare.getKv(NAMESPACE, "key"), cloudflare.putKv(NAMESPACE, "key", "value")]) {
      const error: unknown = await call.catch((refusal) => refusal);
      doesNotMatch(String(error), /hush/);
      await refusesLater(Promise.reject(error), "CloudflareRefused", {
        names: ["namespace not found", "10013", "404"],
      });
    }
    deepStrictEqual(calls(), [`GET ${KV}values/key`, `PUT ${KV}values/key`]);
  });

  for (const [what, status, answer, code] of [
    [
      "a fault of Cloudflare",
      500,
      { success: false, errors: [{ code: 10000, message: "internal" }] },
      "CloudflareFailed",
    ],
    ["a page instead of JSON", 502, "<html>", "CloudflareFailed"],
    ["a success without a list", 200, { success: true, errors: [], result: {} }, "CloudflareFailed"],
    ["a list with an object that has no id", 200, { success: true, errors: [], result: [{}] }, "CloudflareFailed"],
    ["a refusal", 403, { success: false, errors: [{ code: 9109, message: "no permission" }] }, "CloudflareRefused"],
    ["a refusal without a reason", 403, { success: false }, "CloudflareRefused"],
  ] as const) {
    it(`reports ${what}`, async () => {
      answers = { [`GET ${RECORDS}?name.exact=host&per_page=100`]: [status, answer] };
      await refusesLater(cloudflare.dnsRecordsNamed("zone", "host"), code, { names: ["zones/zone/dns_records"] });
    });
  }

  it("reports that Cloudflare does not answer", async () => {
    server.close();
    await once(server, "close");
    await refusesLater(cloudflare.kvNamespaces("account"), "CloudflareFailed", { names: ["ECONNREFUSED"] });
  });

  it("reports a missing token at the first call, or at once on demand, without a request", async () => {
    const anonymous = cloudflareApi({ cloudflareUrl: url });
    const missing = { exitCode: 2, names: ["CLOUDFLARE_API_TOKEN"] } as const;
    await refusesLater(anonymous.getKv(NAMESPACE, "key"), "CloudflareTokenMissing", missing);
    refuses(() => anonymous.requireToken("dns"), "CloudflareTokenMissing", {
      exitCode: 2,
      names: ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_DNS_TOKEN"],
    });
    cloudflare.requireToken("dns", "kv", "workers");
    deepStrictEqual(requests, []);
  });
});
