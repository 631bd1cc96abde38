import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { mkdirSync, readdirSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { pathToFileURL } from "node:url";
import { cloudflareApi } from "../../../infra/base/clients/cloudflare";
import { at } from "../../../infra/base/clients/http";
import { realClock } from "../../../infra/base/lib/clock";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, hostsOf, networkEndpoints } from "../../../infra/base/model/endpoints";
import { openSecretTexts, openStore } from "../../../infra/base/store/open";
import { caddyfile, TLS_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { secretOf } from "../../../infra/tls/hand-out";
import type { TlsCertificate } from "../../../infra/tls/record";
import { renewCertificate } from "../../../infra/tls/renew";
import { secretData, writeProjected } from "../../../sandbox/kubernetes/projected-files";
import { ChainWorld } from "../../support/chain-world";
import { TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { Gateway } from "../../support/gateway";
import { Pebble } from "../../support/pebble";
import { KEYED } from "../../support/record-key";
import { settingsWith } from "../../support/settings";
import { YesSayer } from "../../support/yes-sayer";

const NAMES = { zone: ZONE.name, subdomain: "net", tls: true, port: 443 };
const SETS = [networkEndpoints(parseBuildTag("v1.2.3+1"), 1, NAMES), channelEndpoints("testnet", 1, NAMES)];
/** Every host that is served by TLS, of the network and of a channel that may point to it one day. */
const HOSTS = SETS.flatMap(hostsOf).filter((host) => !host.includes("_"));

describe("a gateway with the certificate of all networks", function () {
  this.timeout(60_000);
  const cloudflare = new TestCloudflare();
  let pebble: Pebble;
  let world: ChainWorld;
  let upstream: YesSayer;
  let gateway: Gateway;
  const handed: TlsCertificate[] = [];

  /** Renews after some days, and shows the Secret in the pod as the kubelet does. */
  const renewAndHandOut = async (days: number) => {
    const { dns, baseUrl } = cloudflare.now;
    const archive = pathToFileURL(join(cloudflare.folder, "store")).href;
    const settings = settingsWith({
      zone: ZONE.name,
      zoneId: ZONE.id,
      discoveryHost: `discover.net.${ZONE.name}`,
      dnsServers: [`${dns.address}:${dns.port}`],
      acmeDirectory: pebble.directory,
      archive,
    });
    const api = cloudflareApi({ cloudflareToken: TOKEN, cloudflareUrl: baseUrl });
    const kept = { store: openStore(archive, KEYED), secretTexts: openSecretTexts(KEYED) };
    const run = runWith({ clock: { ...realClock, now: () => Date.now() + days * 86_400_000 } });
    const { certificate } = await renewCertificate({ ...kept, settings, cloudflare: api }, run);
    handed.push(certificate);
    const folder = join(world.folder, "tls");
    await writeProjected(folder, secretData(secretOf(certificate, "default")), handed.length, () => 0o440);
    return certificate.serial;
  };

  before(async () => {
    world = await ChainWorld.make(0);
    const { dns } = await cloudflare.start();
    mkdirSync(join(cloudflare.folder, "store"));
    mkdirSync(join(world.folder, "tls"));
    pebble = await Pebble.start(cloudflare.folder, `${dns.address}:${dns.port}`);
    upstream = await YesSayer.start(world.reserve());
    const withTls = () => caddyfile(SETS, true);
    gateway = await Gateway.start(world.reserve(), world.folder, SETS, upstream.services, "page", withTls);
  });
  after(async () => {
    await gateway?.stop();
    await upstream?.close();
    await world?.end();
    await pebble?.stop();
    await cloudflare.remove();
  });

  /** A request over a connection of its own, as a new user makes it. @returns serial of the certificate */
  const ask = (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const way = { port: TLS_PORT, lookup: at(gateway.address), ca: pebble.root, agent: false, timeout: 5000 };
      const sent = request({ host, servername: host, path: "/", ...way }, (response) => {
        const { socket } = response;
        const serial = socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.serialNumber ?? "") : "";
        const isWell = response.statusCode === 200 || response.statusCode === 404;
        response.resume().once("end", () => (isWell ? resolve(serial) : reject(new Error(`${response.statusCode}`))));
      });
      sent.on("timeout", () => sent.destroy(new Error(`${host} does not answer`)));
      sent.on("error", reject).end();
    });

  it("refuses handshakes while there is none, and asks no authority", async () => {
    await rejects(ask(HOSTS[0] ?? ""), /alert/);
    deepStrictEqual(readdirSync(world.folder, { recursive: true, encoding: "utf8" }).filter(isOfAuthority), []);
  });

  it("serves every host of the network and of the channel, before any name leads to it", async () => {
    const serial = await renewAndHandOut(0);
    ok(HOSTS.includes("api.test.net.example.org") && HOSTS.includes("test.net.example.org"));
    for (const host of HOSTS) strictEqual(await ask(host), serial, host);
    await rejects(ask("a.b.net.example.org"), /altnames/);
  });

  it("goes through a renewal without a failed request, and serves the new one without a restart", async () => {
    const seen: string[] = [];
    let isOver = false;
    const asking = Promise.all(
      HOSTS.map(async (host) => {
        while (!isOver) seen.push(await ask(host)); // one failure fails the test
      }),
    );
    const before = handed[0]?.serial;
    const serial = await Promise.race([renewAndHandOut(61), asking.then(() => "over")]);
    for (const host of HOSTS) strictEqual(await ask(host), serial, host);
    isOver = true;
    await asking;
    deepStrictEqual([...new Set(seen)], [before, serial]);
    strictEqual(pebble.issued, 2);
  });

  it("gives the file with the private key to nobody outside", async () => {
    for (const path of ["/tls.pem", "/..data/tls.pem", "/srv/tls/tls.pem"]) {
      const { status, body } = await gateway.ask(SETS[0]?.pageHost ?? "", path);
      strictEqual(status, 404);
      match(body, /^no such/);
    }
  });
});

/** What Caddy would keep of an account or a certificate that it got itself. */
const isOfAuthority = (name: string): boolean => /acme|certificates\//.test(name);
