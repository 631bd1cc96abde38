import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { boundedText } from "../../infra/base/lib/bounded";
import { UserError } from "../../infra/base/lib/errors";
import { parsedJson } from "../../infra/base/lib/json";
import { clientOf, type TrustedProxies } from "../core/client";
import type { Gift } from "../core/ledger";
import type { Asked, Refusal } from "../core/rules";
import { isRefusal, type Opening, type Tap } from "../tap";
import { type Facts, formPage, giftPage, missingPage, refusalPage } from "./page";
import { SCRIPT } from "./script";
import { giftView, refusalView, statusView } from "./views";

export interface ServerOptions {
  readonly tap: Tap;
  readonly trusted: TrustedProxies;
  /** Address of a transaction's page, with `{transaction}` in place of its id. */
  readonly explorer?: string;
  /** What keeps the tap from working, one phrase each. */
  readonly troubles: () => readonly string[];
  /** Gets the error of a promise that could not be written down. The process must end. */
  readonly fatal: (error: unknown) => void;
}

/** Longest body, in bytes. A request has an address, a challenge and a proof. */
const BODY_LIMIT = 4096;
/** Longest time that a request may take to arrive, in milliseconds. */
const REQUEST_LIMIT = 10_000;

/** What somebody sends. Others' fields are ignored. */
const Sent = z.object({
  address: z.string().max(200),
  challenge: z.string().max(300).optional(),
  proof: z.string().max(100).optional(),
});

/** An answer before it is sent. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Only our own script runs, and nothing of others is loaded. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
  "worker-src blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Makes the tap's HTTP server: its pages, its API and its health. */
export function tapServer(options: ServerOptions): Server {
  return serverWith((request) => answerTo(request, options));
}

/** Metrics as `prom-client` writes them. */
export type Metrics = { metrics(): Promise<string>; readonly contentType: string };

/** Makes the HTTP server of the metrics. It has a port of its own, because who reaches the other one may ask for gifts. */
export const metricsServer = (metrics: Metrics): Server =>
  serverWith(async ({ url, method }) =>
    url === "/metrics" && method === "GET"
      ? { status: 200, type: metrics.contentType, body: await metrics.metrics() }
      : text(404, "Only GET /metrics is answered.\n"),
  );

function serverWith(answer: (request: IncomingMessage) => Promise<Answer>): Server {
  const server = createServer((request, response) => {
    answer(request).then(
      (found) => send(response, found, request.method === "HEAD"),
      () => send(response, text(500, "The tap failed. Try again in a minute.\n")),
    );
  });
  server.requestTimeout = REQUEST_LIMIT;
  server.headersTimeout = REQUEST_LIMIT;
  return server;
}

/**
 * @param variable that names the address, for the error
 * @throws {UserError} when the address cannot be taken. @returns the real address, `HOST:PORT`
 */
export async function listenAt(server: Server, address: string, variable: string): Promise<string> {
  const split = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, split).replace(/^\[|\]$/g, ""), Number(address.slice(split + 1))];
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          "TapAddressTaken",
          `The tap cannot listen on ${address} (${code ?? message}).`,
          `Give it another address with ${variable}.`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  return `${address.slice(0, split)}:${(server.address() as AddressInfo).port}`;
}

async function answerTo(request: IncomingMessage, options: ServerOptions): Promise<Answer> {
  const { method = "", url = "/" } = request;
  const address = `http://tap${url}`;
  const { pathname, searchParams } = new URL(URL.canParse(address) ? address : "http://tap/-");
  if (method === "POST")
    return ["/gifts", "/api/gifts"].includes(pathname) ? give(request, pathname, options) : missing(pathname, options);
  if (method !== "GET" && method !== "HEAD")
    return { ...text(405, "Only GET, HEAD and POST are answered.\n"), headers: { Allow: "GET, HEAD, POST" } };
  return read(request, pathname, searchParams, options);
}

async function read(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  options: ServerOptions,
): Promise<Answer> {
  const { tap, explorer, troubles } = options;
  if (path === "/") return page(200, formPage(factsOf(tap)));
  if (path === "/api/status") return json(200, statusView(tap));
  if (path === "/api/challenge") {
    const answer = tap.challenge({ recipient: query.get("address") ?? "", client: client(request, options) });
    return isRefusal(answer) ? refused(answer) : json(200, { gate: answer.challenge ? "pow" : "none", ...answer });
  }
  if (path === "/healthz") {
    const found = troubles();
    return found.length > 0 ? text(503, found.map((one) => `${one}\n`).join("")) : text(200, "ok\n");
  }
  const [, prefix, id = ""] = /^(\/api)?\/gifts\/([0-9a-f]{24})$/.exec(path) ?? [];
  const gift = tap.gift(id);
  if (!gift) return missing(path, options);
  const view = giftView(gift, explorer);
  return prefix ? json(200, view) : page(200, giftPage(factsOf(tap), view));
}

