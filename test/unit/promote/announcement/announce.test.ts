import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { Readable } from "node:stream";
import { type MessageFound, openWebhook, type Posted, type Webhook } from "../../../../infra/base/clients/discord";
import type { Clock } from "../../../../infra/base/lib/clock";
import { UserError } from "../../../../infra/base/lib/errors";
import type { Run } from "../../../../infra/base/lib/run";
import type { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { announce, announcementState, LONGEST_TRY } from "../../../../infra/promote/announcement/announce";
import { settle } from "../../../../infra/promote/announcement/settle";
import { isRefusal, refusesLater } from "../../../support/errors";

const INPUT: AnnouncementInput = {
  channel: "testnet",
  generation: 3,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  changes: "- a fault",
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
};
const START = Date.parse("2026-01-01T00:00:00Z");
const SENT: Posted = { outcome: "sent", messageId: "77" };
const LOST: Posted = { outcome: "unknown", why: "socket hang up" };
const REFUSED: Posted = { outcome: "not-sent", why: "HTTP 403: Missing Access", status: 403 };

/** A store, a clock and a Discord in memory. Discord gives the answers one after the other. */
class Fake implements Store, Clock, Webhook {
  readonly objects = new Map<string, string>();
  readonly said: string[] = [];
  readonly interrupt = new AbortController();
  posts = 0;
  time = START;
  answers: (Posted | (() => Promise<Posted>))[] = [];
  found: MessageFound = { outcome: "missing" };
  /** Runs while the clock sleeps. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  async put(key: string, content: Readable | string) {
    if (this.objects.has(key)) throw new ObjectExists(key);
    this.objects.set(key, String(content));
    return { bytes: 0, sha256: "" };
  }
  get = (key: string) => Readable.from([Buffer.from(this.objects.get(key) as string)], { objectMode: false });
  list = async (prefix: string) => [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  probe = async () => undefined;

  now = () => this.time;
  async sleep(seconds: number, signal?: AbortSignal) {
    this.time += seconds * 1000;
    await this.meanwhile();
    signal?.throwIfAborted();
  }

  async post(): Promise<Posted> {
    this.posts += 1;
    const next = this.answers.shift() ?? SENT;
    return typeof next === "function" ? next() : next;
  }
  find = async () => this.found;

  readonly run: Run = { signal: this.interrupt.signal, say: (line) => void this.said.push(line), clock: this };

  announce = (input: Partial<AnnouncementInput> = {}) =>
    announce({ store: this, input: { ...INPUT, ...input }, webhook: this }, this.run);
  settle = (messageId?: string, webhook: Webhook | undefined = this) =>
    settle({ store: this, channel: "testnet", generation: 3, messageId, webhook }, this.run);
  state = () => announcementState(this, "testnet", 3);
  names = () => [...this.objects.keys()].map((key) => key.slice("announcements/testnet/3/".length)).sort();
}

describe("announce", () => {
  let world: Fake;
  beforeEach(() => {
    world = new Fake();
  });

  it("sends once, and records its intent before and its message after", async () => {
    world.answers = [
      async () => {
        deepStrictEqual(world.names(), ["intent-1.json"]);
        return SENT;
      },
    ];
    deepStrictEqual(await world.state(), { state: "none" });
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "77" });
    deepStrictEqual(world.names(), ["intent-1.json", "sent.json"]);
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "77" });
    strictEqual(world.posts, 1);
  });

  it("sends the announcement of the next generation too", async () => {
    await world.announce();
    await world.announce({ generation: 4, release: "v1.2.4", tag: "v1.2.4+1" });
    strictEqual(world.posts, 2);
  });

  it("reports a doubt when Discord's answer is lost, and does not send again", async () => {
    world.answers = [LOST];
    const doubt = { state: "doubt", since: "2026-01-01T00:00:00.000Z" };
    deepStrictEqual(await world.announce(), doubt);
    world.time += 1_000_000;
    deepStrictEqual(await world.announce(), doubt);
    strictEqual(world.posts, 1);
  });

  it("fails when the message was certainly not sent, and the next run sends it", async () => {
    world.answers = [REFUSED];
    await refusesLater(world.announce(), "AnnouncementNotSent", {
      names: ["v1.2.3", "(HTTP 403: Missing Access)", "DISCORD_WEBHOOK"],
    });
    deepStrictEqual(await world.state(), { state: "not-sent", why: "HTTP 403: Missing Access" });
    strictEqual((await world.announce()).state, "sent");
    deepStrictEqual(world.names(), ["intent-1.json", "intent-2.json", "not-sent-1.json", "sent.json"]);
  });

  it("tries more than ten times", async () => {
    world.answers = Array.from({ length: 11 }, () => REFUSED);
    for (let i = 0; i < 11; i++) await refusesLater(world.announce(), "AnnouncementNotSent");
    strictEqual((await world.announce()).state, "sent");
    ok(world.names().includes("intent-12.json"));
  });

  it("refuses a generation that announces another build, sent or not", async () => {
    world.answers = [LOST];
    await world.announce();
    const other = { tag: "v1.2.3+2" };
    await refusesLater(world.announce(other), "GenerationOfOtherBuild", {
      exitCode: 2,
      names: ["eneration 3 of testnet", '"v1.2.3+1"', "v1.2.3+2"],
    });
    strictEqual(world.posts, 1);
  });

  it("waits as long as Discord's rate limit says, and continues with the same intent", async () => {
    world.answers = [
      { outcome: "limited", retryAfter: 1.5 },
      { outcome: "limited", retryAfter: 2 },
    ];
    strictEqual((await world.announce()).state, "sent");
    strictEqual(world.time, START + 3500);
    deepStrictEqual(world.names(), ["intent-1.json", "sent.json"]);
  });

  it("posts at most ten times a minute while Discord refuses with a wait of 0 s", async () => {
    world.answers = Array.from({ length: 1000 }, () => ({ outcome: "limited", retryAfter: 0 }) as const);
    await refusesLater(world.announce(), "AnnouncementNotSent", { names: ["limits the rate"] });
    ok(world.posts <= 10, `${world.posts} posts`);
    ok(world.time <= START + 60_000, `${world.time - START} ms`);
  });

  it("does not wait for a limit that is too long, and a later run sends", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 3600 }];
    await refusesLater(world.announce(), "AnnouncementNotSent", { names: ["3600 s"] });
    strictEqual(world.time, START);
    strictEqual((await world.announce()).state, "sent");
  });

  it("records that nothing was sent when it is interrupted while it waits for the rate limit", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 5 }];
    world.meanwhile = async () => world.interrupt.abort();
    await rejects(world.announce());
    deepStrictEqual(await world.state(), { state: "not-sent", why: "interrupted" });
    strictEqual(world.posts, 1);
  });

  it("changes nothing when it is interrupted before it begins", async () => {
    world.interrupt.abort();
    await rejects(world.announce());
    deepStrictEqual(world.names(), []);
  });

  it("does not send after a wait during which a person confirmed that it was sent", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 5 }];
    world.meanwhile = () => world.settle("99", undefined);
    world.find = async () => ({ outcome: "unknown", why: "not asked" });
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "99" });
    strictEqual(world.posts, 1);
  });

  it("sends once in two runs at the same time, and reports a doubt in the other run", async () => {
    const [one, two] = await Promise.all([world.announce(), world.announce()]);
    strictEqual(world.posts, 1);
    deepStrictEqual([one.state, two.state].sort(), ["doubt", "sent"]);
  });

  it("names the message that it cannot record, and does not send again", async () => {
    const { put } = world;
    world.put = async (key, content) => {
      if (key.endsWith("sent.json")) throw new UserError("StoreUnwritable", "The disk is full.", "Make room.");
      return put.call(world, key, content);
    };
    await refusesLater(world.announce(), "AnnouncementUnrecorded", {
      names: ["message 77", "disk is full", "`smeshnet announce testnet 3 --sent 77`"],
    });
    strictEqual((await world.announce()).state, "doubt");
    strictEqual(world.posts, 1);
  });

  it("refuses a damaged record", async () => {
    const key = "announcements/testnet/3/intent-1.json";
    for (const text of ["{", "[]", '{"tag":"v1.2.3+1"}']) {
      world.objects.set(key, text);
      await refusesLater(world.announce(), "AnnouncementRecordInvalid", { names: [key] });
    }
    strictEqual(world.posts, 0);
  });
});

describe("settle", () => {
  let world: Fake;
  beforeEach(async () => {
    world = new Fake();
    world.answers = [LOST];
    await world.announce();
  });

  it("records a sent message that Discord shows, also twice", async () => {
    world.found = { outcome: "found", title: "Spacemesh testnet: v1.2.3" };
    for (let i = 0; i < 2; i++) deepStrictEqual(await world.settle("77"), { state: "sent", messageId: "77" });
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "77" });
    strictEqual(world.posts, 1);
  });

  it("refuses a message that Discord does not have, and one of another announcement", async () => {
    await refusesLater(world.settle("77"), "MessageMissing", { exitCode: 2, names: ["77"] });
    world.found = { outcome: "found", title: "Spacemesh testnet: v1.2.2" };
    await refusesLater(world.settle("77"), "MessageOfOtherAnnouncement", {
      exitCode: 2,
      names: ["77", '"Spacemesh testnet: v1.2.3"'],
    });
    strictEqual((await world.state()).state, "doubt");
  });

  it("refuses a message without a title", async () => {
    world.found = { outcome: "found", title: undefined } as typeof world.found;
    await refusesLater(world.settle("77"), "MessageOfOtherAnnouncement", { exitCode: 2 });
  });

  it("records the message without a check when Discord does not answer", async () => {
    world.found = { outcome: "unknown", why: "HTTP 401" };
    strictEqual((await world.settle("77")).state, "sent");
    match(world.said.join("\n"), /Discord did not answer \(HTTP 401\)\nmessage 77 was not checked/);
  });

  it("lets the next run send after a person confirmed that nothing was sent", async () => {
    world.time += LONGEST_TRY * 1000;
    for (let i = 0; i < 2; i++) deepStrictEqual(await world.settle(), { state: "not-sent", why: "a person's word" });
    strictEqual((await world.announce()).state, "sent");
    deepStrictEqual(world.names(), ["intent-1.json", "intent-2.json", "not-sent-1.json", "sent.json"]);
  });

  it("refuses to confirm that nothing was sent while a run may still send", async () => {
    world.time += LONGEST_TRY * 1000 - 1;
    await refusesLater(world.settle(), "AnnouncementActive", { names: ["2026-01-01T00:01:30.000Z"] });
    strictEqual((await world.state()).state, "doubt");
  });

  it("refuses to contradict a record, or to settle an announcement that no run began", async () => {
    world.found = { outcome: "unknown", why: "not asked" };
    await world.settle("77");
    for (const messageId of ["78", undefined])
      await refusesLater(world.settle(messageId), "AlreadyAnnounced", { exitCode: 2, names: ["message 77"] });
    await refusesLater(new Fake().settle("77"), "NothingAnnounced", {
      exitCode: 2,
      names: ["generation 3 of testnet"],
    });
  });
});

describe("openWebhook", () => {
  for (const url of [
    "https://discord.com/api/webhooks/123/a-Token_1",
    "https://discord.com/api/v10/webhooks/123/token?thread_id=5",
    "http://127.0.0.1:8080/api/webhooks/1/secret",
    "http://localhost/api/webhooks/1/secret",
  ])
    it(`accepts ${url}`, () => void openWebhook(url));

  for (const url of [
    "http://discord.com/api/webhooks/123/hunter2",
    "https://user:hunter2@discord.com/api/webhooks/123/token",
    "https://discord.com/api/webhooks/123",
    "https://discord.com/api/webhooks/123/hunter2?wait=false",
    "https://discord.com/api/webhooks/123/hunter2/messages/1",
    "https://discord.com/channels/1/hunter2",
    "ftp://discord.com/api/webhooks/123/hunter2",
    "http://127.0.0.1.example.org/api/webhooks/123/hunter2",
    "hunter2",
  ])
    it(`refuses ${url}, and does not show it`, () =>
      throws(
        () => openWebhook(url),
        (error: Error) => {
          ok(!error.message.includes("hunter2"), error.message);
          return isRefusal(error, "WebhookInvalid", { exitCode: 2 });
        },
      ));
});
