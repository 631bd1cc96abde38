import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { AnnouncementInput } from "../../../infra/base/model/announcement";
import { type Discord, startDiscord } from "../../../sandbox/discord/discord";
import { Gate } from "../../support/discord-gate";

const TOKEN = "a-webhook-token-that-nobody-may-see";
const INPUT: AnnouncementInput = {
  channel: "testnet",
  generation: 1,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  changes: "### Fixed\n- a fault that @everyone and <@&5> has seen",
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
};

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verb that runs. */
interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when it has said something of this kind. */
  says(pattern: RegExp): Promise<void>;
}

describe("The verb announce, before the sandbox's Discord", function () {
  this.timeout(60_000);

  let folder: string;
  let discord: Discord;
  let gate: Gate;
  const ended: Ended[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "announce-"));
    discord = await startDiscord({ port: 0, webhook: { id: "1", token: TOKEN }, folder: join(folder, "discord") });
    gate = await Gate.before(discord);
    ended.length = 0;
  });
  afterEach(async () => {
    await gate.close();
    await discord.close();
    const kept = records().map((name) => readFileSync(join(folder, "store", name), "utf8"));
    rmSync(folder, { recursive: true });
    const all = [...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...kept].join("\n");
    ok(!all.includes(TOKEN), "the webhook's token shows");
  });

  const records = (): string[] => {
    mkdirSync(join(folder, "store"), { recursive: true });
    return readdirSync(join(folder, "store"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "store/").length))
      .sort();
  };
  const record = (name: string): string => `announcements/testnet/1/${name}`;

  const start = (line: string, env: Record<string, string | undefined> = {}): Run => {
    const child = spawn(process.execPath, ["-r", "./infra/preload.cjs", "scripts/announce.ts", ...line.split(" ")], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ANNOUNCEMENT: JSON.stringify(INPUT),
        ARCHIVE: pathToFileURL(join(folder, "store")).href,
        DISCORD_WEBHOOK: gate.url,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (said: string) => {
      stderr += said;
    });
    const stdout = text(child.stdout);
    const end = once(child, "close").then(async ([exitCode]): Promise<Ended> => {
      const how = { exitCode: exitCode as number | null, stdout: await stdout, stderr };
      ended.push(how);
      return how;
    });
    const says = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(stderr))
        await Promise.race([
          once(child.stderr, "data"),
          end.then(() => {
            throw new Error(`it ended without saying ${pattern}: ${stderr}`);
          }),
        ]);
    };
    return { child, ended: end, says };
  };
  const announce = (line = "testnet", env: Record<string, string | undefined> = {}) => start(line, env).ended;
  const kill = async ({ child, ended: end }: Run): Promise<void> => {
    child.kill("SIGKILL");
    strictEqual((await end).exitCode, null);
  };
  /** A run in doubt: it goes on, and says what a person can do. */
  const isInDoubt = ({ exitCode, stdout, stderr }: Ended): void => {
    deepStrictEqual([exitCode, (JSON.parse(stdout) as { state: string }).state], [0, "doubt"], stderr);
    match(
      stderr,
      /in doubt whether generation 1 of testnet was announced at 20\S+Z: .* node --import tsx scripts\/announce\.ts testnet 1 --sent MESSAGE_ID/,
    );
  };

  it("sends once, however often it is run, and mentions nobody", async () => {
    const { exitCode, stdout, stderr } = await announce();
    const [message] = discord.messages();
    deepStrictEqual([exitCode, JSON.parse(stdout)], [0, { state: "sent", messageId: message?.id }], stderr);
    deepStrictEqual(await announce().then((end) => [end.exitCode, end.stdout]), [0, stdout]);
    strictEqual(discord.messages().length, 1);
    deepStrictEqual(
      [message?.content, message?.mention_everyone, message?.allowed_mentions],
      ["", false, { parse: [] }],
    );
    match(JSON.stringify(message?.embeds), /a fault that @everyone and <@&5> has seen/);
    deepStrictEqual(records(), [record("intent-1.json"), record("sent.json")]);
  });

  it("prints the message on a dry run, and needs and touches nothing", async () => {
    const { exitCode, stdout } = await announce("testnet --dry-run", {
      ARCHIVE: undefined,
      DISCORD_WEBHOOK: undefined,
    });
    strictEqual(exitCode, 0);
    await announce();
    const [message] = discord.messages();
    const { embeds, allowed_mentions } = message ?? ({} as Record<string, unknown>);
    deepStrictEqual(JSON.parse(stdout), { embeds, allowed_mentions });
  });

  it("killed while its message is on the way leaves a doubt, whether it comes there or not", async () => {
    const held = gate.holding("message");
    const run = start("testnet");
    await held.came;
    deepStrictEqual(records(), [record("intent-1.json")]);
    await kill(run);
    isInDoubt(await announce());
    held.release();
    isInDoubt(await announce());
    ok(discord.messages().length <= 1);
  });

  it("killed before it has heard of its message leaves a doubt, which the message's id settles", async () => {
    const held = gate.holding("answer");
    const run = start("testnet");
    await held.came;
    await kill(run);
    held.release();
    isInDoubt(await announce());
    const [message] = discord.messages();
    const wrong = await announce("testnet 1 --sent 12345");
    deepStrictEqual([wrong.exitCode, wrong.stdout], [2, ""]);
    match(wrong.stderr, /^error: Discord has no message 12345 of this webhook: /);
    const { exitCode, stdout, stderr } = await announce(`testnet 1 --sent ${message?.id}`, { ANNOUNCEMENT: undefined });
    const sent = `{"state":"sent","messageId":"${message?.id}"}\n`;
    deepStrictEqual([exitCode, stdout, stderr], [0, sent, ""]);
    deepStrictEqual(await announce().then((end) => end.stdout), sent);
    strictEqual(discord.messages().length, 1);
  });

  it("killed in the wait for the rate limit leaves a doubt, though nothing was sent", async () => {
    discord.setFaults({ refuse: { status: 429, retryAfter: 50 } });
    const run = start("testnet");
    await run.says(/limits the rate: waiting 50 s/);
    await kill(run);
    discord.setFaults({});
    isInDoubt(await announce());
    const early = await announce("testnet 1 --not-sent");
    match(early.stderr, /^error: a run may still be sending it until 20\S+Z: /);
    strictEqual(early.exitCode, 1);
  });

  it("sends what a person has said was not sent", async () => {
    mkdirSync(join(folder, "store/announcements/testnet/1"), { recursive: true });
    const payload = JSON.parse((await announce("testnet --dry-run")).stdout) as unknown;
    const intent = { release: "v1.2.3", tag: "v1.2.3+1", kind: "promotion", at: "2026-01-01T00:00:00.000Z", payload };
    writeFileSync(join(folder, "store", record("intent-1.json")), JSON.stringify(intent));
    isInDoubt(await announce());
    const { exitCode, stdout } = await announce("testnet 1 --not-sent", { DISCORD_WEBHOOK: undefined });
    deepStrictEqual([exitCode, stdout], [0, '{"state":"not-sent","why":"a person\'s word"}\n']);
    match((await announce()).stdout, /^\{"state":"sent"/);
    strictEqual(discord.messages().length, 1);
  });

  it("interrupted while its message is on the way waits for the answer and records it", async () => {
    const held = gate.holding("answer");
    const run = start("testnet");
    await held.came;
    run.child.kill("SIGTERM");
    held.release();
    const { exitCode, stdout } = await run.ended;
    deepStrictEqual([exitCode, JSON.parse(stdout).messageId], [0, discord.messages()[0]?.id]);
  });

  it("interrupted in the wait for the rate limit has sent nothing, and the next run does", async () => {
    discord.setFaults({ refuse: { status: 429, retryAfter: 50 } });
    const run = start("testnet");
    await run.says(/limits the rate/);
    run.child.kill("SIGTERM");
    strictEqual((await run.ended).exitCode, 130);
    discord.setFaults({});
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  it("of two at the same time sends once", async () => {
    const held = gate.holding("message");
    const first = start("testnet");
    await held.came;
    isInDoubt(await announce());
    held.release();
    match((await first.ended).stdout, /^\{"state":"sent"/);
    strictEqual(discord.messages().length, 1);
  });

  it("waits as long as the rate limit says, and sends with the same intent", async () => {
    discord.setFaults({ refuse: { status: 429, retryAfter: 0.3, times: 2 } });
    const { exitCode, stderr } = await announce();
    strictEqual(exitCode, 0);
    match(stderr, /waiting 1 s\n.*waiting 1 s\n/); // the header's whole second, which is the longer one
    deepStrictEqual(records(), [record("intent-1.json"), record("sent.json")]);
    strictEqual(discord.messages().length, 1);
  });

  it("refused says why and what to do, and sends when that is mended", async () => {
    discord.setFaults({ refuse: { status: 403, times: 1 } });
    const { exitCode, stdout, stderr } = await announce();
    deepStrictEqual([exitCode, stdout], [1, ""]);
    match(
      stderr,
      /\nerror: v1\.2\.3 is not announced \(HTTP 403: Refused .*\): put the URL of a webhook .* into DISCORD_WEBHOOK, and run this again\n$/,
    );
    match((await announce()).stdout, /^\{"state":"sent"/);
    deepStrictEqual(records().length, 4);
  });

  it("does not show a token that Discord refuses, and sends with the right one", async () => {
    const wrong = gate.url.replace(TOKEN, "an-old-token");
    const { exitCode, stderr } = await announce("testnet", { DISCORD_WEBHOOK: wrong });
    strictEqual(exitCode, 1);
    match(stderr, /HTTP 401: Invalid Webhook Token \(code 50027\)/);
    ok(!stderr.includes("an-old-token"));
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  it("sends later when nobody listens", async () => {
    const { exitCode, stderr } = await announce("testnet", {
      DISCORD_WEBHOOK: `http://127.0.0.1:1/api/webhooks/1/${TOKEN}`,
    });
    strictEqual(exitCode, 1);
    match(stderr, /not announced \(connect ECONNREFUSED 127\.0\.0\.1:1\)/);
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  for (const [what, fault, messages] of [
    ["Discord has a fault of its own", { refuse: { status: 500, times: 1 } }, 0],
    ["the answer is lost", { loseAnswer: 1 }, 1],
  ] as const)
    it(`is in doubt, and goes on, when ${what}`, async () => {
      discord.setFaults(fault);
      isInDoubt(await announce());
      isInDoubt(await announce());
      strictEqual(discord.messages().length, messages);
    });
});
