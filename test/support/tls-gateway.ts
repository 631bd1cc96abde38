import { EventEmitter, once } from "node:events";
import { mkdirSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { pathToFileURL } from "node:url";
import { cloudflareApi } from "../../infra/base/clients/cloudflare";
import { at } from "../../infra/base/clients/http";
import { realClock } from "../../infra/base/lib/clock";
import { runWith } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { channelEndpoints, hostsOf, networkEndpoints } from "../../infra/base/model/endpoints";
import { openSecretTexts, openStore } from "../../infra/base/store/open";
import { caddyfile, TLS_PORT } from "../../infra/deploy/gateway/caddyfile";
import { secretOf } from "../../infra/tls/hand-out";
import { renewCertificate } from "../../infra/tls/renew";
import { secretData, writeProjected } from "../../sandbox/kubernetes/projected-files";
import { ChainWorld } from "./chain-world";
import { TestCloudflare, TOKEN, ZONE } from "./cloudflare";
import { Gateway } from "./gateway";
import { Pebble } from "./pebble";
import { KEYED } from "./record-key";
import { settingsWith } from "./settings";
import { YesSayer } from "./yes-sayer";

const NAMES = { zone: ZONE.name, subdomain: "net", tls: true, port: 443 };
const SETS = [networkEndpoints(parseBuildTag("v1.2.3+1"), 1, NAMES), channelEndpoints("testnet", 1, NAMES)];

/** The real Caddy with TLS, before programs that answer yes to all, with certificates of a real authority. */
export class TlsGateway {
  /** Every host that is served by TLS, of the network and of a channel that may point to it one day. */
  readonly hosts: readonly string[] = SETS.flatMap(hostsOf).filter((host) => !host.includes("_"));
  /** Serials of the certificates that were handed out, in order. */
  readonly serials: string[] = [];

  private constructor(
    readonly folder: string,
    readonly gateway: Gateway,
    readonly upstream: YesSayer,
    readonly pebble: Pebble,
    private readonly cloudflare: TestCloudflare,
    private readonly world: ChainWorld,
  ) {}

  static async start(): Promise<TlsGateway> {
    const cloudflare = new TestCloudflare();
    const world = await ChainWorld.make(0);
    const { dns } = await cloudflare.start();
    mkdirSync(join(cloudflare.folder, "store"));
    mkdirSync(join(world.folder, "tls"));
    const pebble = await Pebble.start(cloudflare.folder, `${dns.address}:${dns.port}`);
    const upstream = await YesSayer.start(world.reserve());
    const withTls = () => caddyfile(SETS, true);
    const gateway = await Gateway.start(world.reserve(), world.folder, SETS, upstream.services, "page", withTls);
    return new TlsGateway(world.folder, gateway, upstream, pebble, cloudflare, world);
  }

  async close(): Promise<void> {
    await this.gateway.stop();
    await this.upstream.close();
    await this.world.end();
    await this.pebble.stop();
    await this.cloudflare.remove();
  }

  /** Renews after some days, and shows the Secret in the pod as the kubelet does. @returns the serial */
  async renew(days: number): Promise<string> {
    const { dns, baseUrl } = this.cloudflare.now;
    const archive = pathToFileURL(join(this.cloudflare.folder, "store")).href;
    const settings = settingsWith({
      zone: ZONE.name,
      zoneId: ZONE.id,
      discoveryHost: `discover.net.${ZONE.name}`,
      dnsServers: [`${dns.address}:${dns.port}`],
      acmeDirectory: this.pebble.directory,
      archive,
    });
    const api = cloudflareApi({ cloudflareToken: TOKEN, cloudflareUrl: baseUrl });
    const kept = { store: openStore(archive, KEYED), secretTexts: openSecretTexts(KEYED) };
    const run = runWith({ clock: { ...realClock, now: () => Date.now() + days * 86_400_000 } });
    const { certificate } = await renewCertificate({ ...kept, settings, cloudflare: api }, run);
    this.serials.push(certificate.serial);
    const files = secretData(secretOf(certificate, "default"));
    await writeProjected(join(this.folder, "tls"), files, this.serials.length, () => 0o440);
    return certificate.serial;
  }

  /** A request over a connection of its own, as a new user makes it. @returns serial of the certificate */
  async ask(host: string, method = "GET"): Promise<string> {
    const { socket, statusCode = 0 } = await this.answer(host, method);
    if (statusCode !== 200 && statusCode !== 404) throw new Error(`${host} answers ${statusCode}`);
    return socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.serialNumber ?? "") : "";
  }

  /** Headers of an answer. */
  headers = async (host: string): Promise<IncomingHttpHeaders> => (await this.answer(host, "GET")).headers;

  private answer(host: string, method: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const way = {
        port: TLS_PORT,
        lookup: at(this.gateway.address),
        ca: this.pebble.root,
        agent: false,
        timeout: 5000,
      };
      const sent = request({ host, servername: host, method, path: "/", ...way }, (response) => {
        response.resume().once("end", () => resolve(response));
      });
      sent.on("timeout", () => sent.destroy(new Error(`${host} does not answer`)));
      sent.on("error", reject).end();
    });
  }
}

/** Asks all hosts in turn, over fresh connections, until it ends. */
export class Watch {
  /** Serials that each host showed, in order, each once in a row. */
  readonly seen = new Map<string, readonly string[]>();
  private readonly rounds = new EventEmitter();
  private isOver = false;
  private readonly over: Promise<void>;

  constructor(private readonly served: TlsGateway) {
    this.over = this.follow();
    this.over.catch(() => undefined); // `until` and `end` tell
  }

  /** Waits until every host has shown a certificate last. @throws when a request failed */
  async until(serial: string): Promise<void> {
    const isShown = () => this.served.hosts.every((host) => this.seen.get(host)?.at(-1) === serial);
    while (!isShown()) await Promise.race([once(this.rounds, "over"), this.over]);
  }

  /** @throws when a request failed */
  async end(): Promise<void> {
    this.isOver = true;
    await this.over;
  }

  private async follow(): Promise<void> {
    while (!this.isOver) {
      // No upstream gets this method, so that a scan sees its own requests only.
      for (const host of this.served.hosts) this.note(host, await this.served.ask(host, "DELETE"));
      this.rounds.emit("over");
    }
  }

  private note(host: string, serial: string): void {
    const before = this.seen.get(host) ?? [];
    if (before.at(-1) !== serial) this.seen.set(host, [...before, serial]);
  }
}
