import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type Server as SecureServer, createServer as secureServer } from "node:https";
import { KEEP_ALIVE } from "../../keep-alive";
import { URL_HEADER, WORKER_HEADER, type WorkerRuntime } from "./runtime";

/** Dependencies of the edge's server. */
export interface FrontOptions {
  readonly runtime: WorkerRuntime;
  /** Name of the Worker of a host; undefined without one. */
  readonly workerFor: (host: string) => string | undefined;
  /** Called before each request. */
  readonly before: () => Promise<void>;
}

/**
 * The public server of the Workers, which selects a Worker by host; not yet listening. A host without a Worker gets
 * 404.
 */
export const edgeFront = (options: FrontOptions): Server =>
  createServer({ keepAliveTimeout: KEEP_ALIVE }, passingOn(options, "http"));

/** The same by TLS. A Worker sees by the URL how it was asked. @param pem of one certificate for all hosts */
export const secureEdgeFront = (
  options: FrontOptions,
  pem: { readonly cert: string; readonly key: string },
): SecureServer => secureServer({ ...pem, keepAliveTimeout: KEEP_ALIVE }, passingOn(options, "https"));

function passingOn({ runtime, workerFor, before }: FrontOptions, scheme: "http" | "https"): RequestListener {
  return (incoming, outgoing) => {
    const { host: asked = "" } = incoming.headers;
    const host = asked.replace(/:\d+$/, "").toLowerCase();
    const url = scheme === "https" ? { [URL_HEADER]: `https://${asked}${incoming.url}` } : {};
    const headers = { ...foreign(incoming.headers), ...url, [WORKER_HEADER]: workerFor(host) ?? "" };
    before()
      .then(() => runtime.request((address) => forward(address, headers, incoming, outgoing)))
      .catch((error: Error) => {
        if (!outgoing.headersSent) outgoing.writeHead(502, { "content-type": "text/plain" });
        outgoing.end(`The Worker cannot be reached: ${error.message}\n`);
      });
  };
}

/** The request's headers without the headers that control the runtime. */
const foreign = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("mf-")));

/** Passes a request on and its answer back. Resolves when the answer is complete. */
function forward(address: URL, headers: IncomingHttpHeaders, incoming: IncomingMessage, outgoing: ServerResponse) {
  return new Promise<void>((resolve, reject) => {
    const { method, url: path } = incoming;
    const { hostname: host, port } = address;
    // A connection of its own: workerd ends an idle one just when the next request takes it.
    const passed = request({ agent: false, host, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once("error", reject);
    outgoing.once("close", () => {
      passed.destroy(); // a client that went away is not waited for
      resolve();
    });
    incoming.pipe(passed);
  });
}
