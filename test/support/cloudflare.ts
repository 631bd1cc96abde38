import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cloudflare, startCloudflare } from "../../sandbox/cloudflare/cloudflare";

/** The account of the test's Cloudflare: one zone, one account id, one token. */
export const ZONE = { id: "zone1", name: "example.org" };
export const ACCOUNT = "account1";
export const TOKEN = "token-of-the-test";

/** Its tokens that may do one thing each. */
export const SCOPED = {
  CLOUDFLARE_DNS_TOKEN: "dns-token-of-the-test",
  CLOUDFLARE_KV_TOKEN: "kv-token-of-the-test",
  CLOUDFLARE_WORKERS_TOKEN: "workers-token-of-the-test",
} as const;

/** A Cloudflare in its own folder, which `remove` deletes. */
export class TestCloudflare {
  /** Output of the Workers. */
  readonly log: string[] = [];
  #running: Cloudflare | undefined;

  constructor(readonly folder = mkdtempSync(join(tmpdir(), "smeshnet-cloudflare-"))) {}

  get now(): Cloudflare {
    if (!this.#running) throw new Error("Cloudflare is not running, call start() first");
    return this.#running;
  }

  /** Starts it with the state of an earlier run. */
  async start(): Promise<Cloudflare> {
    const anyPort = { address: "127.0.0.1", port: 0 };
    this.#running = await startCloudflare({
      folder: this.folder,
      port: 0,
      token: TOKEN,
      scoped: [
        { token: SCOPED.CLOUDFLARE_DNS_TOKEN, may: ["DNS"] },
        { token: SCOPED.CLOUDFLARE_KV_TOKEN, may: ["Workers KV Storage"] },
        { token: SCOPED.CLOUDFLARE_WORKERS_TOKEN, may: ["Workers Scripts"] },
      ],
      zones: [ZONE],
      accountId: ACCOUNT,
      edge: anyPort,
      dns: anyPort,
      log: (line) => this.log.push(line),
    });
    return this.#running;
  }

  /** Calls the API. @param path begins after the version */
  async call(method: string, path: string, body?: unknown, token = TOKEN) {
    const sent = body === undefined || body instanceof FormData ? body : JSON.stringify(body);
    const response = await this.fetch(path, { method, body: sent }, token);
    const answer = (await response.json()) as {
      success: boolean;
      errors: readonly { code: number; message: string }[];
      // biome-ignore lint/suspicious/noExplicitAny: each path has a result of its own, which the test asserts
      result: any;
      result_info?: Record<string, unknown>;
    };
    return { status: response.status, headers: response.headers, ...answer, code: answer.errors[0]?.code };
  }

  /** Calls the API for an answer without envelope. */
  fetch(path: string, init: RequestInit = {}, token = TOKEN): Promise<Response> {
    return fetch(this.now.baseUrl + path, { ...init, headers: { authorization: `Bearer ${token}` } });
  }

  /** Uploads a module Worker. */
  upload(name: string, code: string, bindings: readonly object[] = []) {
    const form = new FormData();
    form.append("main.js", new Blob([code], { type: "application/javascript+module" }), "main.js");
    const metadata = { main_module: "main.js", compatibility_date: "2026-07-01", bindings };
    form.append("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
    return this.call("PUT", `/accounts/${ACCOUNT}/workers/scripts/${name}`, form);
  }

  /** Gets a path from the edge, as a client of a host does. */
  async get(host: string, path = "/"): Promise<{ status: number; text: string }> {
    const { address, port } = this.now.edge;
    return new Promise((resolve, reject) => {
      const headers = { host: `${host}:${port}` };
      const asked = request({ host: address, port, path, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on("error", reject).end();
    });
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
