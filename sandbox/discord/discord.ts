import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { KEEP_ALIVE } from "../keep-alive";
import { DiscordFaultFile, type DiscordFaults } from "./faults";
import { type DiscordMessage, MessageFile, newMessage } from "./messages";
import { Refusal } from "./refusal";

export interface DiscordOptions {
  /** Port on 127.0.0.1; 0 takes any free port. */
  readonly port: number;
  /** Id and token of the webhook. Together they are its whole credential. */
  readonly webhook: { readonly id: string; readonly token: string };
  /** Folder that keeps the messages over restarts and holds `faults.json`. */
  readonly folder: string;
}

/** A running Discord stand-in. */
export interface Discord {
  /** The webhook's URL, a secret. */
  readonly webhookUrl: string;
  /** The messages so far, oldest first; also served at `GET /messages`. */
  messages(): readonly DiscordMessage[];
  /** Sets the faults; has the same effect as writing `faults.json`. */
  setFaults(faults: DiscordFaults): void;
  close(): Promise<void>;
}

/** Starts a webhook that keeps its messages. @throws when the port is in use. */
export async function startDiscord({ port, webhook, folder }: DiscordOptions): Promise<Discord> {
  const file = new MessageFile(folder);
  const faults = new DiscordFaultFile(folder);
  const path = `/api/webhooks/${webhook.id}/${webhook.token}`;

  const post = async (request: IncomingMessage): Promise<DiscordMessage> => {
    const refuse = faults.refusal();
    if (refuse?.status === 429) {
      throw new Refusal(429, "You are being rate limited.", { retry_after: refuse.retryAfter ?? 1, global: false });
    }
    if (refuse) throw new Refusal(refuse.status, "Refused by a fault of the sandbox", { code: 0 });
    const message = newMessage(await body(request), webhook.id, file.messages.length);
    file.add(message);
    return message;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /messages") return reply(response, 200, file.messages);
    if (!`${url.pathname}/`.startsWith(`${path}/`)) throw refusedPath(url.pathname, webhook.id);
    if (route === `POST ${path}`) {
      const message = await post(request);
      if (faults.loses()) return void request.socket.destroy();
      await delay(faults.now().slow ?? 0, undefined, { ref: false });
      return url.searchParams.get("wait") === "true" ? reply(response, 200, message) : reply(response, 204);
    }
    // What the real one says of the channel is not read by anybody.
    if (route === `GET ${path}`) return reply(response, 200, { id: webhook.id, type: 1, name: "the sandbox" });
    const id = url.pathname.slice(`${path}/messages/`.length);
    const found = file.messages.find((message) => message.id === id);
    if (request.method !== "GET" || !found) throw new Refusal(404, "Unknown Message", { code: 10008 });
    return reply(response, 200, found);
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    serve(request, response).catch((error: Error) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, error.message, { code: 0 });
      if (refusal.status === 429) response.setHeader("retry-after", wholeSeconds(refusal));
      reply(response, refusal.status, { message: refusal.message, ...refusal.body });
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    messages: () => file.messages,
    setFaults: (next) => faults.set(next),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Discord's header is a whole number, while its body has fractions (Discord docs, Rate Limits). */
const wholeSeconds = ({ body }: Refusal): string => String(Math.ceil(Number(body.retry_after)));

function reply(response: ServerResponse, status: number, json?: unknown): void {
  response.writeHead(status, json === undefined ? {} : { "content-type": "application/json" });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}

function refusedPath(path: string, id: string): Refusal {
  if (path.startsWith(`/api/webhooks/${id}/`)) return new Refusal(401, "Invalid Webhook Token", { code: 50027 });
  return new Refusal(404, "Unknown Webhook", { code: 10015 });
}

async function body(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new Refusal(400, "The request body contains invalid JSON.", { code: 50109 });
  }
}
