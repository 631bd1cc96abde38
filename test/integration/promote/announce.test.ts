import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { AnnouncementInput } from "../../../infra/base/model/announcement";
import { openStore } from "../../../infra/base/store/open";
import { announcementPayload } from "../../../infra/promote/announcement/message";
import { type Discord, startDiscord } from "../../../sandbox/discord/discord";
import { CHECKOUT } from "../../support/checkout";
import { Gate } from "../../support/discord-gate";
import { KEYED, RECORD_KEY } from "../../support/record-key";

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

/** The step of a channel's stack. */
const STEP = "step announce testnet";

/** The settings that each operator must add, as variables. */
const SETTINGS = {
  SMESHNET_RECORD_KEY: RECORD_KEY,
  SMESHNET_ZONE_ID: "zone",
  SMESHNET_ACCOUNT_ID: "account",
  SMESHNET_GCP_PROJECT: "project",
  SMESHNET_GCP_LOCATION: "us-east1",
  SMESHNET_GCP_ZONE: "us-east1-b",
};

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when its progress matches a pattern. */
  says(pattern: RegExp): Promise<void>;
}

describe("announce, with the sandbox's Discord", function () {
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
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json") && entry.name !== "beginning.json")
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "store/").length))
      .sort();
  };
  const record = (name: string): string => `announcements/testnet/1/${name}`;

  const start = (line: string, env: Record<string, string | undefined> = {}): Run => {
    const child = spawn(process.execPath, ["scripts/smeshnet.cjs", ...line.split(" ")], {
      cwd: CHECKOUT,
      env: {
        ...SETTINGS,
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ANNOUNCEMENT: JSON.stringify(INPUT),
        ARCHIVE: pathToFileURL(join(folder, "store")).href,
        SMESHNET_ARCHIVE: pathToFileURL(join(folder, "store")).href,
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
            throw new Error(`it ended without ${pattern}: ${stderr}`);
          }),
        ]);
    };
    return { child, ended: end, says };
  };
  const announce = (line = STEP, env: Record<string, string | undefined> = {}) => start(line, env).ended;
  const kill = async ({ child, ended: end }: Run): Promise<void> => {
    child.kill("SIGKILL");
    strictEqual((await end).exitCode, null);
  };
  /** A run in doubt succeeds, and reports what a person can do. */
  const isInDoubt = ({ exitCode, stdout, stderr }: Ended): void => {
    deepStrictEqual([exitCode, (JSON.parse(stdout) as { state: string }).state], [0, "doubt"], stderr);
    match(
      stderr,
      /^testnet: .* generation 1 was announced at 20\S+Z; .* `smeshnet announce testnet 1 --sent MESSAGE_ID`/m,
    );
  };

  it("sends once, however often it runs, and mentions nobody", async () => {
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

  it("sends exactly the message that announcementPayload makes", async () => {
    await announce();
    const [message] = discord.messages();
    const { embeds, allowed_mentions } = message ?? ({} as Record<string, unknown>);
    deepStrictEqual({ embeds, allowed_mentions }, announcementPayload(INPUT));
  });

  it("leaves a doubt when it is killed while its message is on the way, whether the message arrives or not", async () => {
    const held = gate.holding("message");
    const run = start(STEP);
    await held.came;
    deepStrictEqual(records(), [record("intent-1.json")]);
    await kill(run);
    isInDoubt(await announce());
    held.release();
    isInDoubt(await announce());
    ok(discord.messages().length <= 1);
  });

  it("leaves a doubt when it is killed before Discord's answer, and the message's id settles it", async () => {
    const held = gate.holding("answer");
    const run = start(STEP);
    await held.came;
    await kill(run);
    held.release();
    isInDoubt(await announce());
    const [message] = discord.messages();
    const wrong = await announce("announce testnet 1 --sent 12345");
    deepStrictEqual([wrong.exitCode, wrong.stdout], [2, ""]);
    match(wrong.stderr, /^error\[MessageMissing\]: .*12345/);
    const { exitCode, stdout, stderr } = await announce(`announce testnet 1 --sent ${message?.id}`, {
      ANNOUNCEMENT: undefined,
    });
    const sent = `{"state":"sent","messageId":"${message?.id}"}\n`;
    deepStrictEqual([exitCode, stdout, stderr], [0, sent, ""]);
    deepStrictEqual(await announce().then((end) => end.stdout), sent);
    strictEqual(discord.messages().length, 1);
  });

  it("leaves a doubt when it is killed while it waits for the rate limit, though nothing was sent", async () => {
    discord.setFaults({ refuse: { status: 429, retryAfter: 50 } });
    const run = start(STEP);
    await run.says(/limits the rate: waiting 50 s/);
    await kill(run);
    discord.setFaults({});
    isInDoubt(await announce());
    const early = await announce("announce testnet 1 --not-sent");
    match(early.stderr, /^error\[AnnouncementActive\]: .* 20\S+Z\. /);
    strictEqual(early.exitCode, 1);
  });

  it("sends after a person confirmed that nothing was sent", async () => {
    const payload = announcementPayload(INPUT);
    const intent = { release: "v1.2.3", tag: "v1.2.3+1", kind: "promotion", at: "2026-01-01T00:00:00.000Z", payload };
    await openStore(pathToFileURL(join(folder, "store")).href, KEYED).put(
      record("intent-1.json"),
      JSON.stringify(intent),
    );
    isInDoubt(await announce());
    const { exitCode, stdout } = await announce("announce testnet 1 --not-sent", { DISCORD_WEBHOOK: undefined });
    deepStrictEqual([exitCode, stdout], [0, '{"state":"not-sent","why":"a person\'s word"}\n']);
    match((await announce()).stdout, /^\{"state":"sent"/);
    strictEqual(discord.messages().length, 1);
  });

  it("waits for the answer and records it when it is interrupted while its message is on the way", async () => {
    const held = gate.holding("answer");
    const run = start(STEP);
    await held.came;
    run.child.kill("SIGTERM");
    held.release();
    const { exitCode, stdout } = await run.ended;
    deepStrictEqual([exitCode, JSON.parse(stdout).messageId], [0, discord.messages()[0]?.id]);
  });

  it("sends nothing when it is interrupted while it waits for the rate limit, and the next run sends", async () => {
    discord.setFaults({ refuse: { status: 429, retryAfter: 50 } });
    const run = start(STEP);
    await run.says(/limits the rate/);
    run.child.kill("SIGTERM");
    strictEqual((await run.ended).exitCode, 130);
    discord.setFaults({});
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  it("sends once in two runs at the same time", async () => {
    const held = gate.holding("message");
    const first = start(STEP);
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
    match(stderr, /waiting 1 s\n.*waiting 1 s\n/); // the header has a whole second, which is longer
    deepStrictEqual(records(), [record("intent-1.json"), record("sent.json")]);
    strictEqual(discord.messages().length, 1);
  });

  it("reports why Discord refuses, and sends once that is fixed", async () => {
    discord.setFaults({ refuse: { status: 403, times: 1 } });
    const { exitCode, stdout, stderr } = await announce();
    deepStrictEqual([exitCode, stdout], [1, ""]);
    match(stderr, /\nerror\[AnnouncementNotSent\]: .*v1\.2\.3 .*\(HTTP 403: Refused .*\)\. .*DISCORD_WEBHOOK.*\n$/);
    match((await announce()).stdout, /^\{"state":"sent"/);
    deepStrictEqual(records().length, 4);
  });

  it("does not show a token that Discord refuses, and sends with the right one", async () => {
    const wrong = gate.url.replace(TOKEN, "an-old-token");
    const { exitCode, stderr } = await announce(STEP, { DISCORD_WEBHOOK: wrong });
    strictEqual(exitCode, 1);
    match(stderr, /HTTP 401: Invalid Webhook Token \(code 50027\)/);
    ok(!stderr.includes("an-old-token"));
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  it("fails when nobody listens, and sends later", async () => {
    const { exitCode, stderr } = await announce(STEP, {
      DISCORD_WEBHOOK: `http://127.0.0.1:1/api/webhooks/1/${TOKEN}`,
    });
    strictEqual(exitCode, 1);
    match(stderr, /error\[AnnouncementNotSent\]: .*\(connect ECONNREFUSED 127\.0\.0\.1:1\)/);
    match((await announce()).stdout, /^\{"state":"sent"/);
  });

  for (const [what, fault, messages] of [
    ["Discord fails by itself", { refuse: { status: 500, times: 1 } }, 0],
    ["the answer is lost", { loseAnswer: 1 }, 1],
  ] as const)
    it(`succeeds with a doubt when ${what}`, async () => {
      discord.setFaults(fault);
      isInDoubt(await announce());
      isInDoubt(await announce());
      strictEqual(discord.messages().length, messages);
    });
});
