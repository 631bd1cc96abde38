import type { Database } from "./mongo";
import type { Epoch, Statistics } from "./records";

/** One point of a chart: its position, and the epoch's number, age in seconds and amount. */
interface Point {
  readonly uv: number;
  readonly epoch: number;
  readonly age: number;
  readonly amt: number;
}

const POINTS = 50;

/**
 * The message of the dashboard's WebSocket (dash-backend api/types.go and history/history.go, GetStats); undefined
 * before
 * the collector stores its first data.
 * @param now milliseconds since 1970
 */
export function dashMessage({ networkInfo, layers, epochs }: Database, now: number): object | undefined {
  if (!networkInfo) return undefined;
  const { genesisid, genesis, duration, maxtx, connectedpeers: _, layers: layersPerEpoch, ...progress } = networkInfo;
  const seconds = Math.floor(now / 1000);
  const layer = Math.max(0, ...layers.keys());
  // Newest first, without the running epoch.
  const finished = [...epochs.values()].sort((a, b) => b.number - a.number).slice(1, POINTS + 1);
  const chart = (of: keyof Statistics) => points(finished, of, seconds);
  return {
    ...progress,
    network: genesisid,
    age: Math.max(0, seconds - genesis),
    layer,
    epoch: Math.floor(layer / layersPerEpoch),
    genesis,
    epochnumlayers: layersPerEpoch,
    layerduration: duration,
    maxcapacity: maxtx,
    capacity: finished[0]?.stats.current.capacity ?? 0,
    decentral: finished[0]?.stats.current.decentral ?? 0,
    smeshersGeo: [],
    smeshers: chart("smeshers"),
    transactions: chart("transactions"),
    accounts: chart("accounts"),
    circulation: chart("rewards"),
    rewards: chart("rewards"),
    security: chart("security"),
  };
}

/** The points of a chart, with the newest epoch last. */
function points(newestFirst: readonly Epoch[], of: keyof Statistics, seconds: number): Point[] {
  return Array.from({ length: POINTS }, (_, uv) => {
    const epoch = newestFirst[POINTS - 1 - uv];
    if (!epoch) return { uv, epoch: 0, age: 0, amt: 0 };
    return { uv, epoch: epoch.number, age: seconds - epoch.start, amt: epoch.stats.current[of] };
  });
}
