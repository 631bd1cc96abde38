import type { IncomingMessage, ServerResponse } from "node:http";
import busboy from "busboy";

/** One call of the API. */
export interface ApiCall {
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Answer of a handler: a `result` for the envelope, or a body of its own. */
export type ApiAnswer =
  | { readonly result: unknown; readonly resultInfo?: Readonly<Record<string, unknown>> }
  | { readonly body: Buffer; readonly contentType: string; readonly headers?: Readonly<Record<string, string>> };

export type ApiHandler = (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>;

/** Handlers by method and path with `:names`, e.g. `GET /zones/:zone/dns_records`. */
export type Routes = Readonly<Record<string, ApiHandler>>;

/** An error answer: HTTP status with Cloudflare's error code and message. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ApiRefusal";
  }
}

/** The route for a method and a raw path, with its named parts; undefined without one. */
export function findRoute(routes: Routes, method: string, path: string) {
  const parts = path.split("/");
  for (const [route, handler] of Object.entries(routes)) {
    const [routeMethod, routePath = ""] = route.split(" ");
    const names = routePath.split("/");
    const fits = names.length === parts.length && names.every((name, i) => name.startsWith(":") || name === parts[i]);
    if (routeMethod !== method || !fits) continue;
    const params = names.flatMap((name, i) =>
      name.startsWith(":") ? [[name.slice(1), decodeURIComponent(parts[i] ?? "")] as const] : [],
    );
    return { handler, params: Object.fromEntries(params) };
  }
  return undefined;
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The JSON body of a call. @throws {ApiRefusal} when the body is not JSON */
export function json<T>({ body }: ApiCall): T {
  try {
    return JSON.parse(body.toString("utf8")) as T;
  } catch {
    throw new ApiRefusal(400, 9207, "Failed to parse request body as JSON");
  }
}

/** The parts of a multipart body by name. @throws {ApiRefusal} when the body is not multipart */
export function parts({ contentType, body }: ApiCall): Promise<ReadonlyMap<string, { content: Buffer; type: string }>> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => reject(new ApiRefusal(400, 10001, `Malformed multipart body: ${error}`));
    const found = new Map<string, { content: Buffer; type: string }>();
    try {
      const form = busboy({ headers: { "content-type": contentType }, limits: { fieldSize: 25 << 20 } });
      form.on("field", (name, value, { mimeType }) => found.set(name, { content: Buffer.from(value), type: mimeType }));
      form.on("file", (name, stream, { mimeType }) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => found.set(name, { content: Buffer.concat(chunks), type: mimeType }));
      });
      form.on("close", () => resolve(found)).on("error", refuse);
      form.end(body);
    } catch (error) {
      refuse(error);
    }
  });
}

/** Writes an answer in the API's envelope, or its own body. */
export function send(response: ServerResponse, answer: ApiAnswer): void {
  if ("body" in answer) {
    response.writeHead(200, { "content-type": answer.contentType, ...answer.headers }).end(answer.body);
    return;
  }
  const { result, resultInfo } = answer;
  const envelope = {
    success: true,
    errors: [],
    messages: [],
    result,
    ...(resultInfo ? { result_info: resultInfo } : {}),
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(envelope));
}

/** Writes a refusal in the API's envelope. */
export function sendRefusal(response: ServerResponse, { status, code, message, headers }: ApiRefusal): void {
  const envelope = { success: false, errors: [{ code, message }], messages: [], result: null };
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(envelope));
}

/**
 * One page of a list, by `page` and `per_page`.
 * @param usual size of a page when the call names none
 */
export function page(query: URLSearchParams, all: readonly unknown[], usual = 100) {
  const number = Number(query.get("page") ?? 1);
  const size = Number(query.get("per_page") ?? usual);
  const result = all.slice((number - 1) * size, number * size);
  const resultInfo = {
    page: number,
    per_page: size,
    count: result.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / size),
  };
  return { result, resultInfo };
}
