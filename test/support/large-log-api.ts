import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

const ENDED = { terminated: { exitCode: 1, containerID: "containerd://1" } };
/** Size of the block of lines that a log repeats, in bytes. */
const BLOCK = 1_000_003;

/** A log that the API sent. */
export interface SentLog {
  /** `miner-1/miner previous` */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The API of a cluster whose pods have an init container and a miner that restarted, all with long logs. */
export class LargeLogApi {
  /** The logs sent so far, in order. */
  readonly sent: SentLog[] = [];
  private readonly server: Server;

  /**
   * @param sizes of the logs of each pod in bytes: of the init container, of the miner's earlier run and of its run now
   */
  constructor(
    private readonly pods: number,
    sizes: readonly [init: number, previous: number, now: number],
  ) {
    const [init, previous, now] = sizes;
    this.server = createServer((request, response) => {
      const { pathname, searchParams: query } = new URL(request.url ?? "", "http://api");
      const [pod = ""] = pathname.split("/").slice(-2);
      if (!pathname.endsWith("/log")) {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ items: pathname.endsWith("/pods") ? this.listed() : [] }));
        return;
      }
      const isPrevious = query.get("previous") === "true";
      const name = `${pod}/${query.get("container")}${isPrevious ? " previous" : ""}`;
      const bytes = isPrevious ? previous : query.get("container") === "prepare" ? init : now;
      Readable.from(this.log(name, bytes), { objectMode: false }).pipe(response);
    });
  }

  /** Returns a kubeconfig. */
  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    const cluster = { name: "c", cluster: { server: `http://127.0.0.1:${port}` } };
    const context = { name: "c", context: { cluster: "c", user: "u" } };
    return JSON.stringify({ clusters: [cluster], contexts: [context], users: [{ name: "u" }], "current-context": "c" });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private listed(): unknown[] {
    return Array.from({ length: this.pods }, (_, index) => ({
      metadata: { name: `miner-${index + 1}` },
      status: {
        initContainerStatuses: [{ name: "prepare", state: ENDED }],
        containerStatuses: [{ name: "miner", restartCount: 1, state: { running: {} }, lastState: ENDED }],
      },
    }));
  }

  private *log(name: string, bytes: number): Generator<Buffer> {
    const lines: string[] = [];
    for (let size = 0; size < BLOCK; size += lines.at(-1)?.length ?? 0) {
      const hash = createHash("sha256").update(`${name} ${lines.length}`).digest("hex");
      lines.push(`2026-01-01T00:00:00.000000000Z {"L":"INFO","N":"${name}","M":"applied","block":"${hash}"}\n`);
    }
    const block = Buffer.from(lines.join(""));
    const hash = createHash("sha256");
    for (let left = bytes; left > 0; left -= block.length) {
      const chunk = block.subarray(0, left);
      hash.update(chunk);
      yield chunk;
    }
    this.sent.push({ name, bytes, sha256: hash.digest("hex") });
  }
}
