import { readNetworkInfo } from "../infra/clients/explorer";
import { jsonObject } from "../infra/clients/http";
import { NodeApi, targetByName } from "../infra/clients/node-api";
import { statusV1 } from "../infra/clients/node-messages";
import { requestAt } from "../infra/clients/public-name";
import type { Endpoints } from "../infra/endpoints";
import type { NetworkFacts } from "../infra/network-facts";

/** A network that a channel may lead to, and what tells it from others. */
export interface KnownNetwork {
  /** Build tag. */
  readonly tag: string;
  /** Address of its gateway, IPv4. */
  readonly address: string;
  /** Hexadecimal. */
  readonly genesisId: string;
  readonly facts: Pick<NetworkFacts, "genesisTime" | "layerDuration">;
  /** Public key of its first poet, base64. */
  readonly poetKey: string;
}

/** A request to one of a channel's services. */
export interface Call {
  readonly service: string;
  readonly host: string;
  /**
   * Sends it to the gateway of a network.
   * @param keeps whether connections that can be kept are kept, as clients do that keep addresses
   * @throws when it is not answered, or not with what this network would say
   */
  ask(network: KnownNetwork, keeps: boolean): Promise<void>;
}

/** What clients ask of a channel's names. */
export interface Calls {
  readonly all: readonly Call[];
  /** Ends the connections that were kept. */
  close(): void;
}

/** Clocks and requests are not exact: so many layers may lie between what a node says and what its clock should. */
const TOLERANCE = 2;
const STATUS = "spacemesh.v1.NodeService/Status";

/** JSON and gRPC API, explorer, dashboard and poet of a channel. */
export function callsOf(endpoints: Endpoints): Calls {
  const { apiHost, explorerHost, dashHost, poetHosts, poets } = endpoints;
  const kept = new Map<string, NodeApi>();
  const open = (address: string) => new NodeApi(targetByName(endpoints.grpc, address));
  const keep = (address: string) => {
    const api = kept.get(address) ?? open(address);
    kept.set(address, api);
    return api;
  };
  const all: Call[] = [
    {
      service: "JSON API",
      host: apiHost,
      async ask(network) {
        const answer = await requestAt(`${endpoints.json}v1/node/status`, network.address, "{}");
        requireLayer(statusV1(jsonObject("the JSON API", answer)).topLayer, network);
      },
    },
    {
      service: "gRPC API",
      host: apiHost,
      async ask(network, keeps) {
        const api = keeps ? keep(network.address) : open(network.address);
        try {
          requireLayer(statusV1(await api.call(STATUS)).topLayer, network);
        } finally {
          if (!keeps) api.close();
        }
      },
    },
    {
      service: "explorer",
      host: explorerHost,
      async ask({ address, genesisId }) {
        const found = readNetworkInfo(await requestAt(`${endpoints.explorerApi}network-info`, address));
        insist(found.genesisId === genesisId, `it tells genesis ${found.genesisId}`);
      },
    },
    {
      service: "dashboard",
      host: dashHost,
      async ask({ address }) {
        const { status } = await requestAt(`${endpoints.dash}healthz`, address); // which names no network
        insist(status === 200, `it answers ${status}`);
      },
    },
    {
      service: "poet",
      host: poetHosts[0] as string,
      async ask({ address, poetKey }) {
        const found = await poetKeyAt(poets[0] as string, address);
        insist(found === poetKey, `it is the poet ${found}`);
      },
    },
  ];
  return {
    all,
    close() {
      for (const api of kept.values()) api.close();
    },
  };
}

/** Public key of the poet with a public URL behind a gateway (spacemeshos/poet, rpc/api: InfoResponse). */
export async function poetKeyAt(url: string, address: string): Promise<string> {
  const { servicePubkey } = jsonObject("the poet", await requestAt(`${url}v1/info`, address));
  insist(typeof servicePubkey === "string" && servicePubkey !== "", "it tells no public key");
  return servicePubkey as string;
}

/** A status names no network, but networks that were born at different times are at different layers. */
function requireLayer(topLayer: number, { facts }: KnownNetwork): void {
  const age = (Date.now() - Date.parse(facts.genesisTime)) / 1000;
  const off = Math.abs(topLayer - Math.floor(age / facts.layerDuration));
  insist(off <= TOLERANCE, "it tells a layer at which its network is not");
}

function insist(holds: boolean, why: string): void {
  if (!holds) throw new Error(why);
}
