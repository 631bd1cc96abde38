import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { status } from "@grpc/grpc-js";
import { method } from "../protos";
import { type Listening, sendJson, serveHttp, urlOf } from "../serve-http";
import { ApiError, answer, NODE_API, type ServedNode } from "./node-api";
import { fromJson, type Json, type JsonManner, toJson } from "./proto-json";

interface Route {
  /** `spacemesh.v1.NodeService/Status`. */
  readonly method: string;
  readonly manner: JsonManner;
  readonly verbs: readonly string[];
}

/** HTTP status of the gRPC statuses a node answers with (grpc-gateway runtime/errors.go). */
const HTTP_STATUS: { readonly [code in status]?: number } = { [status.INVALID_ARGUMENT]: 400 };

/**
 * Where each method lies: `/v1/node/status` in the manner of the era, `/spacemesh.v2alpha1.NodeService/Status` in
 * that of today (spacemeshos/api, the `google.api.http` options).
 */
const ROUTES: ReadonlyMap<string, Route> = new Map(Object.keys(NODE_API).map(routeOf));

/** Serves a node's JSON API; rejects when the port cannot be had. */
export function serveJson(address: string, port: number, node: ServedNode): Promise<Listening> {
  return serveHttp(address, port, (request, response) => {
    respond(request, response, node).catch((error: unknown) => sendError(response, error));
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, node: ServedNode): Promise<void> {
  const route = ROUTES.get(urlOf(request).pathname);
  if (!route) return sendJson(response, 404, problem(status.NOT_FOUND, "Not Found"));
  if (!route.verbs.includes(request.method ?? "")) {
    response.setHeader("allow", route.verbs.join(", "));
    return sendJson(response, 405, problem(status.UNIMPLEMENTED, "Method Not Allowed"));
  }
  const message = answer(route.method, node, fromJson(parseBody(await text(request))));
  sendJson(response, 200, toJson(message, answerType(route.method), route.manner));
}

function routeOf(path: string): [string, Route] {
  const [service = "", name = ""] = path.split("/");
  const era = /^spacemesh\.v1\.(\w+)Service$/.exec(service)?.[1];
  return era
    ? [`/v1/${era}/${name}`.toLowerCase(), { method: path, manner: "era", verbs: ["POST"] }]
    : [`/${path}`, { method: path, manner: "today", verbs: ["GET", "POST"] }];
}

/** Full name of the message a method answers with. */
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

/** The body of an error, as grpc-gateway writes it. */
const problem = (code: status, message: string) => ({ error: message, code, message, details: [] });
