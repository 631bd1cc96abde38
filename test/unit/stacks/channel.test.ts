import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { RunError } from "@pulumi/pulumi";
import type { ChannelState, Promotion } from "../../../infra/base/model/promotion";
import { channel } from "../../../stacks/channel";
import { ChannelStack, networkOutputs, statesOf } from "../../support/channel-stack";
import { isRefusal } from "../../support/errors";
import { mockEngine, run } from "../../support/program";
import { promotion } from "../../support/promotions";
import { KEYED } from "../../support/record-key";
import { settingsWith } from "../../support/settings";

const ONE = promotion(1, "v1.2.2");
const TWO = promotion(2, "v1.2.3");
const GATEWAY = "gateway.test.net.spacemesh.io";
const HOSTS = ["api", "explorer", "dash", "poet-1", "poet-2"].map((service) => `${service}.test.net.spacemesh.io`);
const WEBHOOK = "https://discord.com/api/webhooks/1/s3cret-webhook";

describe("channel stack", () => {
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

  it("contains every step of a promotion and nothing else", () => {
    deepStrictEqual(
      stack.custom.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort(),
      [
        ...[GATEWAY, ...HOSTS].map((host) => `DnsRecord ${host}`),
        "WorkersKv page",
        ...["cloudflare cloudflare-dns", "cloudflare cloudflare-kv"],
        ...["moved", "testnet", "announcement"].map((name) => `Command ${name}`),
      ].sort(),
    );
  });

  it("has the tap's name with today's driver, also while it points to a network without a tap, whose page tells of none", async () => {
    const today = { driver: "kubernetes", kubeContext: "here" } as const;
    const withTap = await ChannelStack.make({ promotion: ONE }, TWO, undefined, today);
    const names = (of: ChannelStack) => of.custom.map(({ name }) => name).sort();
    deepStrictEqual(names(withTap), [...names(stack), "tap.test.net.spacemesh.io"].sort());
    strictEqual(withTap.named("tap.test.net.spacemesh.io").inputs.content, GATEWAY);
    const page = (of: ChannelStack) => String(of.named("page").inputs.value);
    doesNotMatch(page(withTap), /tap\.test/);
    const network = networkOutputs("v1.2.3+1");
    const tapped = { ...network, facts: { ...(network.facts as object), tap: "stest1tap" } };
    match(page(await ChannelStack.make({ promotion: ONE }, TWO, tapped, today)), /http[^"]*tap\.test\.net/);
  });

  it("shows the curves that the network's gateway answers for, and none of a network without monitoring", async () => {
    const page = (of: ChannelStack) => String(of.named("page").inputs.value);
    doesNotMatch(page(stack), /curve/);
    const watched = { ...networkOutputs("v1.2.3+1"), curves: ["nodes"] };
    match(page(await ChannelStack.make({ promotion: ONE }, TWO, watched)), /data-curve="\/curves\/nodes"/);
  });

  it("runs steps only on create, by command lines without a path of the machine", () => {
    const commands = stack.custom.filter(({ type }) => type === "command:local:Command").map(({ inputs }) => inputs);
    deepStrictEqual(commands.map(({ create }) => create).sort(), [
      "exec node scripts/smeshnet.cjs step announce testnet",
      "exec node scripts/smeshnet.cjs step branch move testnet v1.2.3",
      "exec node scripts/smeshnet.cjs step channel moved testnet",
    ]);
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
    it(`creates ${step} after ${after}`, () => {
      const before = stack.below(after).map(({ urn }) => urn);
      notStrictEqual(before.length, 0);
      const waitsFor = new Set(stack.component(step).dependencies);
      deepStrictEqual(
        before.filter((urn) => !waitsFor.has(urn)),
        [],
      );
    });
  }

  it("puts every resource below the component of its step", () => {
    const components = new Set(stack.resources.filter(({ custom }) => !custom).map(({ urn }) => urn));
    deepStrictEqual(
      stack.custom.filter(({ parent }) => !components.has(parent)),
      [],
    );
  });

  it("makes all service hosts aliases of one name, and that name an alias of a host of the network", () => {
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

  it("writes the channel's page under its own key, and requires the public to get that page", () => {
    const { keyName, value, accountId, namespaceId } = stack.named("page").inputs;
    deepStrictEqual([keyName, accountId, namespaceId], ["page:testnet", "account", "kv-namespace"]);
    match(String(value), /api\.test\.net\.spacemesh\.io/);
    match(String(value), /there is no simmer yet/);
    strictEqual(stack.environment("moved").PAGE_SHA256, createHash("sha256").update(String(value)).digest("hex"));
  });

  it("requires the promoted network to answer at the channel's names", () => {
    const { TARGET, GENESIS_ID, GENERATION, ENDPOINTS = "" } = stack.environment("moved");
    deepStrictEqual([TARGET, GENESIS_ID, GENERATION], ["api-v1-2-3-1.net.spacemesh.io", "9eeb3", "2"]);
    strictEqual((JSON.parse(ENDPOINTS) as { apiHost: string }).apiHost, "api.test.net.spacemesh.io");
  });

  it("announces the promotion with its own words", () => {
    const said = JSON.parse(stack.environment("announcement").ANNOUNCEMENT ?? "") as Record<string, unknown>;
    deepStrictEqual(
      [said.channel, said.generation, said.kind, said.release, said.tag, said.reason, said.changes],
      ["testnet", 2, "promotion", "v1.2.3", "v1.2.3+1", TWO.reason, TWO.changes],
    );
    strictEqual(said.page, "https://test.net.spacemesh.io/");
  });

  it("moves its branch to the promotion's commit, also when it goes back weeks later", async () => {
    const { COMMIT } = stack.environment("testnet");
    strictEqual(COMMIT, TWO.commit);
    const down = promotion(3, "v1.2.2", { kind: "demotion", reason: "it stalls" });
    const back = await ChannelStack.make({ promotion: TWO, previous: ONE }, down);
    strictEqual(back.environment("testnet").COMMIT, ONE.commit);
  });

  it("returns where the channel points", () => {
    const { schema, network, generation, ttl, movedAt, commit, announcement, promotion: at, previous } = stack.outputs;
    deepStrictEqual([schema, network, generation, ttl], [1, "1_2_3_1", 2, 60]);
    deepStrictEqual([movedAt, commit, announcement], ["2026-01-01T00:00:00Z", "c0ffee", "sent"]);
    deepStrictEqual([at, previous], [TWO, ONE]);
  });

  it("has no secret among its inputs and outputs", () => {
    for (const { name, inputs, shown } of stack.resources) {
      doesNotMatch(JSON.stringify(inputs), /s3cret/, name);
      deepStrictEqual(shown, inputs, name);
    }
    doesNotMatch(JSON.stringify(stack.outputs), /s3cret/);
  });

  describe("between two promotions", () => {
    const changed = async (from: Promotion, has: ChannelState, to: Promotion) =>
      (await ChannelStack.make({}, from)).changesTo(await ChannelStack.make(has, to));
    const FIVE = [GATEWAY, "page", "moved", "testnet", "announcement"].sort();

    it("changes one name, the page, the proof, the branch and the announcement", async () => {
      deepStrictEqual(await changed(ONE, { promotion: ONE }, TWO), FIVE);
    });

    it("changes the same resources on a demotion", async () => {
      const down = promotion(3, "v1.2.2", { kind: "demotion", reason: "it stalls" });
      deepStrictEqual(await changed(TWO, { promotion: TWO, previous: ONE }, down), FIVE);
    });

    it("keeps the names of all resources", async () => {
      const next = await ChannelStack.make({ promotion: ONE }, TWO);
      const urns = new Set((await ChannelStack.make({}, ONE)).custom.map(({ urn }) => urn));
      deepStrictEqual(
        next.custom.filter(({ urn }) => !urns.has(urn)),
        [],
      );
    });

    it("adds a name for each additional poet of the next network", async () => {
      const [few, many] = [
        await ChannelStack.make({}, ONE, networkOutputs(ONE.tag, 1)),
        await ChannelStack.make({ promotion: ONE }, TWO, networkOutputs(TWO.tag, 3)),
      ];
      deepStrictEqual(few.changesTo(many), [...FIVE, ...[2, 3].map((i) => `poet-${i}.test.net.spacemesh.io`)].sort());
    });
  });

  it("changes nothing when the current promotion is requested again, or none is", async () => {
    const has = { promotion: TWO, previous: ONE, replaced: [ONE.tag] };
    const again = await ChannelStack.make(has, TWO);
    const shown = await ChannelStack.make(has);
    deepStrictEqual([stack.changesTo(again), stack.changesTo(shown)], [[], []]);
    deepStrictEqual([again.outputs, shown.outputs], [stack.outputs, stack.outputs]);
  });

  it("has no previous network after the first promotion", async () => {
    const { outputs } = await ChannelStack.make({}, ONE);
    deepStrictEqual([outputs.promotion, "previous" in outputs], [ONE, false]);
  });

  describe("refuses before it creates anything", () => {
    /** What the program says, and what it has registered besides the stack and the gate itself. */
    async function refusal(has: ChannelState, given: Promotion | undefined, network = networkOutputs("v1.2.3+1")) {
      const resources = await mockEngine("testnet", statesOf(has, network));
      let said: Error | undefined;
      await rejects(
        run(() => channel("testnet", settingsWith(), { requested: given, credentials: KEYED })),
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

    it("a channel without a promotion", async () => {
      const error = await refusal({}, undefined);
      isRefusal(error, "ChannelEmpty", { names: ["testnet", "smeshnet promote"] });
    });

    it("a promotion without a certificate and without a reason", async () => {
      for (const reason of ["", "  \n"]) {
        const { message } = await refusal({ promotion: ONE }, { ...TWO, reason });
        match(message, /v1\.2\.3\+1 has no simmer certificate\. .*--reason/);
      }
    });

    it("a promotion that another one overtook", async () => {
      const error = await refusal({ promotion: TWO, previous: ONE }, ONE);
      isRefusal(error, "PromotionOvertaken", { names: ["testnet", "v1.2.2", "--preview"] });
    });

    it("a network that is not complete", async () => {
      const error = await refusal({}, TWO, {});
      ok(error instanceof RunError, error.stack);
      match(
        error.message,
        /v1\.2\.3\+1 is not complete, so testnet cannot point to it\. Run `smeshnet deploy v1\.2\.3\+1`\./,
      );
    });
  });
});
