import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { Readable } from "node:stream";
import { type MessageFound, openWebhook, type Posted, type Webhook } from "../../../../infra/base/clients/discord";
import type { Clock } from "../../../../infra/base/lib/clock";
import { UserError } from "../../../../infra/base/lib/errors";
import type { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { ObjectExists, type Store } from "../../../../infra/base/store/contract";
import { announce, announcementState, LONGEST_TRY } from "../../../../infra/promote/announcement/announce";
import { settle } from "../../../../infra/promote/announcement/settle";

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

/** A store, a clock and a Discord in memory; Discord gives the answers one after the other. */
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

  announce = (input: Partial<AnnouncementInput> = {}) =>
    announce({
      store: this,
      input: { ...INPUT, ...input },
      webhook: this,
      say: (line) => this.said.push(line),
      signal: this.interrupt.signal,
      clock: this,
    });
  settle = (messageId?: string, webhook: Webhook | undefined = this) =>
    settle({
      store: this,
      channel: "testnet",
      generation: 3,
      messageId,
      webhook,
      say: (line) => this.said.push(line),
      clock: this,
    });
  state = () => announcementState(this, "testnet", 3);
  names = () => [...this.objects.keys()].map((key) => key.slice("announcements/testnet/3/".length)).sort();
}

describe("An announcement", () => {
  let world: Fake;
  beforeEach(() => {
    world = new Fake();
  });

  it("is sent once, with its intent on record before and its message after", async () => {
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

  it("of the next generation is another one", async () => {
    await world.announce();
    await world.announce({ generation: 4, release: "v1.2.4", tag: "v1.2.4+1" });
    strictEqual(world.posts, 2);
  });

  it("is in doubt when Discord's answer is lost, and not sent again", async () => {
    world.answers = [LOST];
    const doubt = { state: "doubt", since: "2026-01-01T00:00:00.000Z" };
    deepStrictEqual(await world.announce(), doubt);
    world.time += 1_000_000;
    deepStrictEqual(await world.announce(), doubt);
    strictEqual(world.posts, 1);
  });

  it("that is known not to have been sent says why and what to do, and is sent by the next run", async () => {
    world.answers = [REFUSED];
    await rejects(world.announce(), (error: Error) => {
      ok(error instanceof UserError);
      match(
        error.message,
        /^v1\.2\.3 is not announced \(HTTP 403: Missing Access\): put the URL of a webhook .* run this again$/,
      );
      return true;
    });
    deepStrictEqual(await world.state(), { state: "not-sent", why: "HTTP 403: Missing Access" });
    strictEqual((await world.announce()).state, "sent");
    deepStrictEqual(world.names(), ["intent-1.json", "intent-2.json", "not-sent-1.json", "sent.json"]);
  });

  it("can be tried more than ten times", async () => {
    world.answers = Array.from({ length: 11 }, () => REFUSED);
    for (let i = 0; i < 11; i++) await rejects(world.announce(), UserError);
    strictEqual((await world.announce()).state, "sent");
    ok(world.names().includes("intent-12.json"));
  });

  it("of a generation that is another build's is refused, sent or not", async () => {
    world.answers = [LOST];
    await world.announce();
    const other = { tag: "v1.2.3+2" };
    await rejects(
      world.announce(other),
      /^UserError: generation 3 of testnet is that of "v1\.2\.3\+1", not of v1\.2\.3\+2: /,
    );
    strictEqual(world.posts, 1);
  });

  it("waits as long as Discord's rate limit says, and goes on with the same intent", async () => {
    world.answers = [
      { outcome: "limited", retryAfter: 1.5 },
      { outcome: "limited", retryAfter: 2 },
    ];
    strictEqual((await world.announce()).state, "sent");
    strictEqual(world.time, START + 3500);
    deepStrictEqual(world.names(), ["intent-1.json", "sent.json"]);
  });

  it("does not wait for a limit that is too long, and is sent by a later run", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 3600 }];
    await rejects(world.announce(), /limits the rate for 3600 s\): run this again when that time is over$/);
    strictEqual(world.time, START);
    strictEqual((await world.announce()).state, "sent");
  });

  it("that is interrupted in such a wait is known not to have been sent", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 5 }];
    world.meanwhile = async () => world.interrupt.abort();
    await rejects(world.announce());
    deepStrictEqual(await world.state(), { state: "not-sent", why: "interrupted" });
    strictEqual(world.posts, 1);
  });

  it("that was interrupted before touches nothing", async () => {
    world.interrupt.abort();
    await rejects(world.announce());
    deepStrictEqual(world.names(), []);
  });

  it("is not sent after such a wait when a person has said meanwhile that it was", async () => {
    world.answers = [{ outcome: "limited", retryAfter: 5 }];
    world.meanwhile = () => world.settle("99", undefined);
    world.find = async () => ({ outcome: "unknown", why: "not asked" });
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "99" });
    strictEqual(world.posts, 1);
  });

  it("of two runs at the same time is sent by one, and in doubt for the other", async () => {
    const [one, two] = await Promise.all([world.announce(), world.announce()]);
    strictEqual(world.posts, 1);
    deepStrictEqual([one.state, two.state].sort(), ["doubt", "sent"]);
  });

  it("whose message cannot be recorded says its id, and is not sent again", async () => {
    const { put } = world;
    world.put = async (key, content) => {
      if (key.endsWith("sent.json")) throw new UserError("the disk is full");
      return put.call(world, key, content);
    };
    await rejects(
      world.announce(),
      /is message 77, .*disk is full.* run node --import tsx scripts\/announce\.ts testnet 3 --sent 77$/,
    );
    strictEqual((await world.announce()).state, "doubt");
    strictEqual(world.posts, 1);
  });

  it("does not go by a damaged record", async () => {
    await world.put("announcements/testnet/3/intent-1.json", "{");
    await rejects(world.announce(), /announcements\/testnet\/3\/intent-1\.json in the store is damaged/);
    strictEqual(world.posts, 0);
  });
});

