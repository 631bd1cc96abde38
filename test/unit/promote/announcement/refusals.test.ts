import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SharedWebhook } from "../../../../infra/base/clients/alerts";
import { openWebhook, type Webhook } from "../../../../infra/base/clients/discord";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { withTemporaryFolder } from "../../../../infra/base/lib/temporary";
import { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { FolderStore } from "../../../../infra/base/store/folder";
import { announce } from "../../../../infra/promote/announcement/announce";
import { type Answer, AnsweringServer } from "../../../support/answering";
import { trial } from "../../../support/checkout";

const document = (name: string): unknown => JSON.parse(readFileSync(join(trial("T23"), name), "utf8"));

describe("an announcement that Discord does not take", () => {
  let discord: AnsweringServer;
  beforeEach(async () => {
    discord = await new AnsweringServer(() => ({})).start();
  });
  afterEach(() => discord.stop());

  /** How a first run ends, and how a second one ends after Discord was mended. */
  const tried = (answers: readonly Answer[]) =>
    withTemporaryFolder(async (folder) => {
      const [answer] = answers;
      const input = AnnouncementInput.parse(document("announcement.json"));
      const webhook = openWebhook(`${discord.url}/api/webhooks/1/hunter2`);
      const said: string[] = [];
      const run = runWith({ say: (line) => said.push(line) });
      const once = () => announce({ store: new FolderStore(folder), input, webhook }, run);
      discord.answer = () => answer ?? {};
      const first = await once().catch((error: unknown) => error);
      discord.answer = () => ({ body: { id: "77" } });
      return { first, said: said.join("\n"), rerun: await once() };
    });

  for (const [name, why, fix] of [
    ["forum", "thread_name or thread_id (code 220001)", /forum.*\?thread_id=ID/],
    ["unknown-thread", "Unknown Channel (code 10003)", /\?thread_id=ID/],
    ["archived-thread", "Thread is archived (code 50083)", /Open the thread again, or name another/],
    ["form", "embeds[0].fields[2].value: This field is required", /smeshnet announce testnet/],
    ["automod", "automatic moderation (code 200000)", /A rule of the Discord server blocks this text/],
    ["deleted", "Unknown Webhook (code 10015)", /Make a new webhook/],
  ] as const)
    it(`names the fix of the answer "${name}", and goes out on a rerun (T23)`, async () => {
      const { first, rerun } = await tried(document(`answers-${name}.json`) as Answer[]);
      ok(first instanceof UserError, String(first));
      strictEqual(first.exitCode, 1);
      ok(first.what.includes(why), first.what);
      match(first.fix, fix);
      deepStrictEqual(rerun, { state: "sent", messageId: "77" });
    });

  for (const name of ["502-html", "204"])
    it(`is in doubt after the answer ${name}, whose page is not shown (T23)`, async () => {
      const { first, said, rerun } = await tried(document(`answers-${name}.json`) as Answer[]);
      ok(typeof first === "object" && first && "state" in first && first.state === "doubt", String(first));
      match(said, /HTTP (502 with a page|204, without the id of the message)/);
      doesNotMatch(said, /</);
      deepStrictEqual(rerun, first); // a person has to look at the channel
    });
});

describe("SharedWebhook", () => {
  it("posts nothing for anybody until the limit of one post is over, and less than ten times a minute", async () => {
    let time = 0;
    let posts = 0;
    let retryAfter = 0;
    const webhook: Pick<Webhook, "post"> = {
      post: async () => {
        posts += 1;
        return { outcome: "limited", retryAfter };
      },
    };
    const shared = new SharedWebhook();
    const post = () => shared.post(webhook, {}, { now: () => time });
    for (time = 0; time < 60_000; time += 100) await post();
    ok(posts < 10, `${posts} posts`);
    [time, retryAfter, posts] = [100_000, 3600, 0];
    await post();
    time += 3_599_000;
    deepStrictEqual(await post(), { outcome: "limited", retryAfter: 1 });
    strictEqual(posts, 1);
  });
});
