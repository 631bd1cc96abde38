import { isObject, valueAt } from "../../infra/base/lib/json";

/**
 * What each reader of `networks.json` and of a network's config demands, written after its own code. A list that a
 * reader would not take fails here.
 */

const isText = (value: unknown): value is string => typeof value === "string" && value.length > 0;
const isPositive = (value: unknown): boolean => typeof value === "number" && value > 0;

const ENTRY_KEYS = [
  ...["netName", "conf", "dash", "explorer", "minSmappRelease", "latestSmappRelease", "smappBaseDownloadUrl"],
];

/** Whether Smapp shows an entry (spacemeshos/smapp v1.7.4, shared/types/guards.ts, `isNetwork`). */
export const smappTakesEntry = (entry: unknown): boolean =>
  isObject(entry) && ENTRY_KEYS.every((key) => isText(entry[key]));

/** Whether Smapp starts a node with a config (spacemeshos/smapp v1.7.4, shared/types/guards.ts, `isNetConfig`). */
export const smappTakesConfig = (config: unknown): boolean =>
  isText(valueAt(config, ["main", "layer-duration"])) &&
  isPositive(valueAt(config, ["main", "layers-per-epoch"])) &&
  isPositive(valueAt(config, ["post", "post-labels-per-unit"])) &&
  isPositive(valueAt(config, ["post", "post-max-numunits"])) &&
  isText(valueAt(config, ["poet", "cycle-gap"])) &&
  isText(valueAt(config, ["genesis", "genesis-time"])) &&
  isText(valueAt(config, ["genesis", "genesis-extra-data"]));

/** Where today's frontends read: bases without a slash at the end. */
export interface FrontendReads {
  readonly name: string;
  readonly api: string;
  readonly statistics: string;
  readonly links: readonly string[];
}

const base = (value: unknown): string => {
  if (!isText(value)) throw new TypeError(`${value} has no method replace`);
  return value.replace(/\/$/, "");
};
const text = (value: unknown): string => (isText(value) ? value : "undefined");

/** What the explorer reads of a list (spacemeshos/explorer-frontend of Feb 2025, src/store/index.jsx, `bootstrap`). */
export function explorerReads(list: readonly unknown[]): FrontendReads {
  const [network] = list;
  if (!isObject(network)) throw new TypeError("the first network is undefined");
  const { netName, dash, explorer, statsAPI, jsonAPI } = network;
  return { name: text(netName), api: base(jsonAPI), statistics: base(statsAPI), links: [text(dash), text(explorer)] };
}

/**
 * What the dashboard reads of a list (spacemeshos/dash-frontend of Nov 2024, src/store/ViewStore/index.js,
 * `getConfigFile`). It takes `grpcAPI` for the HTTP API, and fetches `conf`.
 */
export function dashboardReads(list: readonly unknown[]): FrontendReads & { readonly value: string } {
  const [network] = list;
  if (!isObject(network)) throw new TypeError("the first network is undefined");
  const { dashAPI, netName, conf, explorer, statsAPI, grpcAPI } = network;
  const links = [text(conf), text(explorer)];
  return { value: text(dashAPI), name: text(netName), api: base(grpcAPI), statistics: base(statsAPI), links };
}

/** The address that the tap calls by TLS (andreivcodes/spacemesh-tap-bot, dist/index.js, `getNetwork`). */
export function tapCalls(list: readonly unknown[]): string {
  const [network] = list;
  const url = isObject(network) ? network.grpcAPI : undefined;
  if (!isText(url)) throw new TypeError("grpcAPI has no method slice");
  return `${url.slice(0, -1).substring(8)}:443`;
}
