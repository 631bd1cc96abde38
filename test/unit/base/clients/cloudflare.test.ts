import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getKv, listKv, putKv } from "../../../../infra/base/clients/cloudflare";

const NAMESPACE = { accountId: "account", namespaceId: "kv" };

describe("the client of Cloudflare's KV", () => {
  const before = { ...process.env };
  let server: Server;
  let asked: string[];
  /** Status and answer by method and path. */
  let answers: Record<string, [status: number, answer: unknown]>;

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const call = `${request.method} ${request.url?.replace("/accounts/account/storage/kv/namespaces/kv/", "")}`;
      asked.push(call);
      const [status, answer] = answers[call] ?? [404, { success: false, errors: [{ code: 10009 }] }];
      response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, { CLOUDFLARE_BASE_URL: `http://127.0.0.1:${port}`, CLOUDFLARE_API_TOKEN: "hush-hush" });
  });
  afterEach(() => {
    process.env = { ...before };
    server.close();
  });

  it("lists keys to the last page", async () => {
    const page = (names: string[], cursor: string) => ({
      success: true,
      errors: [],
      result: names.map((name) => ({ name })),
      result_info: { count: names.length, cursor },
    });
    answers = {
      "GET keys?prefix=history%3A": [200, page(["history:a"], "x+1")],
      "GET keys?prefix=history%3A&cursor=x%2B1": [200, page(["history:b"], "")],
    };
    deepStrictEqual(await listKv(NAMESPACE, "history:"), ["history:a", "history:b"]);
  });

  it("gives a value as it is, and undefined for a key without one", async () => {
    answers = { "GET values/history%3A1_2_3_1%3A2026": [200, '{"a":1}'] };
    strictEqual(await getKv(NAMESPACE, "history:1_2_3_1:2026"), '{"a":1}');
    strictEqual(await getKv(NAMESPACE, "none"), undefined);
  });

  it("does not take a namespace that is not there for a key without a value, and tells no token", async () => {
    const missing = { success: false, errors: [{ code: 10013, message: "namespace not found" }] };
    answers = { "GET values/key": [404, missing], "PUT values/key": [404, missing] };
    const refused = (error: Error) =>
      /namespace not found.*run this again$/.test(error.message) && !/hush/.test(error.message);
    await rejects(getKv(NAMESPACE, "key"), refused);
    await rejects(putKv(NAMESPACE, "key", "value"), refused);
    deepStrictEqual(asked, ["GET values/key", "PUT values/key"]);
  });
});
