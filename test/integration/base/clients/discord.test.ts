import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { lookAtWebhook, openWebhook, type Posted } from "../../../../infra/base/clients/discord";
import { isRefusal, refuses } from "../../../support/errors";

const TOKEN = "hunter2";

describe("openWebhook", () => {
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

  it("asks Discord to store the message before it answers, in the given thread", async () => {
    answers(200, { id: "77" });
    deepStrictEqual(await openWebhook(url("http", "?thread_id=5")).post({}), { outcome: "sent", messageId: "77" });
    await openWebhook(url("http", "?thread_id=5")).find("77");
    deepStrictEqual(asked, [
      `POST /api/webhooks/1/${TOKEN}?thread_id=5&wait=true`,
      `GET /api/webhooks/1/${TOKEN}/messages/77?thread_id=5`,
    ]);
  });

  it("tells the webhook's name without a message, and hides its token in what Discord says", async () => {
    answers(200, { id: "1", name: "network news" });
    deepStrictEqual(await lookAtWebhook(url("http", "?thread_id=5"), 5), { name: "network news" });
    deepStrictEqual(asked, [`GET /api/webhooks/1/${TOKEN}`]);
    answers(404, { message: `Unknown Webhook ${TOKEN}`, code: 10015 });
    deepStrictEqual(await lookAtWebhook(url(), 5), { why: "HTTP 404: Unknown Webhook *** (code 10015)" });
    answers(200, { id: "1" });
    ok("why" in (await lookAtWebhook(url(), 5)));
  });

  for (const [what, status, body] of [
    ["a success without a message id", 200, {}],
    ["a success from another server", 200, "<html>"],
    ["a success without a body", 204, ""],
    ["a fault of Discord", 500, { message: "Internal Server Error" }],
    ["a gateway that timed out", 504, "<html>"],
  ] as const)
    it(`reports an unknown outcome after ${what}`, async () => {
      answers(status, body);
      strictEqual((await post()).outcome, "unknown");
    });

  for (const status of [301, 308, 400, 401, 403, 404])
    it(`reports that nothing was sent after ${status}, and follows no redirection`, async () => {
      answers(status, { message: "No", code: 1 }, { location: url() });
      deepStrictEqual(await post(), { outcome: "not-sent", why: `HTTP ${status}: No (code 1)`, status, code: 1 });
      strictEqual(asked.length, 1);
    });

  for (const [header, body, seconds] of [
    ["2", { retry_after: 1.337 }, 2],
    ["1", { retry_after: 1.337 }, 1.337],
    [undefined, { retry_after: 0.5 }, 0.5],
    ["0.25", "<html>", 0.25],
    ["soon", { retry_after: -1 }, 5],
    ["0", { retry_after: 0 }, 0],
    ["1500", { retry_after: 1.5 }, 1.5],
    ["64321", { retry_after: 64_321 }, 64.321],
    ["3600", "error code: 1015", 3600],
    ["86400001", "error code: 1015", 86_400.001],
    [undefined, "", 5],
  ] as const)
    it(`reports a limit of ${seconds} s for a Retry-After of ${header} with ${JSON.stringify(body)}`, async () => {
      answers(429, body, header === undefined ? {} : { "retry-after": header });
      deepStrictEqual(await post(), { outcome: "limited", retryAfter: seconds });
    });

  it("hides the token when a server repeats it", async () => {
    listener = (request, response) => response.writeHead(404).end(`Cannot POST ${request.url}`);
    const posted = await post();
    ok(posted.outcome === "not-sent" && !posted.why.includes(TOKEN), JSON.stringify(posted));
    match(posted.why, /^HTTP 404: Cannot POST \/api\/webhooks\/1\/\*\*\*/);
  });

  it("reports that nothing was sent when there is no secure connection", async () => {
    answers(200, { id: "77" });
    strictEqual((await openWebhook(url("https")).post({})).outcome, "not-sent");
    deepStrictEqual(asked, []);
  });

  it("reports an unknown outcome when no answer comes in time, or only half of one", async () => {
    listener = () => undefined;
    const posted = await openWebhook(url(), 0.1).post({});
    deepStrictEqual(posted, { outcome: "unknown", why: "no answer in 0.1 s" });
    listener = (request, response) => {
      response.writeHead(200, { "content-length": "100" }).write('{"id"');
      setImmediate(() => request.socket.destroy());
    };
    strictEqual((await post()).outcome, "unknown");
  });

  it("tells a missing message from one that it cannot look for", async () => {
    const found = () => openWebhook(url()).find("77");
    answers(200, { id: "77", embeds: [{ title: "t" }] });
    deepStrictEqual(await found(), { outcome: "found", title: "t" });
    answers(404, { message: "Unknown Message", code: 10008 });
    deepStrictEqual(await found(), { outcome: "missing" });
    answers(404, { message: "Unknown Webhook", code: 10015 });
    deepStrictEqual(await found(), { outcome: "unknown", why: "HTTP 404: Unknown Webhook (code 10015)" });
  });

  it("refuses a missing URL, and one that is not a webhook's, without showing it", () => {
    refuses(() => openWebhook(undefined), "WebhookMissing", { exitCode: 2, names: ["DISCORD_WEBHOOK"] });
    for (const wrong of [TOKEN, `${url()}?wait=${TOKEN}`, `http://discord.com/api/webhooks/1/${TOKEN}`]) {
      throws(
        () => openWebhook(wrong),
        (error) => {
          ok(!String(error).includes(TOKEN));
          return isRefusal(error, "WebhookInvalid", { exitCode: 2, names: ["DISCORD_WEBHOOK"] });
        },
      );
    }
  });
});
