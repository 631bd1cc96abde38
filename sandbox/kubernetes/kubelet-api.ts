import type { IncomingMessage, ServerResponse } from "node:http";
import { type LogIndex, logKey } from "./container-log";
import { type LogOptions, parseLogOptions, selectLines, showLine } from "./log-options";

/**
 * Answers the part of a kubelet's API that is played: `GET /containerLogs/NAMESPACE/POD/CONTAINER`, from which the API
 * server takes pod logs, and `/healthz`.
 */
export function answerKubelet(logs: LogIndex, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "https://kubelet");
  if (pathname === "/healthz") return void response.end("ok");
  const [, namespace, pod, container] = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (!namespace || !pod || !container) return refuse(response, 404, "the sandbox's nodes play logs only");
  const served = logs.get(logKey(namespace, pod, container));
  const options = parseLogOptions(searchParams, Date.now());
  if (options.previous && !served?.previous) {
    return refuse(response, 400, `previous terminated container "${container}" in pod "${pod}" not found`);
  }
  const log = options.previous ? served?.previous : served?.current;
  if (!log) {
    return refuse(response, 400, `container "${container}" in pod "${pod}" is waiting to start: ContainerCreating`);
  }
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  const write = limited(response, options);
  for (const line of selectLines(log.lines(), options)) write(`${line}\n`);
  if (!options.follow) return void response.end();
  response.flushHeaders();
  const stop = log.follow((line) => (line === undefined ? response.end() : write(`${showLine(line, options)}\n`)));
  response.on("close", stop);
}

/** Writes until the limit of bytes is reached. */
function limited(response: ServerResponse, { limitBytes }: LogOptions): (text: string) => void {
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  return (text) => {
    if (left <= 0) return;
    const bytes = Buffer.from(text);
    response.write(bytes.subarray(0, Math.min(bytes.length, left)));
    left -= bytes.length;
    if (left <= 0) response.end();
  };
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(why);
}
