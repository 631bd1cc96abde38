import { connect, createServer, type Server, type Socket } from "node:net";

/** Address of a service and the endpoints behind it. */
export interface Frontend {
  readonly address: string;
  readonly port: number;
  /** At least one. */
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Milliseconds that connections may last after their service is gone. */
const DRAIN = 5_000;

/** Accepts TCP connections for services and passes them to their endpoints in turn. */
export class Proxies {
  private readonly proxies = new Map<string, ServiceProxy>();

  /** Opens, changes and closes proxies so that they match the given frontends. */
  apply(frontends: readonly Frontend[]): void {
    const wanted = new Map(frontends.map((frontend) => [`${frontend.address}:${frontend.port}`, frontend]));
    for (const [key, proxy] of this.proxies) {
      if (wanted.has(key)) continue;
      this.proxies.delete(key);
      proxy.close();
    }
    for (const [key, frontend] of wanted) {
      const proxy = this.proxies.get(key);
      if (proxy) proxy.endpoints = frontend.endpoints;
      else this.proxies.set(key, new ServiceProxy(frontend));
    }
  }
}

class ServiceProxy {
  endpoints: readonly Endpoint[];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private turn = 0;

  constructor({ address, port, endpoints }: Frontend) {
    this.endpoints = endpoints;
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.relay(client));
    this.server.on("error", (error) => console.error(`proxy at ${address}:${port}: ${error.message}`));
    this.server.listen(port, address);
  }

  close(): void {
    this.server.close();
    if (this.sockets.size === 0) return;
    const cut = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, DRAIN);
    cut.unref();
  }

  private relay(client: Socket): void {
    const endpoint = this.endpoints[this.turn++ % this.endpoints.length];
    if (!endpoint) return void client.resetAndDestroy();
    const upstream = connect({ host: endpoint.address, port: endpoint.port, allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.resetAndDestroy());
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroySoon();
      });
    }
  }
}
