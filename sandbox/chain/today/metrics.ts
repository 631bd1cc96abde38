import { effectiveGenesis } from "../clock";
import { type Listening, send, sendText, serveHttp, urlOf } from "../serve-http";
import type { NodeView } from "./served-node";

/** Serves `/metrics` for Prometheus. Rejects when the port is not available. */
export function serveMetrics(address: string, port: number, view: () => NodeView): Promise<Listening> {
  return serveHttp(address, port, (request, response) => {
    if (urlOf(request).pathname !== "/metrics") return sendText(response, 404, "404 page not found\n");
    send(response, 200, "text/plain; version=0.0.4; charset=utf-8", metrics(view()));
  });
}

type Sample = readonly [labels: string, value: number];

/**
 * The node's metrics in Prometheus' text format, named as a scrape of 1.8.3 showed them. Those of layers are absent until
 * the first layer after 2N - 1.
 */
export function metrics(view: NodeView): string {
  const { config, state, peers, version } = view;
  const started = state.topLayer > effectiveGenesis(config);
  const layers = (...samples: Sample[]): Sample[] => (started ? samples : []);
  const hare = Math.max(0, state.topLayer - state.firstLayer);
  const results = config.isBootnode ? 0 : Math.max(0, Math.min(hare, state.appliedLayer - state.firstLayer));
  const families: readonly [name: string, type: "gauge" | "counter", samples: readonly Sample[]][] = [
    [
      "spacemesh_tortoise_state_layers",
      "gauge",
      layers(
        ['{kind="verified"}', state.appliedLayer],
        ['{kind="processed"}', state.processedLayer],
        ['{kind="last"}', state.latestLayer],
        ['{kind="evicted"}', effectiveGenesis(config)],
      ),
    ],
    ["spacemesh_tortoise_mode", "gauge", layers(["", 0])],
    ["spacemesh_vm_applied_layer", "gauge", layers(["", state.appliedLayer])],
    ["spacemesh_syncer_layer", "gauge", layers(["", state.latestLayer])],
    ["spacemesh_syncer_sync_state", "gauge", syncStates(state.isSynced)],
    ["spacemesh_p2p_total_peers", "gauge", [["", peers]]],
    ["spacemesh_p2p_total_connections", "gauge", [["", peers]]],
    ["spacemesh_clock_peers_offset", "gauge", peers >= 3 ? [["", 0]] : []],
    [
      "spacemesh_hare_session",
      "counter",
      layers(['{stage="started"}', hare], ['{stage="result"}', results], ['{stage="terminated"}', hare]),
    ],
    ["spacemesh_blocks_generate", "counter", layers(['{outcome="block"}', results])],
    ["spacemesh_consensus_cache_atxs", "gauge", atxs(view)],
    ["spacemesh_version", "gauge", [[`{version="${version}"}`, 1]]],
  ];
  return families.map(([name, type, samples]) => family(name, type, samples)).join("");
}

function family(name: string, type: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return "";
  return [`# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => `${name}${labels} ${value}`), ""].join("\n");
}

const syncStates = (isSynced: boolean): Sample[] => [
  ['{state="synced"}', Number(isSynced)],
  ['{state="gossip"}', 0],
  ['{state="not"}', Number(!isSynced)],
  ['{state="atx_synced"}', 1],
];

/** ATXs of the next epoch, one for each node that this one knows. They are published in an epoch's second half. */
function atxs({ config, state, peers }: NodeView): Sample[] {
  const isSecondHalf = (state.topLayer % config.layersPerEpoch) * 2 >= config.layersPerEpoch;
  const last = state.epoch + (isSecondHalf ? 1 : 0);
  return Array.from({ length: Math.max(0, last - 1) }, (_, i): Sample => [`{epoch="${i + 2}"}`, peers + 1]).slice(-3);
}
