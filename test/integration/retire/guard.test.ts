import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeDown } from "../../../infra/base/channel/records";
import { channelsOf } from "../../../infra/base/model/channel";
import { ChannelWorld } from "../../support/channel-world";
import { SCOPED, TestCloudflare, ZONE } from "../../support/cloudflare";
import { promotion } from "../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const LONG_AGO = "2026-01-01T00:00:00Z";
const CHANNELS = channelsOf({ channels: ["testnet"], subdomain: "net", zone: ZONE.name });

describe("the step guard, with a real backend, store and zone", function () {
  this.timeout(60_000);

  const cloudflare = new TestCloudflare();
  let world: ChannelWorld;
  let record: string;

  before(async () => {
    await cloudflare.start();
    const { result } = await cloudflare.call("POST", `/zones/${ZONE.id}/dns_records`, {
      type: "CNAME",
      name: CHANNELS[0]?.gateway,
      content: "api-v1-2-3-1.net.example.org",
      ttl: 60,
    });
    record = result.id;
  });
  after(() => cloudflare.remove());

  beforeEach(async () => {
    world = new ChannelWorld();
    for (const one of [OLD, NEW]) await writeDown(world.store, one);
    channel({ movedAt: LONG_AGO });
    await leadTo("api-v1-2-3-1.net.example.org");
  });
  afterEach(() => world.remove());

  /** The stack of a channel that moved from v1.2.2+1 to v1.2.3+1. */
  const channel = (more: Record<string, unknown>) =>
    world.stack("testnet", { promotion: NEW, previous: OLD, network: "1_2_3_1", ttl: 60, ...more });

  const leadTo = (content: string) => cloudflare.call("PATCH", `/zones/${ZONE.id}/dns_records/${record}`, { content });

  const guard = (tag: string, more: Record<string, string> = {}) =>
    world.run(["step", "guard", tag], {
      CHANNELS: JSON.stringify(CHANNELS),
      ZONE_ID: ZONE.id,
      ARCHIVE: pathToFileURL(world.storeFolder).href,
      CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
      CLOUDFLARE_API_TOKEN: "",
      CLOUDFLARE_DNS_TOKEN: SCOPED.CLOUDFLARE_DNS_TOKEN,
      ...more,
    });

  /** Fails with an error in one line that holds some texts, and changes nothing. */
  async function refused(
    tag: string,
    code: string,
    names: readonly (string | RegExp)[],
    more?: Record<string, string>,
    told = 0, // lines about foreign objects
  ): Promise<void> {
    const before = world.kept();
    const { exitCode, stdout, stderr: said } = await guard(tag, more);
    const stderr = said.split("\n").slice(told).join("\n");
    ok(stderr.startsWith(`error[${code}]: `), stderr);
    for (const name of names)
      ok(typeof name === "string" ? stderr.includes(name) : name.test(stderr), `${name} is not in ${stderr}`);
    deepStrictEqual([exitCode, stdout, stderr.split("\n").length], [1, "", 2], stderr);
    deepStrictEqual(world.kept(), before);
  }

  it("accepts a network that the channel left long ago, and leaves nothing in the store", async () => {
    const before = world.kept();
    const { exitCode, stdout, stderr } = await guard("v1.2.2+1");
    deepStrictEqual([exitCode, stdout], [0, '{"retirable":true}\n'], stderr);
    match(stderr, /^v1\.2\.2\+1 /);
    deepStrictEqual(world.kept(), before);
  });

  it("refuses the network that the channel's stack points to", () =>
    refused("v1.2.3+1", "NetworkInUse", ["testnet points to v1.2.3+1", "Promote another network first."]));

  it("refuses the network of a recorded promotion that the stack does not know yet", async () => {
    await writeDown(world.store, promotion(3, "v1.2.4"));
    await refused("v1.2.4+1", "NetworkInUse", [
      "testnet is moving to v1.2.4+1 (generation 3, v1.2.4 (v1.2.4+1))",
      "Complete that promotion",
    ]);
  });

  it("refuses it also while the channel has no stack", async () => {
    world.pulumi("stack", "rm", "--yes", "--force", "--stack", "testnet");
    await refused("v1.2.3+1", "NetworkInUse", ["testnet is moving to v1.2.3+1 "]);
  });

  it("refuses the network that the DNS record leads to, though the stack points elsewhere", async () => {
    await leadTo("api-v1-2-2-1.net.example.org");
    await refused("v1.2.2+1", "NetworkInUse", ["testnet", "api-v1-2-2-1.net.example.org"]);
    strictEqual((await guard("v1.2.2+11")).exitCode, 0);
  });

  it("refuses a network that the channel just left, until its DNS records have expired in caches", async () => {
    channel({ movedAt: new Date().toISOString(), ttl: 3600 });
    await refused("v1.2.2+1", "NetworkInUse", [
      "testnet",
      /in DNS caches for 3[56]\d\d s\./,
      "Wait until its DNS records",
    ]);
  });

  it("refuses every network when Cloudflare does not answer", async () => {
    const unknown = (names: readonly string[], more: Record<string, string>) =>
      refused("v1.2.2+1", "ChannelUnknowable", ["testnet points to v1.2.2+1", ...names], more);
    await unknown(["Cloudflare", "GET zones/zone1/"], { CLOUDFLARE_BASE_URL: "http://127.0.0.1:1" });
    const ofKeys = { CLOUDFLARE_DNS_TOKEN: SCOPED.CLOUDFLARE_KV_TOKEN };
    await unknown(["GET zones/zone1/", "HTTP 403, Authentication error (code 10000)"], ofKeys);
    await unknown(["CLOUDFLARE_API_TOKEN is not set, nor is CLOUDFLARE_DNS_TOKEN"], { CLOUDFLARE_DNS_TOKEN: "" });
    await unknown(["Cloudflare", "GET zones/zone9/"], { ZONE_ID: "zone9" });
  });

  it("refuses every network when the channel's stack cannot be read", async () => {
    const names = ["testnet points to v1.2.2+1", "stack testnet cannot be read ("];
    await refused("v1.2.2+1", "ChannelUnknowable", names, { PULUMI_BACKEND_URL: "file:///nowhere" });
    const stacks = join(world.folder, "backend/.pulumi/stacks/smeshnet");
    deepStrictEqual(
      readdirSync(stacks).filter((name) => name === "testnet.json"),
      ["testnet.json"],
    );
    writeFileSync(join(stacks, "testnet.json"), "{");
    await refused("v1.2.2+1", "ChannelUnknowable", names);
  });

  it("goes by the records of ours, whatever somebody else added, and names that", async () => {
    const forged = JSON.stringify(promotion(3, "v1.2.2"));
    for (const text of ["{", forged]) {
      writeFileSync(join(world.storeFolder, "channels/testnet/3.json"), text);
      const { exitCode, stdout, stderr } = await guard("v1.2.2+1");
      deepStrictEqual([exitCode, stdout], [0, '{"retirable":true}\n'], stderr);
      match(stderr, /^"channels\/testnet\/3\.json" in the store is no record of ours: /);
    }
    await refused("v1.2.3+1", "NetworkInUse", [/testnet points to v1\.2\.3\+1/], {}, 1);
  });

  it("refuses every network when the store cannot be written", async () => {
    rmSync(world.storeFolder, { recursive: true });
    writeFileSync(world.storeFolder, "in the place of the folder");
    const { exitCode, stderr } = await guard("v1.2.2+1", { CHANNELS: "[]" });
    strictEqual(exitCode, 1);
    match(stderr, /^error\[StoreUnwritable\]: .*EEXIST/);
    ok(stderr.includes(world.storeFolder), stderr);
  });

  it("names every channel that points to the network", async () => {
    const two = channelsOf({ channels: ["testnet", "stage"], subdomain: "net", zone: ZONE.name });
    world.stack("stage", { network: "1_2_3_1" });
    await refused("v1.2.3+1", "NetworkInUse", ["testnet points to v1.2.3+1; stage points to v1.2.3+1"], {
      CHANNELS: JSON.stringify(two),
    });
  });
});
