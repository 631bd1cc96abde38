import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A log of a trial: what the API answers. */
export interface TrialLog {
  readonly status: number;
  readonly text: string;
  /** Whether the answer breaks off. */
  readonly cut?: boolean;
}

/** The API of a cluster that answers as a trial tells, by `POD/CONTAINER`. */
export class TrialLogs {
  /** Whether answers break off that are to. */
  cuts = true;
  private readonly server: Server;

  constructor(pods: readonly unknown[], logs: Readonly<Record<string, TrialLog | undefined>>) {
    this.server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
      const pod = /\/pods\/([^/]+)\/log$/.exec(pathname)?.[1];
      if (pod === undefined) {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ items: pathname.endsWith("/pods") ? pods : [] }));
        return;
      }
      const log = logs[`${pod}/${searchParams.get("container")}`] ?? { status: 400, text: "no such log" };
      response.writeHead(log.status, { "content-type": "text/plain" });
      response.write(log.text, () => (log.cut && this.cuts ? response.destroy() : response.end()));
    });
  }

  /** Returns a kubeconfig. */
  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    return JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "u", user: {} }],
    });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
