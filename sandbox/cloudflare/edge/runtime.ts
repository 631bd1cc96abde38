import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Log, LogLevel, Miniflare, MiniflareCoreError, type MiniflareOptions } from "miniflare";
import type { AccountState, Script } from "../state";
import { NOBODY, nobody, workerOf } from "./worker-options";

/** Contents of the runtime: KV namespaces by id, and Workers. */
export interface RuntimeSetup {
  readonly namespaces: readonly string[];
  readonly scripts: readonly Script[];
}

/** The contents of the runtime for an account. */
export const runtimeSetup = ({ namespaces, scripts }: Pick<AccountState, "namespaces" | "scripts">): RuntimeSetup => ({
  namespaces: namespaces.map(({ id }) => id),
  scripts,
});

/** The runtime rejected a Worker's code or bindings. The message is the runtime's own. */
export class WorkerRefused extends Error {
  override readonly name = "WorkerRefused";
}

/** The header that selects a request's Worker (miniflare src/workers/core). */
export const WORKER_HEADER = "MF-Route-Override";
/** The header with the URL that a Worker sees instead of workerd's own. */
export const URL_HEADER = "MF-Original-URL";

/** A KV namespace of miniflare. */
export type KvNamespace = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;

/** The Workers of an account on the real workerd. A folder holds their KV values. */
export class WorkerRuntime {
  #options: MiniflareOptions;
  #change: Promise<unknown>;
  readonly #miniflare: Miniflare;
  readonly #uses = new Set<Promise<unknown>>();

  private constructor(
    private readonly folder: string,
    setup: RuntimeSetup,
    private readonly log: (line: string) => void,
  ) {
    workerdThatEndsWithUs();
    this.#options = this.#optionsFor(setup);
    this.#miniflare = withTemporaryFolder(join(folder, "tmp"), () => new Miniflare(this.#options));
    this.#change = this.#miniflare.ready;
  }

  /**
   * Starts the runtime.
   * @param folder holds the KV values, which survive restarts
   * @param log receives the output of the runtime and the Workers
   */
  static async start(folder: string, setup: RuntimeSetup, log: (line: string) => void): Promise<WorkerRuntime> {
    const runtime = new WorkerRuntime(folder, setup, log);
    await runtime.#change;
    return runtime;
  }

  /**
   * Replaces the setup. Running requests finish first, and new requests wait.
   * @throws {WorkerRefused} when the runtime rejects the setup; the previous one stays
   */
  async apply(setup: RuntimeSetup): Promise<void> {
    const before = this.#change;
    const change = (async () => {
      await before;
      await Promise.allSettled(this.#uses);
      const options = this.#optionsFor(setup);
      try {
        await this.#miniflare.setOptions(options);
        this.#options = options;
      } catch (error) {
        await this.#miniflare.setOptions(this.#options);
        throw error instanceof MiniflareCoreError ? new WorkerRefused(error.message) : error;
      }
    })();
    this.#change = change.catch(() => {}); // the caller gets the error; waiting requests use the previous setup
    await change;
  }

  /** Works with a namespace as its Workers see it. */
  kv<T>(namespace: string, work: (kv: KvNamespace) => Promise<T>): Promise<T> {
    return this.#use(async () => work(await this.#miniflare.getKVNamespace(namespace, NOBODY)));
  }

  /** Works with the address at which workerd accepts requests; see {@link WORKER_HEADER}. */
  request<T>(work: (address: URL) => Promise<T>): Promise<T> {
    return this.#use(async () => work(await this.#miniflare.ready));
  }

  /** Ends workerd. */
  async close(): Promise<void> {
    await this.#change;
    await this.#miniflare.dispose();
  }

  async #use<T>(work: () => Promise<T>): Promise<T> {
    for (let seen: unknown; seen !== this.#change; ) {
      seen = this.#change;
      await seen;
    }
    const use = work();
    this.#uses.add(use);
    return use.finally(() => this.#uses.delete(use));
  }

  #optionsFor({ namespaces, scripts }: RuntimeSetup): MiniflareOptions {
    return {
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
        for (const stream of [stdout, stderr]) {
          stream.setEncoding("utf8").on("data", (text: string) => text.trimEnd().split("\n").forEach(this.log));
        }
      },
      kvPersist: join(this.folder, "kv"),
      workers: [nobody(namespaces), ...scripts.map(workerOf)],
    };
  }
}

/** Makes miniflare start workerd through the script beside this file. */
function workerdThatEndsWithUs(): void {
  process.env.SANDBOX_WORKERD = createRequire(require.resolve("miniflare"))("workerd").default;
  process.env.MINIFLARE_WORKERD_PATH = join(__dirname, "workerd");
}

/** Makes an object whose temporary files stay in our folder. Removes files that a killed process left there. */
function withTemporaryFolder<T>(folder: string, make: () => T): T {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
