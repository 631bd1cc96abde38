import type { IncomingMessage, ServerResponse } from "node:http";
import { type ContainerLog, type LogIndex, logKey } from "./container-log";
import { type LogOptions, parseLogOptions, selectLines, showLine } from "./log-options";

/**
 * Answers the supported part of a kubelet's API: `GET /containerLogs/NAMESPACE/POD/CONTAINER`, which the API server
 * uses
 * for pod logs, and `/healthz`.
 */
export function answerKubelet(logs: LogIndex, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "https://kubelet");
  const [, namespace, pod, container] = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (namespace && pod && container) {
    const options = parseLogOptions(searchParams, Date.now());
    const log = findLog(logs, { namespace, pod, container }, options);
    if ("missing" in log) sendText(response, 400, log.missing);
    else sendLog(response, log, options);
  } else if (pathname === "/healthz") {
    sendText(response, 200, "ok");
  } else {
    sendText(response, 404, "the sandbox's nodes only serve logs");
  }
}

interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Finds a log, or the kubelet's answer without one (kubernetes pkg/kubelet/kubelet_pods.go). */
function findLog(
  logs: LogIndex,
  { namespace, pod, container }: Container,
  { previous }: LogOptions,
): ContainerLog | { missing: string } {
  const served = logs.get(logKey(namespace, pod, container));
  const log = previous ? served?.previous : served?.current;
  if (log) return log;
  return previous
    ? { missing: `previous terminated container "${container}" in pod "${pod}" not found` }
    : { missing: `container "${container}" in pod "${pod}" is waiting to start: ContainerCreating` };
}

function sendLog(response: ServerResponse, log: ContainerLog, options: LogOptions): void {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  const write = limited(response, options);
  for (const line of selectLines(log.lines(), options)) write(`${line}\n`);
  if (!options.follow) {
    response.end();
    return;
  }
  response.flushHeaders();
  const stop = log.follow((line) => {
    if (line === undefined) response.end();
    else write(`${showLine(line, options)}\n`);
  });
  response.on("close", stop);
}

/** A writer that ends the response at the limit of bytes. */
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

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}
