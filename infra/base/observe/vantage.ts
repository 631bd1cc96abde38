import { firstDashboardMessage } from "../clients/dashboard";
import { addressesOf, type NameServers } from "../clients/dns";
import { askNode } from "../clients/node/client";
import { UserError } from "../lib/errors";
import type { Endpoints } from "../model/endpoints";
import type { NetworkFacts } from "../model/network-facts";
import type { VantagePoints, WatchedNode } from "./network-sample";
import { explorerAt, statusByName } from "./services";

/** Longest wait for a node, in milliseconds. */
const PATIENCE = 5000;

/** The real vantage points of a network: its nodes by their addresses, its services by their public names. */
export function vantagePoints(
  { nodes }: Pick<NetworkFacts, "nodes">,
  endpoints: Endpoints,
  names: NameServers,
): VantagePoints {
  const at = async (url: string): Promise<string> => {
    const host = new URL(url).hostname;
    const [address] = await addressesOf(host, names);
    if (address !== undefined) return address;
    throw new UserError("NameUnresolved", `${host} has no address.`, "Check its DNS records.");
  };
  return {
    nodes,
    node: (address, layer) =>
      askNode({ address, timeout: PATIENCE }, async (node): Promise<WatchedNode> => {
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
      const { layer, genesisId } = await explorerAt(endpoints, await at(endpoints.explorerApi));
      return { layer, genesisId };
    },
    async dashboard() {
      return { genesisId: (await firstDashboardMessage(endpoints.dashApi, await at(endpoints.dashApi))).network };
    },
  };
}
