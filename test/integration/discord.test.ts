import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Discord, startDiscord } from "../../sandbox/discord/discord";

describe("The webhook of the sandbox's Discord", () => {
  let discord: Discord;
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-discord-"));
  const start = async () => {
    discord = await startDiscord({ port: 0, webhook: { id: "1", token: "secret" }, folder });
  };
  beforeEach(start);
  afterEach(() => discord.close());
  after(() => rmSync(folder, { recursive: true }));

  const post = async (url: string, content: string) => {
    const body = JSON.stringify({ content });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, message: text === "" ? undefined : JSON.parse(text) };
  };

  it("returns the message it has kept, when asked to wait, and finds it again by its id, even after a restart", async () => {
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

  it("refuses wrong tokens, and messages that are empty or too long", async () => {
    strictEqual((await post(discord.webhookUrl.replace("secret", "wrong"), "x")).message.code, 50027);
    strictEqual((await post(discord.webhookUrl.replace("/1/", "/2/"), "x")).message.code, 10015);
    strictEqual((await post(discord.webhookUrl, "")).message.code, 50006);
    strictEqual((await post(discord.webhookUrl, "x".repeat(2001))).message.code, 50035);
  });

  it("limits the rate when told so, and keeps nothing of what it refused", async () => {
    const kept = discord.messages().length;
    discord.setFaults({ refuse: { status: 429, retryAfter: 2, times: 1 } });
    const { status, headers, message } = await post(discord.webhookUrl, "once");
    deepStrictEqual([status, headers.get("retry-after"), message.retry_after], [429, "2", 2]);
    strictEqual((await post(discord.webhookUrl, "twice")).status, 204);
    strictEqual(discord.messages().length, kept + 1);
  });
});