describe("A person's word on an announcement", () => {
  let world: Fake;
  beforeEach(async () => {
    world = new Fake();
    world.answers = [LOST];
    await world.announce();
  });

  it("that it was sent is recorded when Discord shows the message, also twice", async () => {
    world.found = { outcome: "found", title: "Spacemesh testnet: v1.2.3" };
    for (let i = 0; i < 2; i++) deepStrictEqual(await world.settle("77"), { state: "sent", messageId: "77" });
    deepStrictEqual(await world.announce(), { state: "sent", messageId: "77" });
    strictEqual(world.posts, 1);
  });

  it("is refused when Discord has no such message, or another one", async () => {
    await rejects(world.settle("77"), /^UserError: Discord has no message 77 of this webhook/);
    world.found = { outcome: "found", title: "Spacemesh testnet: v1.2.2" };
    await rejects(world.settle("77"), /^UserError: message 77 is not "Spacemesh testnet: v1\.2\.3"/);
    strictEqual((await world.state()).state, "doubt");
  });

  it("is enough when Discord cannot be asked", async () => {
    world.found = { outcome: "unknown", why: "HTTP 401" };
    strictEqual((await world.settle("77")).state, "sent");
    match(world.said.join("\n"), /could not be asked \(HTTP 401\)\nmessage 77 was not looked at in Discord/);
  });

  it("that it was not sent lets the next run send it", async () => {
    world.time += LONGEST_TRY * 1000;
    for (let i = 0; i < 2; i++) deepStrictEqual(await world.settle(), { state: "not-sent", why: "a person's word" });
    strictEqual((await world.announce()).state, "sent");
    deepStrictEqual(world.names(), ["intent-1.json", "intent-2.json", "not-sent-1.json", "sent.json"]);
  });

  it("that it was not sent must wait until no run can send it any more", async () => {
    world.time += LONGEST_TRY * 1000 - 1;
    await rejects(world.settle(), /^UserError: a run may still be sending it until 2026-01-01T00:01:30\.000Z: /);
    strictEqual((await world.state()).state, "doubt");
  });

  it("does not change what is on record, and needs something to be about", async () => {
    world.found = { outcome: "unknown", why: "not asked" };
    await world.settle("77");
    await rejects(world.settle("78"), /on record as announced by message 77, which stays so$/);
    await rejects(world.settle(), /on record as announced by message 77, which stays so$/);
    await rejects(new Fake().settle("77"), /nothing was announced yet for generation 3 of testnet/);
  });
});

describe("A webhook's URL", () => {
  for (const url of [
    "https://discord.com/api/webhooks/123/a-Token_1",
    "https://discord.com/api/v10/webhooks/123/token?thread_id=5",
    "http://127.0.0.1:8080/api/webhooks/1/secret",
    "http://localhost/api/webhooks/1/secret",
  ])
    it(`may be ${url}`, () => void openWebhook(url));

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
    it(`may not be ${url}, and is not shown`, () =>
      throws(
        () => openWebhook(url),
        (error: UserError) => {
          strictEqual(error.exitCode, 2);
          ok(!error.message.includes("hunter2"), error.message);
          return true;
        },
      ));
});
