import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../../infra/base/lib/errors";
import type { ChannelState, Promotion } from "../../../infra/base/model/promotion";
import { channel } from "../../../stacks/channel";
import { ChannelStack, networkOutputs, statesOf } from "../../support/channel-stack";
import { mockEngine, run } from "../../support/program";
import { promotion } from "../../support/promotions";
import { settingsWith } from "../../support/settings";

const ONE = promotion(1, "v1.2.2");
const TWO = promotion(2, "v1.2.3");
const GATEWAY = "gateway.test.net.spacemesh.io";
const HOSTS = ["api", "explorer", "dash", "poet-1", "poet-2"].map((service) => `${service}.test.net.spacemesh.io`);
const WEBHOOK = "https://discord.com/api/webhooks/1/s3cret-webhook";

describe("stack of a channel", () => {
  let stack: ChannelStack;
  before(async () => {
    process.env.DISCORD_WEBHOOK = WEBHOOK;
    process.env.CLOUDFLARE_API_TOKEN = "s3cret-token";
    stack = await ChannelStack.make({ promotion: ONE }, TWO);
  });
  after(() => {
    delete process.env.DISCORD_WEBHOOK;
    delete process.env.CLOUDFLARE_API_TOKEN;
  });

  it("holds every step of a promotion and nothing else", () => {
    deepStrictEqual(
      stack.custom.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort(),
      [
        ...[GATEWAY, ...HOSTS].map((host) => `DnsRecord ${host}`),
        "WorkersKv page",
        ...["moved", "testnet", "announcement"].map((name) => `Command ${name}`),
      ].sort(),
    );
  });

  it("runs verbs on creation only, by command lines that hold no path of a machine", () => {
    const commands = stack.custom.filter(({ type }) => type === "command:local:Command").map(({ inputs }) => inputs);
    deepStrictEqual(commands.map(({ create }) => String(create).split("scripts/")[1]).sort(), [
      "announce.ts testnet",
      "branch.ts move testnet v1.2.3",
      "channel.ts moved testnet",
    ]);
    for (const { create } of commands) match(String(create), /^exec node -r \.\/infra\/preload\.cjs scripts\//);
    deepStrictEqual(
      commands.filter((inputs) => inputs.delete !== undefined),
      [],
    );
  });

  const order: [step: string, after: string][] = [
    ["page", "dns"],
    ["moved", "page"],
    ["testnet", "moved"],
    ["announcement", "testnet"],
  ];
  for (const [step, after] of order) {
    it(`makes ${step} after ${after}`, () => {
      const before = stack.below(after).map(({ urn }) => urn);
      notStrictEqual(before.length, 0);
      const waitsFor = new Set(stack.component(step).dependencies);
      deepStrictEqual(
        before.filter((urn) => !waitsFor.has(urn)),
        [],
      );
    });
  }

  it("keeps every resource below the component of its step", () => {
    const components = new Set(stack.resources.filter(({ custom }) => !custom).map(({ urn }) => urn));
    deepStrictEqual(
      stack.custom.filter(({ parent }) => !components.has(parent)),
      [],
    );
  });

  it("makes all service hosts aliases of one name, and that one of a host of the network", () => {
    const aliasOf = (name: string) => {
      const { type, content, ttl, proxied, zoneId, comment } = stack.named(name).inputs;
      return [type, content, ttl, proxied, zoneId, comment];
    };
    const rest = [60, false, "zone", "smeshnet testnet"];
    deepStrictEqual(aliasOf(GATEWAY), ["CNAME", "api-v1-2-3-1.net.spacemesh.io", ...rest]);
    for (const host of HOSTS) {
      deepStrictEqual(aliasOf(host), ["CNAME", GATEWAY, ...rest]);
      ok(stack.named(host).dependencies.includes(stack.named(GATEWAY).urn), host);
    }
  });

  it("keeps the channel's page under its own key, and demands that page when it is seen", () => {
    const { keyName, value, accountId, namespaceId } = stack.named("page").inputs;
    deepStrictEqual([keyName, accountId, namespaceId], ["page:testnet", "account", "kv-namespace"]);
    match(String(value), /api\.test\.net\.spacemesh\.io/);
    match(String(value), /there is no simmer yet/);
    strictEqual(stack.environment("moved").PAGE_SHA256, createHash("sha256").update(String(value)).digest("hex"));
  });

  it("demands the network that was promoted, at the channel's names", () => {
    const { TARGET, GENESIS_ID, GENERATION, ENDPOINTS = "" } = stack.environment("moved");
    deepStrictEqual([TARGET, GENESIS_ID, GENERATION], ["api-v1-2-3-1.net.spacemesh.io", "9eeb3", "2"]);
    strictEqual((JSON.parse(ENDPOINTS) as { apiHost: string }).apiHost, "api.test.net.spacemesh.io");
  });

  it("announces the promotion, whose words are in the announcement", () => {
    const said = JSON.parse(stack.environment("announcement").ANNOUNCEMENT ?? "") as Record<string, unknown>;
    deepStrictEqual(
      [said.channel, said.generation, said.kind, said.release, said.tag, said.reason, said.changes],
      ["testnet", 2, "promotion", "v1.2.3", "v1.2.3+1", TWO.reason, TWO.changes],
    );
    strictEqual(said.page, "https://test.net.spacemesh.io/");
  });

  it("tells everybody where the channel points", () => {
    const { schema, network, generation, ttl, movedAt, commit, announcement, promotion: at, previous } = stack.outputs;
    deepStrictEqual([schema, network, generation, ttl], [1, "1_2_3_1", 2, 60]);
    deepStrictEqual([movedAt, commit, announcement], ["2026-01-01T00:00:00Z", "c0ffee", "sent"]);
    deepStrictEqual([at, previous], [TWO, ONE]);
  });

  it("has no secret in its inputs, nor any that would be one", () => {
    for (const { name, inputs, shown } of stack.resources) {
      doesNotMatch(JSON.stringify(inputs), /s3cret/, name);
      deepStrictEqual(shown, inputs, name);
    }
    doesNotMatch(JSON.stringify(stack.outputs), /s3cret/);
  });

  describe("from one promotion to the next", () => {
    const changed = async (from: Promotion, has: ChannelState, to: Promotion) =>
      (await ChannelStack.make({}, from)).changesTo(await ChannelStack.make(has, to));
    const FIVE = [GATEWAY, "page", "moved", "testnet", "announcement"].sort();

    it("changes one name, the page, the proof, the branch and the announcement", async () => {
      deepStrictEqual(await changed(ONE, { promotion: ONE }, TWO), FIVE);
    });

    it("changes the same on the way back", async () => {
      const down = promotion(3, "v1.2.2", { kind: "demotion", reason: "it stalls" });
      deepStrictEqual(await changed(TWO, { promotion: TWO, previous: ONE }, down), FIVE);
    });

    it("changes them under the names that they have", async () => {
      const next = await ChannelStack.make({ promotion: ONE }, TWO);
      const urns = new Set((await ChannelStack.make({}, ONE)).custom.map(({ urn }) => urn));
      deepStrictEqual(
        next.custom.filter(({ urn }) => !urns.has(urn)),
        [],
      );
    });

    it("adds a name for each poet that the next network has more", async () => {
      const [few, many] = [
        await ChannelStack.make({}, ONE, networkOutputs(ONE.tag, 1)),
        await ChannelStack.make({ promotion: ONE }, TWO, networkOutputs(TWO.tag, 3)),
      ];
      deepStrictEqual(few.changesTo(many), [...FIVE, ...[2, 3].map((i) => `poet-${i}.test.net.spacemesh.io`)].sort());
    });
  });

  it("plans nothing when it is run with what it has, given again or not", async () => {
    const has = { promotion: TWO, previous: ONE, replaced: [ONE.tag] };
    const again = await ChannelStack.make(has, TWO);
    const shown = await ChannelStack.make(has);
    deepStrictEqual([stack.changesTo(again), stack.changesTo(shown)], [[], []]);
    deepStrictEqual([again.outputs, shown.outputs], [stack.outputs, stack.outputs]);
  });

  it("has no network before when it is the first promotion", async () => {
    const { outputs } = await ChannelStack.make({}, ONE);
    deepStrictEqual([outputs.promotion, "previous" in outputs], [ONE, false]);
  });

  describe("is refused before it makes anything", () => {
    /** What the program says, and what it has registered besides the stack and the gate itself. */
    async function refusal(has: ChannelState, given: Promotion | undefined, network = networkOutputs("v1.2.3+1")) {
      const resources = await mockEngine("testnet", statesOf(has, network));
      let said: Error | undefined;
      await rejects(
        run(() => channel("testnet", settingsWith(), given)),
        (error: Error) => {
          said = error;
          return true;
        },
      );
      deepStrictEqual(
        resources.filter(({ custom, type }) => custom && type !== "pulumi:pulumi:Stack"),
        [],
      );
      return said as Error;
    }

    it("without a promotion", async () => {
      const error = await refusal({}, undefined);
      ok(error instanceof UserError, error.stack);
      match(error.message, /^testnet points to no network yet: run node --import tsx scripts\/promote\.ts v1\.2\.3$/);
    });

    it("without a reason for going without a simmer certificate", async () => {
      for (const reason of ["", "  \n"]) {
        const { message } = await refusal({ promotion: ONE }, { ...TWO, reason });
        match(message, /v1\.2\.3\+1 has no simmer certificate: say with --reason why it is promoted without one/);
      }
    });

    it("with a promotion that was overtaken", async () => {
      const error = await refusal({ promotion: TWO, previous: ONE }, ONE);
      ok(error instanceof UserError, error.stack);
      match(error.message, /generation 1 \(v1\.2\.2\) is overtaken/);
    });

    it("with a network that is not complete", async () => {
      const error = await refusal({}, TWO, {});
      ok(error instanceof RunError, error.stack);
      match(error.message, /v1\.2\.3\+1 is not complete, and testnet cannot point to it: deploy it first/);
    });
  });
});
