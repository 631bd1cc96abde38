import { firstDashboardMessage } from "../clients/dashboard";
import { type NameServers, requestAt } from "../clients/dns";
import type { KeptClients } from "../clients/node/kept";
import type { Endpoints } from "../model/endpoints";
import type { NetworkFacts } from "../model/network-facts";
import { shownAt, statisticsAt } from "./around-today";
import type { VantagePoints, WatchedNode } from "./network-sample";
import { addressOf } from "./public-view";
import { explorerAt, statusByName } from "./services";

/**
 * The real vantage points of a network: its nodes by their addresses, its services by their public names. Services are
 * reached by new connections, as a visitor reaches them.
 */
export function vantagePoints(
  { nodes, driver = "spacecraft" }: Pick<NetworkFacts, "nodes"> & Partial<Pick<NetworkFacts, "driver">>,
  endpoints: Endpoints,
  names: NameServers,
  clients: KeptClients,
): VantagePoints {
  const at = (url: string) => addressOf(new URL(url).hostname, names);
  const isToday = driver === "kubernetes";
  return {
    nodes,
    node: (address, layer) =>
      clients.ask(address, async (node): Promise<WatchedNode> => {
        const root = layer === undefined ? undefined : node.stateRoot(layer);
        root?.catch(() => undefined); // awaited below, unless the status fails first
        const [status, genesisId] = await Promise.all([node.status(), node.genesisId()]);
        return { status, genesisId, ...(root && { root: await root }) };
      }),
    async gateway() {
      const { status, genesisId } = await statusByName(endpoints.grpc, await at(endpoints.grpc));
      return { layer: status.verifiedLayer, genesisId };
    },
    async explorer() {
      if (isToday) {
        await statisticsAt(endpoints, await at(endpoints.explorerApi), requestAt);
        return {}; // it tells neither the layer nor the network
      }
      const { layer, genesisId } = await explorerAt(endpoints, await at(endpoints.explorerApi));
      return { layer, genesisId };
    },
    async dashboard() {
      if (isToday) {
        await shownAt(endpoints.dash, await at(endpoints.dash), requestAt);
        return {};
      }
      const { network, layer } = await firstDashboardMessage(endpoints.dashApi, await at(endpoints.dashApi));
      return { genesisId: network, ...(layer !== undefined && { layer }) };
    },
  };
}
