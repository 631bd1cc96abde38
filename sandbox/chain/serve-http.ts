import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KEEP_ALIVE } from "../keep-alive";

/** A listening server. */
export interface Listening {
  /** Ends all connections and frees the port. Resolves when it is free. */
  close(): Promise<void>;
}

/** A listening HTTP server. */
export interface HttpListening extends Listening {
  /** Its port, also when any free one was asked for. */
  readonly port: number;
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Serves HTTP/1.1 at an address. Rejects when the port is not available. */
export async function serveHttp(
  address: string,
  port: number,
  listener: RequestListener,
  onUpgrade?: UpgradeListener,
): Promise<HttpListening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, listener);
  if (onUpgrade) server.on("upgrade", onUpgrade);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Sends a body of the given media type. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

export const sendText = (response: ServerResponse, status: number, text: string): void =>
  send(response, status, "text/plain; charset=utf-8", text);

export const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  send(response, status, "application/json", JSON.stringify(body));

/** Path and query of a request, for any host. */
export const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? "/", "http://host");
