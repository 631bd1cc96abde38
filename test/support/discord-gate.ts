import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Discord } from "../../sandbox/discord/discord";

/** A proxy before Discord that can hold a message on its way there, or Discord's answer on its way back. */
export class Gate {
  private hold?: { readonly at: "message" | "answer"; come(): void; readonly goOn: Promise<unknown> };

  private constructor(
    private readonly server: Server,
    /** The webhook's URL through the gate. */
    readonly url: string,
  ) {}

  static async before(discord: Discord): Promise<Gate> {
    const server = createServer(async (request, response) => {
      const body = await text(request);
      if (gate.hold?.at === "message") await gate.passes();
      const { method } = request;
      const headers = { "content-type": "application/json" };
      const target = new URL(request.url ?? "/", discord.webhookUrl);
      const answer = await fetch(target, method === "POST" ? { method, headers, body } : {}).catch(() => undefined);
      if (gate.hold?.at === "answer") await gate.passes();
      if (!answer) return void request.socket.destroy();
      const retryAfter = answer.headers.get("retry-after");
      response.writeHead(answer.status, retryAfter === null ? {} : { "retry-after": retryAfter });
      response.end(await answer.text());
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const { pathname } = new URL(discord.webhookUrl);
    const gate = new Gate(server, `http://127.0.0.1:${port}${pathname}`);
    return gate;
  }

  /** Holds messages or answers from now on. @returns when the first one came, and how to release them */
  holding(at: "message" | "answer"): { readonly came: Promise<void>; release(): void } {
    let come!: () => void;
    let release!: () => void;
    const came = new Promise<void>((resolve) => {
      come = resolve;
    });
    const goOn = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.hold = { at, come, goOn };
    return {
      came,
      release: () => {
        this.hold = undefined;
        release();
      },
    };
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private async passes(): Promise<void> {
    this.hold?.come();
    await this.hold?.goOn;
  }
}
