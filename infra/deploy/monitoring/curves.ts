import { seconds } from "./alert";
import type { WatchedNetwork } from "./network";

/** A curve of a network that everybody may see. */
export interface Curve {
  /** Its name in public paths and in Prometheus, `[a-z]+`. */
  readonly name: string;
  readonly title: string;
  /** What its values count, as a phrase behind a number. */
  readonly unit: string;
  /** Values of the label `kind` that tell several lines apart, the most important one last. */
  readonly lines?: readonly string[];
  /** Whether its axis begins at its lowest value. Others begin at 0. */
  readonly isFar?: boolean;
  /** PromQL over all programs together: its answer names no pod and no address. @param window for rates */
  expression(window: string): string;
}

/** Layers over which rates are taken. */
const RATE_LAYERS = 10;

/** Points of a curve, one a layer: a day of the main network. */
const POINTS = 288;

/** Layers with consensus in Prometheus. Nodes of 1.8 have hare 3 and hare 4, and count each by itself. */
const sessions = (stage: string, window: string): string =>
  ["hare", "hare4"]
    .map((hare) => `(sum(increase(spacemesh_${hare}_session{stage="${stage}"}[${window}])) or vector(0))`)
    .join(" + ");

/** Curves of the chain, by the metrics of today's programs. */
const CHAIN_CURVES: readonly Curve[] = [
  {
    name: "layers",
    title: "Last and verified layer",
    unit: "layer",
    lines: ["last", "verified"],
    isFar: true,
    expression: () => 'max by (kind) (spacemesh_tortoise_state_layers{kind=~"last|verified"})',
  },
  {
    name: "consensus",
    title: `Layers with consensus, of the last ${RATE_LAYERS}`,
    unit: "%",
    // Without a session there is no share. Prometheus extrapolates both counts, so that their share may pass 1.
    expression: (window) =>
      `clamp_max(100 * (${sessions("result", window)}) / ((${sessions("started", window)}) > 0), 100)`,
  },
  {
    name: "peers",
    title: "Peers of the node with the fewest",
    unit: "peers",
    expression: () => "min(spacemesh_p2p_total_peers)",
  },
  {
    name: "poets",
    title: "Work of all poets",
    unit: "leaves a second",
    expression: (window) => `sum(rate(poet_round_leaves_total[${window}]))`,
  },
];

/** Curves of all networks. */
const PROGRAM_CURVES: readonly Curve[] = [
  { name: "nodes", title: "Nodes that answer", unit: "nodes", expression: () => 'sum(up{job="node"})' },
  {
    name: "requests",
    title: "Requests at the gateway",
    unit: "requests a second",
    expression: (window) => `sum(rate(caddy_http_request_duration_seconds_count[${window}]))`,
  },
];

/** The public curves of a network, in reading order. */
export const curvesOf = (driver: WatchedNetwork["driver"]): readonly Curve[] => [
  ...(driver === "kubernetes" ? CHAIN_CURVES : []),
  ...PROGRAM_CURVES,
];

/** Path of a curve at the API's host. */
export const curvePath = (name: string): string => `/curves/${name}`;

/** Name of the recorded series. Prometheus records a curve with each scrape, so that a question costs it little. */
const recordOf = ({ name }: Curve): string => `curve:${name}`;

/** Time between two points, and from the first to the last one, in seconds. */
export const curveTimes = ({ layerDuration }: Pick<WatchedNetwork, "layerDuration">) => ({
  step: layerDuration,
  span: POINTS * layerDuration,
});

/** The rules by which Prometheus records the curves. */
export function curveRules({ driver, layerDuration }: WatchedNetwork) {
  const window = seconds(RATE_LAYERS * layerDuration);
  return curvesOf(driver).map((curve) => ({ record: recordOf(curve), expr: curve.expression(window) }));
}

/**
 * What Prometheus is asked for a curve: all of it, up to now. The subquery needs no times, so nothing of the question
 * is the client's. Limits bound lines and time.
 */
export function curveQuestion(curve: Curve, network: Pick<WatchedNetwork, "layerDuration">): string {
  const { step, span } = curveTimes(network);
  const query = `${recordOf(curve)}[${seconds(span)}:${seconds(step)}]`;
  return `/api/v1/query?query=${encodeURIComponent(query)}&limit=${curve.lines?.length ?? 1}&timeout=5s`;
}
