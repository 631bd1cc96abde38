import { deepStrictEqual, match, strictEqual } from "node:assert";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeDown } from "../../../infra/base/channel/records";
import { channelsOf } from "../../../infra/base/model/channel";
import { ChannelWorld } from "../../support/channel-world";
import { TestCloudflare, ZONE } from "../../support/cloudflare";
import { promotion } from "../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const LONG_AGO = "2026-01-01T00:00:00Z";
const CHANNELS = channelsOf({ channels: ["testnet"], subdomain: "net", zone: ZONE.name });

describe("the guard of a network's retirement, with a real backend, store and zone", function () {
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

  /** A channel that has gone from v1.2.2+1 to v1.2.3+1. */
  const channel = (more: Record<string, unknown>) =>
    world.stack("testnet", { promotion: NEW, previous: OLD, network: "1_2_3_1", ttl: 60, ...more });

  const leadTo = (content: string) => cloudflare.call("PATCH", `/zones/${ZONE.id}/dns_records/${record}`, { content });

  const guard = (tag: string, more: Record<string, string> = {}) =>
    world.run(["guard", tag], {
      CHANNELS: JSON.stringify(CHANNELS),
      ZONE_ID: ZONE.id,
      ARCHIVE: pathToFileURL(world.storeFolder).href,
      CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
      ...more,
    });

  /** Refused in one line, with nothing changed. */
  async function refused(tag: string, line: RegExp, more?: Record<string, string>): Promise<void> {
    const before = world.kept();
    const { exitCode, stdout, stderr } = await guard(tag, more);
    match(stderr, line);
    deepStrictEqual([exitCode, stdout, stderr.split("\n").length], [1, "", 2], stderr);
    deepStrictEqual(world.kept(), before);
  }

  it("lets a network go that the channel has left long ago, and leaves nothing in the store", async () => {
    const before = world.kept();
    const { exitCode, stdout, stderr } = await guard("v1.2.2+1");
    deepStrictEqual([exitCode, stdout], [0, '{"retirable":true}\n'], stderr);
    match(stderr, /^v1\.2\.2\+1 may be retired: no channel points to it/);
    deepStrictEqual(world.kept(), before);
  });

  it("holds the network that the channel's stack says it points to", () =>
    refused("v1.2.3+1", /^error: v1\.2\.3\+1 is what testnet points to: promote another network first$/m));

  it("holds the network that a promotion was written down for, though the stack knows nothing of it", async () => {
    await writeDown(world.store, promotion(3, "v1.2.4"));
    await refused(
      "v1.2.4+1",
      /^error: testnet is on its way to v1\.2\.4\+1 \(generation 3, v1\.2\.4 \(v1\.2\.4\+1\)\): finish/,
    );
  });

  it("holds it also while the channel has no stack at all", async () => {
    world.pulumi("stack", "rm", "--yes", "--force", "--stack", "testnet");
    await refused("v1.2.3+1", /^error: testnet is on its way to v1\.2\.3\+1 /);
  });

  it("holds the network that the DNS record leads to, though the stack says otherwise", async () => {
    await leadTo("api-v1-2-2-1.net.example.org");
    await refused(
      "v1.2.2+1",
      /^error: the names of testnet still lead to api-v1-2-2-1\.net\.example\.org: promote another/,
    );
    strictEqual((await guard("v1.2.2+11")).exitCode, 0);
  });

  it("holds a network that was left just now, until caches have forgotten it", async () => {
    channel({ movedAt: new Date().toISOString(), ttl: 3600 });
    await refused(
      "v1.2.2+1",
      /^error: caches may still lead testnet to v1\.2\.2\+1: wait 3[56]\d\d s, until its DNS records/,
    );
  });

  it("lets nothing go when Cloudflare cannot be asked", async () => {
    const unknown =
      /^error: nobody can know whether testnet points to v1\.2\.2\+1: Cloudflare did not answer GET zones\/zone1\//;
    await refused("v1.2.2+1", unknown, { CLOUDFLARE_BASE_URL: "http://127.0.0.1:1" });
    await refused("v1.2.2+1", unknown, { CLOUDFLARE_API_TOKEN: "wrong" });
    await refused("v1.2.2+1", /^error: nobody can know .*: CLOUDFLARE_API_TOKEN is not set: /, {
      CLOUDFLARE_API_TOKEN: "",
    });
    await refused("v1.2.2+1", /^error: nobody can know .*: Cloudflare did not answer GET zones\/zone9\//, {
      ZONE_ID: "zone9",
    });
  });

  it("lets nothing go when the channel's stack cannot be read", async () => {
    const unknown =
      /^error: nobody can know whether testnet points to v1\.2\.2\+1: the state of testnet cannot be read \(/;
    await refused("v1.2.2+1", unknown, { PULUMI_BACKEND_URL: "file:///nowhere" });
    const stacks = join(world.folder, "backend/.pulumi/stacks/smeshnet");
    deepStrictEqual(
      readdirSync(stacks).filter((name) => name === "testnet.json"),
      ["testnet.json"],
    );
    writeFileSync(join(stacks, "testnet.json"), "{");
    await refused("v1.2.2+1", unknown);
  });

  it("lets nothing go when the promotions cannot be read", async () => {
    writeFileSync(join(world.storeFolder, "channels/testnet/3.json"), "{");
    await refused("v1.2.2+1", /^error: nobody can know .*: channels\/testnet\/3\.json in the store is no promotion: /);
  });

  it("lets nothing go when the archive could not be kept", async () => {
    rmSync(world.storeFolder, { recursive: true });
    writeFileSync(world.storeFolder, "in the place of the folder");
    const { exitCode, stderr } = await guard("v1.2.2+1", { CHANNELS: "[]" });
    strictEqual(exitCode, 1);
    match(stderr, /^error: the archive store \S+ cannot be written \(EEXIST.*\): there must be a folder at its place/);
  });

  it("names every reason when several channels hold it", async () => {
    const two = channelsOf({ channels: ["testnet", "stage"], subdomain: "net", zone: ZONE.name });
    world.stack("stage", { network: "1_2_3_1" });
    await refused("v1.2.3+1", /^error: v1\.2\.3\+1 is what testnet .* first; v1\.2\.3\+1 is what stage points to: /, {
      CHANNELS: JSON.stringify(two),
    });
  });
});
