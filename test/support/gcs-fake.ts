import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { CRC32C } from "@google-cloud/storage";
import { parsedObject } from "../../infra/base/lib/json";

interface Upload {
  readonly name: string;
  readonly condition: string | null;
  content: Buffer;
}

/**
 * The part of Google Cloud Storage's JSON API that our store uses: resumable uploads with ifGenerationMatch, downloads,
 * lists in pages, deletion. Its source is the documentation (cloud.google.com/storage/docs/json_api and
 * performing-resumable-uploads).
 */
export class GcsFake {
  readonly objects = new Map<string, Buffer>();
  /** How often each object was written. */
  private readonly generations = new Map<string, number>();
  /** Method and path of each request. */
  readonly requests: string[] = [];
  private readonly uploads = new Map<string, Upload>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private origin = "";

  /** Returns the URL of the API, the value of STORAGE_EMULATOR_HOST. */
  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.origin;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? "", this.origin);
    this.requests.push(`${request.method} ${request.url}`);
    const [, bucket, key] = /\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(pathname) ?? [];
    const name = decodeURIComponent(key ?? "");
    const session = query.get("upload_id");
    if (bucket !== "logs" && !session) return refuse(response, 404, "The specified bucket does not exist.");
    if (request.method === "POST") return this.begin(query, await buffer(request), response);
    if (request.method === "PUT") return this.receive(session ?? "", request, response);
    if (!key) return this.list(query, response);
    const content = this.objects.get(name);
    if (!content) return refuse(response, 404, `No such object: ${bucket}/${name}`);
    if (request.method === "DELETE") {
      this.objects.delete(name);
      response.writeHead(204).end();
    } else if (query.get("alt") === "media") {
      response.writeHead(200, { "x-goog-hash": `crc32c=${crc32c(content)}` }).end(content);
    } else sendJson(response, this.described(name, content));
  }

  private begin(query: URLSearchParams, body: Buffer, response: ServerResponse): void {
    const name = query.get("name") ?? String(parsedObject(String(body))?.name);
    const upload = { name, condition: query.get("ifGenerationMatch"), content: Buffer.alloc(0) };
    const session = randomUUID();
    this.uploads.set(session, upload);
    if (this.isRefused(upload)) refuse(response, 412, "At least one of the pre-conditions did not hold.");
    else response.writeHead(200, { location: `${this.origin}/upload?upload_id=${session}` }).end();
  }

  /** `Content-Range: bytes 0-99/*` is a chunk, `bytes 100-149/150` the last one. */
  private async receive(session: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upload = this.uploads.get(session);
    if (!upload) return refuse(response, 410, "Gone");
    upload.content = Buffer.concat([upload.content, await buffer(request)]);
    if (request.headers["content-range"]?.endsWith("/*")) {
      const range = upload.content.length > 0 ? { range: `bytes=0-${upload.content.length - 1}` } : {};
      response.writeHead(308, range).end();
      return;
    }
    if (this.isRefused(upload)) return refuse(response, 412, "At least one of the pre-conditions did not hold.");
    this.objects.set(upload.name, upload.content);
    this.generations.set(upload.name, this.generationOf(upload.name) + 1);
    sendJson(response, this.described(upload.name, upload.content));
  }

  private isRefused({ name, condition }: Upload): boolean {
    return condition !== null && condition !== String(this.objects.has(name) ? this.generationOf(name) : 0);
  }

  private generationOf(name: string): number {
    return this.generations.get(name) ?? 0;
  }

  private described(name: string, content: Buffer) {
    const [generation, size] = [`${this.generationOf(name)}`, `${content.length}`];
    return { name, bucket: "logs", generation, size, crc32c: crc32c(content) };
  }

  private list(query: URLSearchParams, response: ServerResponse): void {
    const names = [...this.objects.keys()].filter((name) => name.startsWith(query.get("prefix") ?? "")).sort();
    const from = Number(query.get("pageToken") ?? 0);
    const items = names.slice(from, from + 2).map((name) => this.described(name, this.objects.get(name) as Buffer));
    sendJson(response, { items, ...(from + 2 < names.length && { nextPageToken: `${from + 2}` }) });
  }
}

const crc32c = (content: Buffer): string => {
  const sum = new CRC32C();
  sum.update(content);
  return sum.toString();
};

function sendJson(response: ServerResponse, document: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(document));
}

const refuse = (response: ServerResponse, code: number, message: string): void =>
  sendJson(response, { error: { code, message, errors: [{ message, reason: "x" }] } }, code);
