import { once } from "node:events";
import { Agent, type RequestOptions, request } from "node:http";
import { type ClientHttp2Session, connect as connectH2, type OutgoingHttpHeaders } from "node:http2";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { Client, credentials } from "@grpc/grpc-js";
import { at } from "../../infra/base/clients/http";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { networkEndpoints } from "../../infra/base/model/endpoints";
import { HTTP_PORT, TLS_PORT } from "../../infra/deploy/gateway/caddyfile";
import { method } from "../../sandbox/chain/protos";
import { ChainWorld } from "./chain-world";
import { ZONE } from "./cloudflare";
import { Gateway } from "./gateway";
import { TlsGateway, Watch } from "./tls-gateway";
import { YesSayer } from "./yes-sayer";

/** A request, whose target is sent as it is. */
export interface Asked {
  readonly host: string;
  readonly method: string;
  readonly target: string;
}

/** A gateway before programs that answer yes to all, and a way to ask it. */
export interface Entrance {
  readonly upstream: YesSayer;
  h1(asked: Asked): Promise<number>;
  h2(asked: Asked, headers?: Record<string, string>): Promise<number>;
  /** What happens at the gateway during a scan. */
  meanwhile(): Promise<void>;
  close(): Promise<void>;
}

/** Sends by HTTP/1.1. @returns the status */
export const askH1 = (send: typeof request, to: RequestOptions, { host, method, target }: Asked): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = send({ ...to, method, path: target, headers: { host } }, (answer) =>
      answer.resume().once("end", () => resolve(answer.statusCode ?? 0)),
    );
    sent.once("error", reject);
    sent.end(method === "POST" ? "{}" : undefined);
  });

/** Sends by HTTP/2. @returns the status, or 0 for a request that was refused as a protocol error */
export const askH2 = (
  session: ClientHttp2Session,
  { host, method, target }: Asked,
  headers: OutgoingHttpHeaders = {},
): Promise<number> =>
  new Promise((resolve) => {
    const pseudo = { ":method": method, ":authority": host, ":path": target };
    const stream = session.request({ ...pseudo, ...headers }, { endStream: false });
    stream.once("response", ({ ":status": status }) => {
      resolve(Number(status));
      stream.close();
    });
    stream.once("error", () => resolve(0));
    stream.resume();
    stream.once("close", () => resolve(0));
    stream.end(Buffer.alloc(5));
  });

/** The hosts of the scanned network. */
export const SCANNED = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, {
  zone: ZONE.name,
  subdomain: "net",
  tls: false,
  port: 8080,
});

/** Plain HTTP, as without the setting `tls`. */
export async function plainEntrance(): Promise<Entrance> {
  const world = await ChainWorld.make(0);
  const upstream = await YesSayer.start(world.reserve());
  const gateway = await Gateway.start(world.reserve(), world.folder, [SCANNED], upstream.services, "page");
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const session = connectH2(`http://${gateway.address}:${HTTP_PORT}`);
  return {
    upstream,
    h1: (asked) => askH1(request, { agent, host: gateway.address, port: HTTP_PORT }, asked),
    h2: (asked, headers) => askH2(session, asked, headers),
    meanwhile: async () => undefined,
    async close() {
      agent.destroy();
      session.destroy();
      await gateway.stop();
      await upstream.close();
      await world.end();
    },
  };
}

/** A stream of a node's events, from both its ends. */
export interface OpenStream {
  /** Sends a message at the upstream. @returns once the client has it; rejects when the stream is over */
  pass(): Promise<void>;
  close(): void;
}

/** Opens a stream as a user's gRPC client does. */
async function openStream({ gateway, pebble, upstream }: TlsGateway): Promise<OpenStream> {
  const name = "spacemesh.v1.NodeService/StatusStream";
  const { requestSerialize, responseDeserialize } = method(name);
  const client = new Client(`${gateway.address}:${TLS_PORT}`, credentials.createSsl(Buffer.from(pebble.root)), {
    "grpc.default_authority": SCANNED.apiHost,
    "grpc.ssl_target_name_override": SCANNED.apiHost,
    "grpc.use_local_subchannel_pool": 1,
  });
  const call = client.makeServerStreamRequest(`/${name}`, requestSerialize, responseDeserialize, {});
  await once(call, "data");
  const [source] = upstream.streams;
  return {
    async pass() {
      const passed = once(call, "data");
      source?.write(Buffer.alloc(5)); // an empty message
      await passed;
    },
    close() {
      call.on("error", () => undefined).cancel();
      client.close();
    },
  };
}

/** TLS, while the certificate is renewed twice and all hosts are watched over fresh connections. */
export class TlsEntrance implements Entrance {
  readonly upstream: YesSayer;
  private readonly agent = new TlsAgent({ keepAlive: true, maxSockets: 16, ALPNProtocols: ["http/1.1"] });

  private constructor(
    readonly served: TlsGateway,
    readonly watch: Watch,
    readonly stream: OpenStream,
    private readonly session: ClientHttp2Session,
  ) {
    this.upstream = served.upstream;
  }

  static async start(): Promise<TlsEntrance> {
    const served = await TlsGateway.start();
    const serial = await served.renew(0);
    const watch = new Watch(served);
    await watch.until(serial);
    const { gateway, pebble } = served;
    const options = { lookup: at(gateway.address), ca: pebble.root };
    const session = connectH2(`https://${SCANNED.apiHost}:${TLS_PORT}`, options);
    await once(session, "connect");
    return new TlsEntrance(served, watch, await openStream(served), session);
  }

  h1(asked: Asked): Promise<number> {
    // All requests of a scan show the API's host in the handshake, whichever host they are for.
    const named = { servername: SCANNED.apiHost };
    return askH1(tlsRequest, { ...this.to, ...named, agent: this.agent }, asked);
  }

  h2(asked: Asked, headers?: Record<string, string>): Promise<number> {
    return askH2(this.session, asked, headers);
  }

  /** A renewal, which all hosts show at its end. The third scan ends the watch. */
  async meanwhile(): Promise<void> {
    if (this.served.serials.length < 3) await this.watch.until(await this.served.renew(61));
    else await this.watch.end();
  }

  /** A connection of its own, which takes any certificate. @param options what it shows in the handshake */
  async connection(options: ConnectionOptions): Promise<TLSSocket> {
    const socket = connectTls({ ...this.to, rejectUnauthorized: false, ...options });
    await once(socket, "secureConnect");
    return socket;
  }

  /** Sends over a connection of its own, by the protocol that it offers: `h2` or `http/1.1`. */
  async askBy(socket: TLSSocket, asked: Asked): Promise<number> {
    const createConnection = () => socket;
    if (socket.alpnProtocol !== "h2") return askH1(request, { createConnection }, asked);
    const session = connectH2(`https://${SCANNED.apiHost}`, { createConnection });
    return askH2(session, asked).finally(() => session.close());
  }

  get to(): { readonly host: string; readonly port: number; readonly ca: string } {
    return { host: this.served.gateway.address, port: TLS_PORT, ca: this.served.pebble.root };
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.session.destroy();
    this.stream.close();
    await this.watch.end().finally(() => this.served.close());
  }
}
