import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { WebSocketServer } from "ws";
import { serveHttp } from "../../sandbox/chain/serve-http";
import type { Services } from "./gateway";

/** A request that came to the upstream. */
export interface Seen {
  readonly service: string;
  readonly method: string;
  /** The path as it came, with its query. */
  readonly target: string;
  /** Bytes of the body that came so far. */
  bytes: number;
}

/** Ports of each Service behind a gateway: its variable's suffix and number. */
const PORTS: readonly (readonly [service: string, port: number])[] = [
  ["NODE_API_JSON", 7000],
  ["EXPLORER_API", 5001],
  ["EXPLORER_FRONTEND", 8081],
  ["DASH_API", 8082],
  ["DASH_FRONTEND", 8083],
  ["TAP", 8084],
  ["POET_1", 5002],
  ["CURVES", 9090],
];
const GRPC_PORT = 6000;

/** Headers that tell which program answers. */
const BRAGGING = { server: "nginx/1.2.3", "x-powered-by": "Express" };
/** A node's own permission for browsers, as `grpc-cors-allowed-origins` and the statistics API give it. */
const OWN_ORIGIN = { "access-control-allow-origin": "https://node.example" };

/** All Services behind a gateway, each of which answers 200 to everything. What comes to one, the gateway let through. */
export class YesSayer {
  readonly seen: Seen[] = [];
  /** Streams that the gateway has open at the node's gRPC port. */
  readonly streams = new Set<ServerHttp2Stream>();
  private readonly closing: (() => Promise<void>)[] = [];
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(readonly address: string) {}

  static async start(address: string): Promise<YesSayer> {
    const upstream = new YesSayer(address);
    await Promise.all([...PORTS.map(([service, port]) => upstream.http(service, port)), upstream.grpc()]);
    return upstream;
  }

  /** The Services, as a gateway's container is told of them. */
  get services(): Services {
    const one = (port: number) => ({ address: this.address, ports: [["", port]] as const });
    const others = PORTS.slice(1).map(([name, port]) => [name, one(port)]);
    const node = { address: this.address, ports: [["_GRPC", GRPC_PORT] as const, ["_JSON", 7000] as const] };
    return { NODE_API: node, ...Object.fromEntries(others) };
  }

  async close(): Promise<void> {
    await Promise.all(this.closing.map((close) => close()));
  }

  private async http(service: string, port: number): Promise<void> {
    const sockets = new WebSocketServer({ noServer: true });
    const server = await serveHttp(
      this.address,
      port,
      (request, response) => {
        const seen = this.note(service, request.method, request.url);
        request.on("data", (chunk: Buffer) => {
          seen.bytes += chunk.length;
        });
        request.on("error", () => undefined);
        request.on("end", () => response.writeHead(200, { ...BRAGGING, ...OWN_ORIGIN }).end("yes"));
      },
      (request, socket, head) => {
        this.note(service, "WEBSOCKET", request.url);
        sockets.handleUpgrade(request, socket, head, (client) => client.on("message", () => client.send("yes")));
      },
    );
    this.closing.push(() => server.close());
  }

  private async grpc(): Promise<void> {
    const server: Http2Server = createServer();
    server.on("session", (session) => {
      this.sessions.add(session);
      session.on("close", () => this.sessions.delete(session));
    });
    server.on("stream", (stream, headers) => {
      const path = headers[":path"] ?? "";
      const seen = this.note("NODE_API_GRPC", headers[":method"], path);
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => {
        seen.bytes += chunk.length;
      });
      stream.on("end", () => {
        if (stream.destroyed) return; // the gateway gave the request up
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        if (!path.includes("Stream")) return void stream.end();
        this.streams.add(stream);
        stream.on("close", () => this.streams.delete(stream));
        stream.write(Buffer.alloc(5));
      });
    });
    server.listen(GRPC_PORT, this.address);
    await once(server, "listening");
    this.closing.push(async () => {
      for (const session of this.sessions) session.destroy();
      server.close();
    });
  }

  private note(service: string, method = "", target = ""): Seen {
    const seen = { service, method, target, bytes: 0 };
    this.seen.push(seen);
    return seen;
  }
}
