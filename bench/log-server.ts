import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

/*
 * Stands in for a cluster's API to the log archive: `log-server PODS BYTES`. Each pod has one container with a log of
 * BYTES bytes. Prints a kubeconfig when it listens, and ends with its standard input, so that it never outlives its
 * parent.
 */

/**
 * Size of the block of lines that is sent repeatedly. It equals a frame of our Zstandard, which cannot look further
 * back.
 */
const BLOCK = 4 * 1024 * 1024;

const MODULES = ["hare", "beacon", "mesh", "atxBuilder", "blockGenerator", "fetcher", "sync", "txHandler"];
const MESSAGES = [
  "round ended",
  "received new proposal",
  "new activation set is available",
  "atx validated and added to the database",
  "applying block to the state",
  "message from peer was accepted",
];

/** Lines as a node writes them, each after the API's time. They are the same in every run. */
function lines(): Buffer {
  const parts: string[] = [];
  for (let size = 0, number = 0; size < BLOCK; number++) {
    const line = logLine(number);
    size += line.length;
    parts.push(line);
  }
  return Buffer.from(parts.join("").slice(0, BLOCK));
}

function logLine(number: number): string {
  const hash = createHash("sha256").update(String(number)).digest();
  const time = new Date(Date.UTC(2026, 0, 1) + number * 37).toISOString().slice(0, -1);
  const entry = {
    L: number % 50 === 0 ? "WARN" : "INFO",
    T: `${time}Z`,
    N: `${hash.toString("hex", 0, 5)}.${MODULES[hash.readUInt8(5) % MODULES.length]}`,
    M: MESSAGES[hash.readUInt8(6) % MESSAGES.length],
    node_id: hash.toString("hex", 0, 32),
    layer_id: Math.floor(number / 500),
    peer: `12D3KooW${hash.toString("base64url", 0, 32)}`,
    duration_ms: hash.readUInt16BE(7),
  };
  return `${time}${String(hash.readUInt16BE(9)).padStart(6, "0")}Z ${JSON.stringify(entry)}\n`;
}

/** Repeats the block up to the given number of bytes. */
function* repeated(block: Buffer, bytes: number): Generator<Buffer> {
  const step = 64 * 1024;
  for (let sent = 0; sent < bytes; sent += step) {
    const start = sent % BLOCK;
    yield block.subarray(start, start + Math.min(step, bytes - sent));
  }
}

function pods(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({
    metadata: { name: `miner-${index + 1}` },
    status: {
      containerStatuses: [{ name: "miner", restartCount: 0, state: { running: {} }, lastState: {} }],
    },
  }));
}

function sendJson(response: ServerResponse, document: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(document));
}

const [count = 0, bytes = 0] = process.argv.slice(2).map(Number);
const block = lines();
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://api");
  if (pathname.endsWith("/log")) Readable.from(repeated(block, bytes), { objectMode: false }).pipe(response);
  else sendJson(response, { items: pathname.endsWith("/pods") ? pods(count) : [] });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const cluster = { name: "bench", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } };
  const context = { name: "bench", context: { cluster: "bench", user: "bench" } };
  const config = {
    clusters: [cluster],
    contexts: [context],
    users: [{ name: "bench" }],
    "current-context": "bench",
  };
  process.stdout.write(`${JSON.stringify(config)}\n`);
});
process.stdin.resume().once("end", () => process.exit());
