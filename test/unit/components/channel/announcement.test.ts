import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { Announcement } from "../../../../components/channel/announcement";
import { AnnouncementInput } from "../../../../infra/base/model/announcement";
import { announcementPayload } from "../../../../infra/promote/announcement/message";
import { mockEngine, type Registered, run } from "../../../support/program";

const INPUT = AnnouncementInput.parse({
  channel: "testnet",
  generation: 1,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  changes: "- a long line of a long changelog\n".repeat(10_000),
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
});

describe("Announcement", () => {
  let command: Registered | undefined;
  let outputs: Readonly<Record<string, unknown>>;
  before(async () => {
    process.env.DISCORD_WEBHOOK = "https://discord.com/api/webhooks/1/hunter2";
    const resources = await mockEngine("testnet", { announcement: { stdout: '{"state":"doubt","since":"now"}' } });
    outputs = await run(() => {
      const archive = "file:///archive";
      const { state } = new Announcement("announcement", { channel: "testnet", input: INPUT, archive });
      return { state };
    });
    command = resources.find(({ type }) => type === "command:local:Command");
  });
  after(() => delete process.env.DISCORD_WEBHOOK);

  it("runs its step, returns how it ended, and does nothing on delete", () => {
    strictEqual(command?.inputs.create, "exec node scripts/smeshnet.cjs step announce testnet");
    strictEqual(command?.inputs.delete, undefined);
    strictEqual(command?.createTimeout, "120s");
    deepStrictEqual(outputs, { state: "doubt" });
  });

  it("passes an input that makes the same message and fits into an environment variable", () => {
    const { ANNOUNCEMENT, ARCHIVE } = (command?.inputs.environment ?? {}) as Record<string, string>;
    strictEqual(ARCHIVE, "file:///archive");
    const given = AnnouncementInput.parse(JSON.parse(ANNOUNCEMENT as string));
    deepStrictEqual(announcementPayload(given), announcementPayload(INPUT));
    ok((ANNOUNCEMENT as string).length < 20_000);
  });

  it("contains no secret", () => ok(!JSON.stringify(command).includes("hunter2")));
});
