import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The logs that it sends unless told. */
export const BEFORE = "2026-01-01T00:00:00Z before\n";
export const AFTER = "2026-01-01T00:00:01Z after\n";

/** An API server with one pod that restarted once; `sendLog` answers the request for each of its logs. */
export class LogApi {
  sendLog: (response: ServerResponse, previous: boolean) => void = (response, previous) =>
    response.end(previous ? BEFORE : AFTER);
  /** Objects of other kinds, by the end of their path: `/nodes`. */
  readonly items: Record<string, readonly unknown[]> = {};
  /** Answers a GET to the port `http` of the Service `prometheus`, with the path behind the proxy's. */
  askPrometheus = (_path: string): Promise<Response> =>
    Promise.resolve(Response.json({ message: 'services "prometheus" not found' }, { status: 404 }));
  /** Called at the request for the events, which comes after the last log is in the store. */
  onEvents = (): void => undefined;
  private readonly server: Server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    if (pathname.endsWith("/events")) this.onEvents();
    if (pathname.endsWith("/log")) return this.sendLog(response, searchParams.get("previous") === "true");
    response.setHeader("content-type", "application/json");
    const [, behind] = request.url?.split("/services/prometheus:http/proxy") ?? [];
    if (behind !== undefined) {
      const answer = await this.askPrometheus(behind);
      return response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    }
    const lastState = { terminated: { exitCode: 1, containerID: "containerd://1" } };
    const status = { containerStatuses: [{ name: "miner", restartCount: 1, state: { running: {} }, lastState }] };
    const pods = [{ metadata: { name: "miner-1-abc", uid: "u1" }, status }];
    const known = Object.entries(this.items).find(([end]) => pathname.endsWith(end))?.[1];
    response.end(JSON.stringify({ items: pathname.endsWith("/pods") ? pods : (known ?? []) }));
  });

  /** Returns a kubeconfig. */
  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    const cluster = { name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } };
    const context = { name: "c", context: { cluster: "c", user: "u" } };
    return JSON.stringify({ clusters: [cluster], contexts: [context], users: [{ name: "u" }], "current-context": "c" });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
