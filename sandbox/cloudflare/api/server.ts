import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { KEEP_ALIVE } from "../../keep-alive";
import type { Faults } from "../faults";
import { ApiRefusal, findRoute, type Routes, readBody, send, sendRefusal } from "./http";
import { authorize, type Tokens } from "./tokens";

/** Path prefix of every route. */
const BASE = "/client/v4";

/** Dependencies of the API: the accepted tokens, the routes and the faults. */
export interface ApiOptions {
  readonly tokens: Tokens;
  readonly routes: Routes;
  readonly faults: Faults;
}

/** Runs changes one after the other, in the order of their arrival. */
type Turn = <T>(change: () => Promise<T>) => Promise<T>;

/** The HTTP server of the API, not yet listening. */
export function apiServer(options: ApiOptions): Server {
  const turn = turns();
  return createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    serve(options, turn, request, response).catch((error: unknown) => {
      const refusal = error instanceof ApiRefusal ? error : new ApiRefusal(500, 10000, `Internal error: ${error}`);
      sendRefusal(response, refusal);
    });
  });
}

async function serve(
  { tokens, routes, faults }: ApiOptions,
  turn: Turn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { slow = 0 } = faults.now();
  if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : "";
  authorize(request.headers.authorization, path, tokens);
  const refuse = faults.refusal();
  if (refuse) throw injected(refuse.status, refuse.retryAfter);

  const route = findRoute(routes, request.method ?? "GET", path);
  if (!route) throw new ApiRefusal(404, 7000, `No route for that URI: ${request.method} ${url.pathname}`);
  const contentType = request.headers["content-type"] ?? "";
  const call = { params: route.params, query: url.searchParams, contentType, body };
  const answer = async () => route.handler(call);
  send(response, await (request.method === "GET" ? answer() : turn(answer)));
}

function turns(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const next = last.then(change);
    last = next.catch(() => {}); // the caller gets the error
    return next;
  };
}

function injected(status: 403 | 429 | 500, retryAfter = 1): ApiRefusal {
  if (status === 429) {
    const message =
      "More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed";
    return new ApiRefusal(429, 971, message, { "retry-after": String(retryAfter) });
  }
  return status === 403
    ? new ApiRefusal(403, 10000, "Authentication error")
    : new ApiRefusal(500, 10013, "Unknown error");
}
