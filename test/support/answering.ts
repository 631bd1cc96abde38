import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as a test sees it. */
export interface Asked {
  /** Method and URL. */
  readonly call: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer; a body that is no text goes as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
}

/** A server on loopback that answers by a function, and keeps what was asked. */
export class AnsweringServer {
  readonly asked: Asked[] = [];
  private readonly server = createServer(async (request, response) => {
    const asked = { call: `${request.method} ${request.url}`, headers: request.headers, body: await text(request) };
    this.asked.push(asked);
    const { status = 200, headers = {}, body = "" } = this.answer(asked, this.asked.length);
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { ...(typeof body !== "string" && { "content-type": "application/json" }), ...headers });
    response.end(sent);
  });

  /** @param answer gets a request and its number, from 1 */
  constructor(public answer: (asked: Asked, number: number) => Answer) {}

  async start(): Promise<this> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get calls(): string[] {
    return this.asked.map(({ call }) => call);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }
}
