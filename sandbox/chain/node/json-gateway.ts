import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { status } from "@grpc/grpc-js";
import { method } from "../protos";
import { type Listening, sendJson, serveHttp, urlOf } from "../serve-http";
import { ApiError, answer, NODE_API, type ServedNode } from "./node-api";
import { fromJson, type Json, type JsonManner, toJson } from "./proto-json";

interface Route {
  /** Full name of the method, e.g. `spacemesh.v1.NodeService/Status`. */
  readonly method: string;
  readonly manner: JsonManner;
  readonly httpMethods: readonly string[];
}

/** HTTP status of the gRPC statuses that a node answers with (grpc-gateway runtime/errors.go). */
const HTTP_STATUS: { readonly [code in status]?: number } = { [status.INVALID_ARGUMENT]: 400 };

/**
 * Routes by path: `/v1/node/status` for grpc-gateway 1 and `/spacemesh.v2alpha1.NodeService/Status` for grpc-gateway 2
 * (spacemeshos/api, the `google.api.http` options).
 */
const ROUTES: ReadonlyMap<string, Route> = new Map(Object.keys(NODE_API).map(routeOf));

/** Serves a node's JSON API. Rejects when the port is not available. */
export function serveJson(address: string, port: number, node: ServedNode): Promise<Listening> {
  return serveHttp(address, port, (request, response) => {
    respond(request, response, node).catch((error: unknown) => sendError(response, error));
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, node: ServedNode): Promise<void> {
  const route = ROUTES.get(urlOf(request).pathname);
  if (!route) return sendJson(response, 404, problem(status.NOT_FOUND, "Not Found"));
  if (!route.httpMethods.includes(request.method ?? "")) {
    response.setHeader("allow", route.httpMethods.join(", "));
    return sendJson(response, 405, problem(status.UNIMPLEMENTED, "Method Not Allowed"));
  }
  const message = answer(route.method, node, fromJson(parseBody(await text(request))));
  sendJson(response, 200, toJson(message, answerType(route.method), route.manner));
}

function routeOf(path: string): [string, Route] {
  const [service = "", name = ""] = path.split("/");
  const first = /^spacemesh\.v1\.(\w+)Service$/.exec(service)?.[1];
  return first
    ? [`/v1/${first}/${name}`.toLowerCase(), { method: path, manner: "gateway1", httpMethods: ["POST"] }]
    : [`/${path}`, { method: path, manner: "gateway2", httpMethods: ["GET", "POST"] }];
}

/** Full name of the message that a method answers with. */
function answerType(path: string): string {
  const { name } = method(path).responseType.type as { name: string };
  return `${path.slice(0, path.lastIndexOf("."))}.${name}`;
}

function parseBody(body: string): Json {
  if (body === "") return {};
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw new ApiError(status.INVALID_ARGUMENT, "the request's body is not JSON");
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  const code = error instanceof ApiError ? error.code : status.INTERNAL;
  const message = error instanceof Error ? error.message : String(error);
  sendJson(response, HTTP_STATUS[code] ?? 500, problem(code, message));
}

/** Body of an error in grpc-gateway's form. */
const problem = (code: status, message: string) => ({ error: message, code, message, details: [] });
