import { type Listening, send, sendText, serveHttp, urlOf } from "../serve-http";
import type { NodeView } from "./node-api";

/** Serves `/metrics` for Prometheus. Rejects when the port is not available. */
export function serveMetrics(address: string, port: number, view: () => NodeView): Promise<Listening> {
  return serveHttp(address, port, (request, response) => {
    if (urlOf(request).pathname !== "/metrics") return sendText(response, 404, "404 page not found\n");
    send(response, 200, "text/plain; version=0.0.4; charset=utf-8", metrics(view()));
  });
}

/** The node's metrics in Prometheus' text format, named as in go-spacemesh metrics/common.go. */
export function metrics({ state, peers, version }: NodeView): string {
  const gauges: readonly [name: string, help: string, value: number][] = [
    ["spacemesh_p2p_connected_peers", "Nodes this one is connected to.", peers],
    ["spacemesh_sync_is_synced", "1 when the node is synced.", Number(state.isSynced)],
    ["spacemesh_mesh_top_layer", "The layer of the clock.", state.topLayer],
    ["spacemesh_mesh_synced_layer", "The last layer the node has synced.", state.syncedLayer],
    ["spacemesh_mesh_verified_layer", "The last layer the node has verified.", state.verifiedLayer],
  ];
  const lines = gauges.map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`);
  const info = "spacemesh_version_info";
  return `${lines.join("")}# HELP ${info} Version of the node.\n# TYPE ${info} gauge\n${info}{version="${version}"} 1\n`;
}
