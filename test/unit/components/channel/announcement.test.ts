import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { Announcement } from "../../../../components/channel/announcement";
import { announcementInputSchema } from "../../../../infra/base/model/announcement";
import { announcementPayload } from "../../../../infra/promote/announcement/message";
import { mockEngine, type Registered, run } from "../../../support/program";

const INPUT = announcementInputSchema.parse({
  channel: "testnet",
  generation: 1,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  changes: "- a long line of a long changelog\n".repeat(10_000),
  page: "http://testnet.net.spacemesh.io/",
  explorer: "https://explorer-testnet.net.spacemesh.io/",
});

describe("The announcement's component", () => {
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

  it("runs the verb, tells how it ended, and does nothing on delete", () => {
    strictEqual(command?.inputs.create, "exec node -r ./infra/preload.cjs scripts/announce.ts testnet");
    strictEqual(command?.inputs.delete, undefined);
    strictEqual(command?.createTimeout, "120s");
    deepStrictEqual(outputs, { state: "doubt" });
  });

  it("hands over what makes the same message, in what fits into an environment", () => {
    const { ANNOUNCEMENT, ARCHIVE } = (command?.inputs.environment ?? {}) as Record<string, string>;
    strictEqual(ARCHIVE, "file:///archive");
    const given = announcementInputSchema.parse(JSON.parse(ANNOUNCEMENT as string));
    deepStrictEqual(announcementPayload(given), announcementPayload(INPUT));
    ok((ANNOUNCEMENT as string).length < 20_000);
  });

  it("has no secret in it", () => ok(!JSON.stringify(command).includes("hunter2")));
});
