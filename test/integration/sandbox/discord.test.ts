import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Discord, startDiscord } from "../../../sandbox/discord/discord";

describe("the stand-in of Discord", () => {
  let discord: Discord;
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-discord-"));
  const start = async () => {
    discord = await startDiscord({ port: 0, webhook: { id: "1", token: "secret" }, folder });
  };
  beforeEach(start);
  afterEach(async () => {
    discord.setFaults({});
    await discord.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  const post = async (url: string, content: string) => {
    const body = JSON.stringify({ content });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, message: text === "" ? undefined : JSON.parse(text) };
  };

  it("returns a kept message on request and finds it by its id, even after a restart", async () => {
    const { status, message } = await post(`${discord.webhookUrl}?wait=true`, "hello");
    deepStrictEqual([status, message.content, message.webhook_id], [200, "hello", "1"]);
    strictEqual((await post(discord.webhookUrl, "quiet")).status, 204);
    await discord.close();
    await start();
    deepStrictEqual(await (await fetch(`${discord.webhookUrl}/messages/${message.id}`)).json(), message);
    deepStrictEqual(
      discord.messages().map(({ content }) => content),
      ["hello", "quiet"],
    );
  });

  it("tells the webhook's name, and posts nothing by that", async () => {
    const before = discord.messages().length;
    const response = await fetch(discord.webhookUrl);
    deepStrictEqual(await response.json(), { id: "1", type: 1, name: "smeshnet", avatar: null });
    deepStrictEqual([response.status, discord.messages().length], [200, before]);
  });

  it("refuses wrong tokens, and empty or too long messages", async () => {
    strictEqual((await post(discord.webhookUrl.replace("secret", "wrong"), "x")).message.code, 50027);
    strictEqual((await post(discord.webhookUrl.replace("/1/", "/2/"), "x")).message.code, 10015);
    strictEqual((await post(discord.webhookUrl, "")).message.code, 50006);
    strictEqual((await post(discord.webhookUrl, "x".repeat(2001))).message.code, 50035);
  });

  it("limits the rate while the fault refuse is on and keeps no refused message", async () => {
    const kept = discord.messages().length;
    discord.setFaults({ refuse: { status: 429, retryAfter: 2, times: 1 } });
    const { status, headers, message } = await post(discord.webhookUrl, "once");
    deepStrictEqual([status, headers.get("retry-after"), message.retry_after], [429, "2", 2]);
    strictEqual((await post(discord.webhookUrl, "twice")).status, 204);
    strictEqual(discord.messages().length, kept + 1);
  });

  it("refuses embeds beyond the limits and names each place", async () => {
    const refused = async (...embeds: unknown[]) => {
      const body = JSON.stringify({ embeds });
      const response = await fetch(discord.webhookUrl, { method: "POST", body });
      return [response.status, ((await response.json()) as { errors: unknown }).errors];
    };
    const tooLong = (most: number) => ({
      _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${most} or fewer in length.` }],
    });
    const title = "x".repeat(257);
    deepStrictEqual(await refused({ title: "fits" }, { title, fields: [{ name: "n", value: " " }] }), [
      400,
      {
        embeds: {
          1: {
            title: tooLong(256),
            fields: { 0: { value: { _errors: [{ code: "BASE_TYPE_REQUIRED", message: "This field is required" }] } } },
          },
        },
      },
    ]);
    const description = "x".repeat(4096);
    const [, errors] = await refused({ description }, { description: description.slice(0, 1905) });
    deepStrictEqual(errors, {
      embeds: {
        _errors: [{ code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds maximum size of 6000" }],
      },
    });
  });

  it("keeps messages whose answers the fault loseAnswer drops", async () => {
    const kept = discord.messages().length;
    discord.setFaults({ loseAnswer: 1 });
    await rejects(post(discord.webhookUrl, "lost"), TypeError);
    strictEqual((await post(discord.webhookUrl, "answered")).status, 204);
    strictEqual(discord.messages().length, kept + 2);
  });

  it("notifies everybody from content only, and only when the message allows it", async () => {
    const calls = async (message: unknown) => {
      const body = JSON.stringify(message);
      const response = await fetch(`${discord.webhookUrl}?wait=true`, { method: "POST", body });
      return ((await response.json()) as { mention_everyone: boolean }).mention_everyone;
    };
    strictEqual(await calls({ content: "@everyone" }), true);
    strictEqual(await calls({ content: "@everyone", allowed_mentions: { parse: [] } }), false);
    strictEqual(await calls({ embeds: [{ description: "@everyone" }] }), false);
  });
});
