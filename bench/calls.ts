import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { readNetworkInfo } from "../infra/base/clients/explorer";
import { type HttpAnswer, httpCall, jsonObject } from "../infra/base/clients/http";
import { NodeConnection, targetByName } from "../infra/base/clients/node/grpc";
import { statusV1 } from "../infra/base/clients/node/messages";
import type { Endpoints } from "../infra/base/model/endpoints";
import type { NetworkFacts } from "../infra/base/model/network-facts";

/** A network that a channel may lead to, with the values that identify it. */
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
   * Sends the request to the gateway of a network.
   * @param keeps whether the connection is kept for the next request, as clients do that keep addresses
   * @throws without an answer, or when the answer comes from another network
   */
  ask(network: KnownNetwork, keeps: boolean): Promise<void>;
}

/** The requests that clients send to a channel's names. */
export interface Calls {
  readonly all: readonly Call[];
  /** Closes the kept connections. */
  close(): void;
}

/** Layers by which a node's report may differ from its clock, since clocks and requests are not exact. */
const TOLERANCE = 2;
const STATUS = "spacemesh.v1.NodeService/Status";

/** Longest time of a request, in milliseconds. */
const TIMEOUT = 5000;

/** JSON and gRPC API, explorer, dashboard and poet of a channel. */
export function callsOf(endpoints: Endpoints): Calls {
  const { apiHost, explorerHost, dashHost, poetHosts, poets } = endpoints;
  // By address, because a connection to one network must not serve requests to another.
  const apis = kept((address) => new NodeConnection(nodeAt(address)));
  const isTls = endpoints.json.startsWith("https:");
  const agents = kept(() => (isTls ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })));
  const nodeAt = (address: string) => ({ ...targetByName(endpoints.grpc, address), timeout: TIMEOUT });
  const http = (url: string, { address }: KnownNetwork, keeps: boolean, body?: string): Promise<HttpAnswer> =>
    httpCall(url, { body, address, agent: keeps ? agents.of(address) : undefined, timeout: TIMEOUT });
  const all: Call[] = [
    {
      service: "JSON API",
      host: apiHost,
      async ask(network, keeps) {
        const answer = await http(`${endpoints.json}v1/node/status`, network, keeps, "{}");
        requireLayer(statusV1(jsonObject("the JSON API", answer)).topLayer, network);
      },
    },
    {
      service: "gRPC API",
      host: apiHost,
      async ask(network, keeps) {
        const api = keeps ? apis.of(network.address) : new NodeConnection(nodeAt(network.address));
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
      async ask(network, keeps) {
        const found = readNetworkInfo(await http(`${endpoints.explorerApi}network-info`, network, keeps));
        insist(found.genesisId === network.genesisId, `it reports genesis ${found.genesisId}`);
      },
    },
    {
      service: "dashboard",
      host: dashHost,
      async ask(network, keeps) {
        const { status } = await http(`${endpoints.dash}healthz`, network, keeps); // identifies no network
        insist(status === 200, `it answers ${status}`);
      },
    },
    {
      service: "poet",
      host: poetHosts[0] as string,
      async ask(network, keeps) {
        const found = poetKeyIn(await http(`${poets[0]}v1/info`, network, keeps));
        insist(found === network.poetKey, `it is the poet ${found}`);
      },
    },
  ];
  return {
    all,
    close() {
      for (const api of apis.all()) api.close();
      for (const agent of agents.all()) agent.destroy();
    },
  };
}

/** Public key of the poet at a public URL behind a gateway. */
export const poetKeyAt = async (url: string, address: string): Promise<string> =>
  poetKeyIn(await httpCall(`${url}v1/info`, { address, timeout: TIMEOUT }));

/** Public key in a poet's answer (spacemeshos/poet, rpc/api: InfoResponse). */
function poetKeyIn(answer: HttpAnswer): string {
  const { servicePubkey } = jsonObject("the poet", answer);
  if (typeof servicePubkey === "string" && servicePubkey !== "") return servicePubkey;
  throw new Error("the poet reports no public key");
}

/** One object per address, made on first use. */
function kept<T>(make: (address: string) => T) {
  const known = new Map<string, T>();
  return {
    of(address: string): T {
      const one = known.get(address) ?? make(address);
      known.set(address, one);
      return one;
    },
    all: () => [...known.values()],
  };
}

/**
 * Checks the layer of a status. A status does not identify a network, but networks of different age are at different
 * layers.
 */
function requireLayer(topLayer: number, { facts }: KnownNetwork): void {
  const age = (Date.now() - Date.parse(facts.genesisTime)) / 1000;
  const off = Math.abs(topLayer - Math.floor(age / facts.layerDuration));
  insist(off <= TOLERANCE, "it reports another network's layer");
}

function insist(holds: boolean, why: string): void {
  if (!holds) throw new Error(why);
}
