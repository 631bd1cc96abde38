import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { cloudflareApi } from "../../../infra/base/clients/cloudflare";
import { realClock } from "../../../infra/base/lib/clock";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { CHALLENGE_COMMENT, challengeHost } from "../../../infra/base/model/tls";
import type { Store } from "../../../infra/base/store/contract";
import { openSecretTexts, openStore } from "../../../infra/base/store/open";
import { ORDERS_AN_HOUR } from "../../../infra/tls/orders";
import { keptCertificate, type TlsStore } from "../../../infra/tls/record";
import { renewCertificate } from "../../../infra/tls/renew";
import { CHECKOUT } from "../../support/checkout";
import { SCOPED, TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { refusesLater } from "../../support/errors";
import { Pebble } from "../../support/pebble";
import { KEYED, RECORD_KEY } from "../../support/record-key";
import { settingsWith } from "../../support/settings";
import { toolchain } from "../../support/toolchain";

const DAY = 86_400_000;
const HOST = challengeHost("*.net.example.org");

describe("the TLS certificate of all networks", function () {
  this.timeout(60_000);
  const cloudflare = new TestCloudflare();
  const place = pathToFileURL(join(cloudflare.folder, "store")).href;
  const state = join(cloudflare.folder, "state");
  let pebble: Pebble;
  before(async () => {
    const { dns } = await cloudflare.start();
    for (const folder of [join(cloudflare.folder, "store"), state]) mkdirSync(folder);
    pebble = await Pebble.start(cloudflare.folder, `${dns.address}:${dns.port}`, ["refused.example.org"]);
  });
  after(async () => {
    await pebble?.stop();
    await cloudflare.remove();
  });

  const settings = (changes: Record<string, unknown> = {}) =>
    settingsWith({
      zone: ZONE.name,
      zoneId: ZONE.id,
      discoveryHost: `discover.net.${ZONE.name}`,
      dnsServers: [`${cloudflare.now.dns.address}:${cloudflare.now.dns.port}`],
      acmeDirectory: pebble.directory,
      archive: place,
      readyTimeout: 10,
      ...changes,
    });
  const kept = (): TlsStore => ({ store: openStore(place, KEYED), secretTexts: openSecretTexts(KEYED) });
  /** A renewal after some days. */
  const renew = (days = 0, changes: Record<string, unknown> = {}, into = kept()) => {
    const run = runWith({ clock: { ...realClock, now: () => Date.now() + days * DAY } });
    const api = cloudflareApi({ cloudflareToken: TOKEN, cloudflareUrl: cloudflare.now.baseUrl });
    return renewCertificate({ ...into, settings: settings(changes), cloudflare: api }, run);
  };
  /** A store that fails when a generation is to be kept. */
  const failing = (generation: number): TlsStore => {
    const { store, secretTexts } = kept();
    const put: Store["put"] = async (key, content) => {
      if (key === `tls/${generation}.json`) throw new UserError("DiskFull", "The disk is full.", "");
      return store.put(key, content);
    };
    const { get, list, probe } = store;
    return { store: { put, get: get.bind(store), list: list.bind(store), probe: probe.bind(store) }, secretTexts };
  };
  const records = async () => (await cloudflare.call("GET", `/zones/${ZONE.id}/dns_records?per_page=100`)).result;
  const add = (name: string, content: string, comment: string) =>
    cloudflare.call("POST", `/zones/${ZONE.id}/dns_records`, { type: "TXT", name, content, comment, ttl: 60 });

  it("is issued when there is none, for networks and channels, and leaves no record but those of others", async () => {
    await add(HOST, '"of somebody else"', "");
    const { certificate, reason } = await renew();
    strictEqual(reason, "no valid one is in the store");
    deepStrictEqual([certificate.generation, certificate.names], [1, ["*.net.example.org", "*.test.net.example.org"]]);
    const leaf = new X509Certificate(certificate.chain);
    for (const host of ["api-v1-2-3-1.net.example.org", "test.net.example.org", "poet-1.test.net.example.org"])
      ok(leaf.checkHost(host) !== undefined, host);
    deepStrictEqual(
      (await records()).map(({ name, content }: { name: string; content: string }) => [name, content]),
      [[HOST, '"of somebody else"']],
    );
  });

  it("is in the store without its private key in the clear", async () => {
    const { certificate } = await keptCertificate(kept(), Date.now());
    const secret = certificate?.privateKey.split("\n")[1] ?? "";
    ok(secret.length > 40);
    const folder = join(cloudflare.folder, "store");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.json/.test(name));
    ok(files.includes("tls/1.json") && files.includes("tls/account/1.json"));
    for (const name of files) {
      const text = readFileSync(join(folder, name), "utf8");
      ok(!text.includes(secret) && !text.includes("PRIVATE KEY"), name);
    }
    const other = { ...kept(), secretTexts: openSecretTexts({ recordKey: `${"0".repeat(32)},${RECORD_KEY}` }) };
    deepStrictEqual((await keptCertificate(other, Date.now())).certificate, undefined);
  });

  it("stays while two thirds of its life last, whatever is deployed and promoted", async () => {
    for (const days of [0, 7, 59]) strictEqual((await renew(days)).reason, undefined);
    strictEqual(pebble.issued, 1);
  });

  it("is renewed in the last third, for another channel and by another authority", async () => {
    const { certificate, reason } = await renew(61);
    deepStrictEqual([certificate.generation, reason], [2, "28 days of its 89 days are left"]);
    const channels = await renew(0, { channels: ["testnet", "mainnet"] });
    deepStrictEqual([channels.certificate.generation, channels.reason], [3, "it lacks *.main.net.example.org"]);
    notStrictEqual(channels.certificate.serial, certificate.serial);
  });

  it("is one when two runs issue it at the same time", async () => {
    const both = await Promise.all([renew(61), renew(61)]);
    deepStrictEqual(
      both.map(({ certificate }) => certificate.generation),
      [4, 4],
    );
    strictEqual(both[0]?.certificate.serial, both[1]?.certificate.serial);
  });

  it("is not issued when the authority refuses, and no record is left", async () => {
    await refusesLater(renew(61, { subdomain: "refused" }), "AuthorityRefused", { names: [pebble.directory] });
    strictEqual((await records()).length, 1);
    strictEqual((await keptCertificate(kept(), Date.now())).last, 4);
  });

  it("removes what a killed run left behind an hour ago, and nothing younger or of others", async () => {
    await add(HOST, '"left behind"', CHALLENGE_COMMENT);
    await add("notes.net.example.org", '"no challenge"', CHALLENGE_COMMENT);
    const texts = async () => (await records()).map(({ content }: { content: string }) => content).sort();
    await refusesLater(renew(0, { subdomain: "refused" }), "AuthorityRefused");
    deepStrictEqual(await texts(), ['"left behind"', '"no challenge"', '"of somebody else"']);
    await refusesLater(renew(61, { subdomain: "refused" }), "AuthorityRefused");
    deepStrictEqual(await texts(), ['"no challenge"', '"of somebody else"']);
  });

  it("is renewed and shown by commands, which never print the private key", async () => {
    const smeshnet = (...args: string[]) =>
      promisify(execFile)(process.execPath, ["scripts/smeshnet.cjs", "tls", ...args], {
        cwd: CHECKOUT,
        env: {
          PATH: `${toolchain().bin}:${process.env.PATH}`,
          PULUMI_HOME: cloudflare.folder,
          PULUMI_BACKEND_URL: pathToFileURL(state).href,
          NODE_EXTRA_CA_CERTS: pebble.caFile,
          SMESHNET_RECORD_KEY: RECORD_KEY,
          CLOUDFLARE_DNS_TOKEN: SCOPED.CLOUDFLARE_DNS_TOKEN,
          CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
          SMESHNET_ARCHIVE: place,
          SMESHNET_ZONE: ZONE.name,
          SMESHNET_ZONE_ID: ZONE.id,
          SMESHNET_DISCOVERY_HOST: `discover.net.${ZONE.name}`,
          SMESHNET_DNS_SERVERS: settings().dnsServers.join(","),
          SMESHNET_ACME_DIRECTORY: pebble.directory,
          SMESHNET_CHANNELS: "testnet,devnet",
          ...Object.fromEntries(
            ["ACCOUNT_ID", "GCP_PROJECT", "GCP_LOCATION", "GCP_ZONE"].map((name) => [`SMESHNET_${name}`, "any"]),
          ),
        },
      });
    const { stdout, stderr } = await smeshnet("renew", "--json");
    const told = JSON.parse(stdout);
    deepStrictEqual([told.issued, told.generation, told.names.length, told.networks], [true, 5, 3, []]);
    const shown = await smeshnet("status");
    match(shown.stdout, /^TLS certificate 5 of Pebble Intermediate CA .*\nnames: .*\nuntil: .*, 8\d days\n/);
    match(shown.stdout, /nothing to do/);
    doesNotMatch(stdout + stderr + shown.stdout, /PRIVATE KEY|privateKey/);
  });

  it("is issued once when the store fails after that, and kept by the first run whose store works", async () => {
    const before = pebble.issued;
    const changes = { channels: ["testnet", "other"] };
    for (const day of [0, 1, 2]) await refusesLater(renew(day, changes, failing(6)), "DiskFull");
    const { certificate } = await renew(3, changes);
    strictEqual(certificate.generation, 6);
    ok(new X509Certificate(certificate.chain).checkPrivateKey(createPrivateKey(certificate.privateKey)));
    strictEqual(pebble.issued, before + 1);
    strictEqual((await records()).length, 2);
  });

  it("is not asked for within the hour, once its proofs failed as often as the authority takes", async () => {
    mkdirSync(join(cloudflare.folder, "blind"));
    const blind = await Pebble.start(join(cloudflare.folder, "blind"), "127.0.0.1:1"); // it sees no TXT record
    const orders = () => blind.log.filter((line) => /Added order/.test(line)).length;
    try {
      const changes = { acmeDirectory: blind.directory };
      for (let run = 0; run < ORDERS_AN_HOUR; run++) await refusesLater(renew(0, changes), "AuthorityRefused");
      strictEqual(orders(), ORDERS_AN_HOUR);
      await refusesLater(renew(0, changes), "TlsOrdersFailed");
      strictEqual(orders(), ORDERS_AN_HOUR);
      await refusesLater(renew(0.05, changes), "AuthorityRefused");
      strictEqual((await records()).length, 2);
    } finally {
      await blind.stop();
    }
  });
});
