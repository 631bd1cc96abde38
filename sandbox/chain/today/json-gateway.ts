import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { status } from "@grpc/grpc-js";
import { z } from "zod";
import { ApiError } from "../node/node-api";
import { fromJson, type Json, toJson } from "../node/proto-json";
import type { Message } from "../protos";
import { type Listening, sendJson, serveHttp, urlOf } from "../serve-http";
import { answer } from "./node-api";
import { answerType, protos, services } from "./protos";
import type { ServedNode } from "./served-node";

interface Route {
  /** Full name of the method, e.g. `spacemesh.v1.NodeService/Status`. */
  readonly method: string;
  readonly answerType: string;
  readonly httpMethods: readonly string[];
  readonly isStream: boolean;
}

/** HTTP status of the gRPC statuses that a node answers with (grpc-gateway v2 runtime/errors.go). */
const HTTP_STATUS: { readonly [code in status]?: number } = {
  [status.INVALID_ARGUMENT]: 400,
  [status.FAILED_PRECONDITION]: 400,
  [status.NOT_FOUND]: 404,
  [status.UNIMPLEMENTED]: 501,
};

/** Methods of v1 that have no short path (spacemeshos/api v1.63.0, the `google.api.http` options). */
const FULL_NAME = /\/NodeInfo$|ActivationService|Stream(Results)?$/;

/**
 * Routes by path: `/v1/node/status` for v1 and `/spacemesh.v2alpha1.NodeService/Status` for v2. Only v2beta1 takes GET.
 */
const routes = (): ReadonlyMap<string, Route> =>
  new Map(
    services()
      .filter(({ isPrivate }) => !isPrivate)
      .flatMap(({ name: service, methods }) =>
        Object.entries(methods).map(([name, method]): [string, Route] => {
          const path = `${service}/${name}`;
          const route = {
            method: path,
            answerType: answerType(service, method),
            httpMethods: service.startsWith("spacemesh.v2beta1.") ? ["GET", "POST"] : ["POST"],
            isStream: method.responseStream,
          };
          return [shortPath(path) ?? `/${path}`, route];
        }),
      ),
  );

function shortPath(path: string): string | undefined {
  const [, service, method] = /^spacemesh\.v1\.(\w+)Service\/(\w+)$/.exec(path) ?? [];
  return service && method && !FULL_NAME.test(path) ? `/v1/${service}/${method}`.toLowerCase() : undefined;
}

/**
 * Serves a node's JSON API. Rejects when the port is not available.
 * @param origins origins whose pages may read the answers; `*` stands for all
 */
export function serveJson(
  address: string,
  port: number,
  origins: readonly string[],
  node: ServedNode,
): Promise<Listening> {
  const table = routes();
  return serveHttp(address, port, (request, response) => {
    if (allowOrigin(request, response, origins)) return;
    respond(request, response, node, table).catch((error: unknown) => sendError(response, error));
  });
}

/** Allows the request's origin, when it is a listed one. Tells whether the answer to a preflight is sent. */
function allowOrigin(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  response.setHeader("vary", "Origin");
  if (origin !== undefined && (origins.includes("*") || origins.includes(origin))) {
    response.setHeader("access-control-allow-origin", origins.includes("*") ? "*" : origin);
    const { "access-control-request-headers": headers } = request.headers;
    if (isPreflight) response.setHeader("access-control-allow-methods", "GET, POST, HEAD");
    if (isPreflight && headers !== undefined) response.setHeader("access-control-allow-headers", headers);
  }
  if (isPreflight) response.writeHead(204).end();
  return isPreflight;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  node: ServedNode,
  table: ReadonlyMap<string, Route>,
): Promise<void> {
  const url = urlOf(request);
  const route = table.get(url.pathname);
  if (!route) throw new ApiError(status.NOT_FOUND, "Not Found");
  if (!route.httpMethods.includes(request.method ?? "")) throw new ApiError(status.UNIMPLEMENTED, "Method Not Allowed");
  if (route.isStream)
    throw new ApiError(status.UNIMPLEMENTED, "streaming calls are not yet supported in the in-process transport");
  const message = request.method === "GET" ? fromQuery(url.searchParams) : fromJson(parseBody(await text(request)));
  const answered = answer(route.method, node, withBytes(message));
  sendJson(response, 200, toJson(answered, route.answerType, "gateway2", protos()));
}

/** Fields of queries that are lists, also with one value. */
const LISTS = ["addresses", "txid"];

/** Reads the fields of a GET's query. Repeated ones become lists. */
function fromQuery(query: URLSearchParams): Message {
  const names = [...new Set(query.keys())];
  const fields = names.map((name): [string, Json] => {
    const values = query.getAll(name);
    return [name, LISTS.includes(name) || values.length > 1 ? values : (values[0] ?? "")];
  });
  return fromJson(Object.fromEntries(fields));
}

/** Fields of requests that hold bytes, which JSON writes in base64. */
const BYTES = ["id", "transaction", "txid"];

const withBytes = (message: Message): Message =>
  Object.fromEntries(Object.entries(message).map(([name, value]) => [name, bytesIn(value, BYTES.includes(name))]));

function bytesIn(value: unknown, isBytes: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => bytesIn(item, isBytes));
  if (typeof value === "object" && value !== null) return withBytes({ ...value });
  return isBytes && typeof value === "string" ? Buffer.from(value, "base64") : value;
}

const Body = z.json();

function parseBody(body: string): Json {
  if (body.trim() === "") return {};
  try {
    return Body.parse(JSON.parse(body));
  } catch {
    throw new ApiError(status.INVALID_ARGUMENT, "the request's body is not JSON");
  }
}

/** Sends an error in grpc-gateway's form. */
function sendError(response: ServerResponse, error: unknown): void {
  const code = error instanceof ApiError ? error.code : status.INTERNAL;
  const message = error instanceof Error ? error.message : String(error);
  sendJson(response, HTTP_STATUS[code] ?? 500, { code, message, details: [] });
}
