import type { Endpoints } from "../../base/model/endpoints";
import type { NetworkFacts } from "../../base/model/network-facts";
import { curveRoute, type Watched } from "./curve-route";
import { API_ROUTES, DASH_ROUTES, EXPLORER_ROUTES, poetRoutes, type Site } from "./routes";
import { API_ROUTES_TODAY, DASH_ROUTES_TODAY, EXPLORER_ROUTES_TODAY, LIST_PATH, TAP_ROUTES } from "./routes-today";

/** Which driver made a network: it tells of which era the programs behind the gateway are. */
export type Driver = NonNullable<NetworkFacts["driver"]>;

/** What differs between the eras. */
const ROUTES = {
  spacecraft: { api: API_ROUTES, explorer: EXPLORER_ROUTES, dash: DASH_ROUTES },
  kubernetes: { api: API_ROUTES_TODAY, explorer: EXPLORER_ROUTES_TODAY, dash: DASH_ROUTES_TODAY, list: LIST_PATH },
} as const satisfies Readonly<Record<Driver, object>>;

/** Hosts at which a network serves its tap: those of channels too, and none where it has no tap. @param sets as of `caddyfile` */
const tapHosts = (sets: readonly Endpoints[]): readonly string[] =>
  sets[0]?.tapHost === undefined ? [] : sets.flatMap(({ tapHost }) => tapHost ?? []);

/**
 * All that a network serves besides its page: a table of its public hosts.
 * @param sets as of `caddyfile`
 * @param watched when Prometheus watches the network
 */
export function sitesOf(sets: readonly Endpoints[], driver: Driver, watched?: Watched): readonly Site[] {
  const { api: calls, explorer, dash, ...list } = ROUTES[driver];
  const api = watched ? [...calls, curveRoute(driver, watched)] : calls;
  const taps = tapHosts(sets);
  return [
    { name: "api", kind: "open-calls", hosts: sets.map((e) => e.apiHost), routes: api },
    { name: "explorer", kind: "pages", hosts: sets.map((e) => e.explorerHost), routes: explorer, ...list },
    { name: "dash", kind: "pages", hosts: sets.map((e) => e.dashHost), routes: dash, ...list },
    ...(taps.length > 0 ? [{ name: "tap", kind: "pages", hosts: taps, routes: TAP_ROUTES } as const] : []),
    ...(sets[0]?.poetHosts ?? []).map((_, i): Site => {
      const hosts = sets.flatMap((e) => e.poetHosts[i] ?? []);
      return { name: `poet${i + 1}`, kind: "calls", hosts, routes: poetRoutes(`poet-${i + 1}`) };
    }),
  ];
}
