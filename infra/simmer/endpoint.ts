import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { Board } from "./board";

/** Where a watcher listens unless told: only this machine reaches it. */
export const USUAL_ADDRESS = "127.0.0.1:9464";

/** Longest time that a request may take to arrive, in milliseconds. */
const REQUEST_LIMIT = 10_000;

/** An open endpoint. */
export interface Endpoint {
  /** `HOST:PORT`, with the real port if 0 was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

/** What an endpoint shows. */
export interface Shown {
  readonly metrics: Pick<Registry, "metrics" | "contentType">;
  readonly board: Pick<Board, "all" | "troubles">;
}

/**
 * Serves `GET /metrics` for Prometheus, and `GET /healthz`: 200 while all is well, else 503 with a line for each network.
 * @param address `HOST:PORT`; port 0 takes a free one
 * @throws {UserError} when the address cannot be taken
 */
export async function openEndpoint(address: string, shown: Shown): Promise<Endpoint> {
  const split = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, split), Number(address.slice(split + 1))];
  const server = createServer(({ method, url = "" }, response) => {
    const path = url.split("?")[0];
    if (method !== "GET" && method !== "HEAD") send(response, 405, "only GET is answered\n");
    else if (path === "/healthz") sendHealth(response, shown);
    else if (path === "/metrics") void sendMetrics(response, shown);
    else send(response, 404, "there is /metrics and /healthz\n");
  });
  server.requestTimeout = REQUEST_LIMIT;
  await new Promise<void>((resolve, reject) => {
    const refuse = ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          "EndpointUnavailable",
          `The watcher cannot listen on ${address} (${code ?? message}).`,
          "Give this watcher another address with --listen.",
        ),
      );
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
  const { port: real } = server.address() as AddressInfo;
  return {
    address: `${host}:${real}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Opens the endpoint of a watcher. The usual address may be another watcher's: then this one watches without an endpoint
 * and says so. An address that somebody asked for must be free.
 * @param told what somebody asked for
 * @throws {UserError} when that address cannot be taken
 */
export async function endpointOf(
  told: string | undefined,
  shown: Shown,
  { say }: Pick<Run, "say">,
  usual = USUAL_ADDRESS,
): Promise<Endpoint | undefined> {
  try {
    const endpoint = await openEndpoint(told ?? usual, shown);
    say(`metrics and health are at http://${endpoint.address}/metrics and /healthz`);
    return endpoint;
  } catch (error) {
    if (told !== undefined || !(error instanceof UserError)) throw error;
    say(`${error.what} It watches without metrics; ${error.fix.replace(/^Give/, "give").replace(/\.$/, "")}`);
    return undefined;
  }
}

function sendHealth(response: ServerResponse, { board }: Shown): void {
  const troubles = board.troubles();
  const { length } = board.all;
  const lines =
    troubles.length > 0 ? troubles : [`ok: ${length} ${length === 1 ? "network is" : "networks are"} watched`];
  send(response, troubles.length > 0 ? 503 : 200, lines.map((line) => `${line}\n`).join(""));
}

async function sendMetrics(response: ServerResponse, { metrics }: Shown): Promise<void> {
  try {
    send(response, 200, await metrics.metrics(), metrics.contentType);
  } catch (error) {
    send(response, 500, `${(error as Error).message}\n`);
  }
}

function send(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "Content-Type": type, ...(status === 405 && { Allow: "GET, HEAD" }) });
  response.end(text);
}