async function give(request: IncomingMessage, path: string, options: ServerOptions): Promise<Answer> {
  const { tap, explorer } = options;
  const isApi = path === "/api/gifts";
  const sent = await sentIn(request, isApi);
  if (typeof sent === "string")
    return isApi ? json(400, { error: "RequestInvalid", reason: sent }) : text(400, `${sent}\n`);
  const recipient = sent.address.trim();
  const answer = promised(options, { recipient, client: client(request, options) }, sent);
  if (isRefusal(answer)) {
    if (isApi) return refused(answer);
    return { ...page(answer.status, refusalPage(factsOf(tap), answer, recipient)), headers: retryAfter(answer) };
  }
  const place = `${isApi ? "/api" : ""}/gifts/${answer.id}`;
  return isApi
    ? { ...json(202, giftView(answer, explorer)), headers: { Location: place } }
    : { ...text(303, ""), headers: { Location: place } };
}

function promised({ tap, fatal }: ServerOptions, asked: Asked, opening: Opening): Gift | Refusal {
  try {
    return tap.give(asked, opening);
  } catch (error) {
    fatal(error);
    throw error;
  }
}

/** What a request holds, or why it holds nothing, as a sentence. */
async function sentIn(request: IncomingMessage, isApi: boolean): Promise<z.infer<typeof Sent> | string> {
  const wanted = isApi ? "application/json" : "application/x-www-form-urlencoded";
  // A page of somebody else could use up its visitors' gifts: a browser tells whose page sends a form.
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "Only the tap's own page may send this.";
  if (request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== wanted)
    return `The body must be ${wanted}.`;
  const body = await boundedText(request, "The body", BODY_LIMIT).catch((error: Error) => error);
  if (body instanceof Error) return `The body has more than ${BODY_LIMIT} bytes, or did not arrive.`;
  const fields = isApi ? parsedJson(body) : formFields(body);
  const { success, data } = Sent.safeParse(fields);
  return success ? data : "The body must have an address, and with a gate challenge and proof, as texts.";
}

/** The fields of a form. One that is empty was not filled in, except the address. */
const formFields = (body: string): Record<string, string> =>
  Object.fromEntries([...new URLSearchParams(body)].filter(([name, value]) => value !== "" || name === "address"));

const client = (request: IncomingMessage, { trusted }: ServerOptions): string =>
  clientOf(request.socket.remoteAddress ?? "", [request.headers["x-forwarded-for"] ?? []].flat().join(","), trusted);

function factsOf(tap: Tap): Facts {
  const { network, account, terms, gate } = tap.options;
  const { left, refusal } = tap.status();
  const { amount, budget, hrp } = terms;
  return { network, account, amount, budget, left, hrp, bits: gate?.bits, closed: refusal };
}

const missing = (path: string, { tap }: ServerOptions): Answer =>
  path.startsWith("/api/")
    ? json(404, { error: "NotFound", reason: "There is no such gift or address of the API." })
    : page(404, missingPage(factsOf(tap)));

const refused = (refusal: Refusal): Answer => ({
  ...json(refusal.status, refusalView(refusal)),
  headers: retryAfter(refusal),
});

/** RFC 9110, section 10.2.3. */
const retryAfter = ({ tryAgain }: Refusal): Readonly<Record<string, string>> =>
  tryAgain === undefined ? {} : { "Retry-After": new Date(tryAgain).toUTCString() };

const json = (status: number, body: unknown): Answer => ({
  status,
  type: "application/json",
  body: `${JSON.stringify(body)}\n`,
});
const page = (status: number, body: string): Answer => ({ status, type: "text/html; charset=utf-8", body });
const text = (status: number, body: string): Answer => ({ status, type: "text/plain; charset=utf-8", body });

function send(response: ServerResponse, { status, type, body, headers }: Answer, isHead = false): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    ...(type.startsWith("text/html") && { "Content-Security-Policy": POLICY }),
    ...headers,
  });
  response.end(isHead ? undefined : body);
}
