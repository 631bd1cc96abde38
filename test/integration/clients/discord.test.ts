import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openWebhook, type Posted } from "../../../infra/base/clients/discord";

const TOKEN = "hunter2";

describe("The client of a Discord webhook", () => {
  let server: Server;
  let listener: RequestListener;
  let asked: string[];
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      listener(request, response);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  beforeEach(() => {
    asked = [];
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  const url = (scheme = "http", query = "") =>
    `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/1/${TOKEN}${query}`;
  const answers = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    listener = (_, response) =>
      response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const post = (): Promise<Posted> => openWebhook(url()).post({ content: "hello" });

  it("waits for the message to be kept, in the thread it is told", async () => {
    answers(200, { id: "77" });
    deepStrictEqual(await openWebhook(url("http", "?thread_id=5")).post({}), { outcome: "sent", messageId: "77" });
    await openWebhook(url("http", "?thread_id=5")).find("77");
    deepStrictEqual(asked, [
      `POST /api/webhooks/1/${TOKEN}?thread_id=5&wait=true`,
      `GET /api/webhooks/1/${TOKEN}/messages/77?thread_id=5`,
    ]);
  });

  for (const [what, status, body] of [
    ["a success that names no message", 200, {}],
    ["a success of somebody else", 200, "<html>"],
    ["a success without a body", 204, ""],
    ["a fault of Discord", 500, { message: "Internal Server Error" }],
    ["a gateway that has waited too long", 504, "<html>"],
  ] as const)
    it(`does not know what became of it, after ${what}`, async () => {
      answers(status, body);
      strictEqual((await post()).outcome, "unknown");
    });

  for (const status of [301, 308, 400, 401, 403, 404])
    it(`knows that nothing was sent, after ${status}, and does not go elsewhere`, async () => {
      answers(status, { message: "No", code: 1 }, { location: url() });
      deepStrictEqual(await post(), { outcome: "not-sent", why: `HTTP ${status}: No (code 1)`, status });
      strictEqual(asked.length, 1);
    });

  for (const [header, body, seconds] of [
    ["2", { retry_after: 1.337 }, 2],
    ["1", { retry_after: 1.337 }, 1.337],
    [undefined, { retry_after: 0.5 }, 0.5],
    ["0.25", "<html>", 0.25],
    ["soon", { retry_after: -1 }, 5],
  ] as const)
    it(`waits ${seconds} s for a Retry-After of ${header} with ${JSON.stringify(body)}`, async () => {
      answers(429, body, header === undefined ? {} : { "retry-after": header });
      deepStrictEqual(await post(), { outcome: "limited", retryAfter: seconds });
    });

  it("does not show the token that a server repeats", async () => {
    listener = (request, response) => response.writeHead(404).end(`Cannot POST ${request.url}`);
    const posted = await post();
    ok(posted.outcome === "not-sent" && !posted.why.includes(TOKEN), JSON.stringify(posted));
    match(posted.why, /^HTTP 404: Cannot POST \/api\/webhooks\/1\/\*\*\*/);
  });

  it("knows that nothing was sent when there is no secure connection", async () => {
    answers(200, { id: "77" });
    strictEqual((await openWebhook(url("https")).post({})).outcome, "not-sent");
    deepStrictEqual(asked, []);
  });

  it("does not know what became of it when no answer comes in time, or only half of one", async () => {
    listener = () => undefined;
    const posted = await openWebhook(url(), 0.1).post({});
    deepStrictEqual(posted, { outcome: "unknown", why: "no answer in 0.1 s" });
    listener = (request, response) => {
      response.writeHead(200, { "content-length": "100" }).write('{"id"');
      setImmediate(() => request.socket.destroy());
    };
    strictEqual((await post()).outcome, "unknown");
  });

  it("tells a message that is not there from one it cannot look for", async () => {
    const found = () => openWebhook(url()).find("77");
    answers(200, { id: "77", embeds: [{ title: "t" }] });
    deepStrictEqual(await found(), { outcome: "found", title: "t" });
    answers(404, { message: "Unknown Message", code: 10008 });
    deepStrictEqual(await found(), { outcome: "missing" });
    answers(404, { message: "Unknown Webhook", code: 10015 });
    deepStrictEqual(await found(), { outcome: "unknown", why: "HTTP 404: Unknown Webhook (code 10015)" });
  });
});
