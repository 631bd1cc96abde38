import { z } from "zod";
import { buildTagText, hostPortText, looseObject, nonEmptyText, timeText, wholeFrom } from "./formats";

/**
 * What a network driver knows of a network that is up, and everything after it builds on. Plain data without secrets:
 * it is stored in the state, handed to verbs and kept in the archive.
 */
export interface NetworkFacts {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** Name of the Kubernetes cluster, `v1-2-3-1`. */
  readonly cluster: string;
  /** Start of layer 0, RFC 3339 in UTC. */
  readonly genesisTime: string;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** Layers in an epoch. */
  readonly layersPerEpoch: number;
  /** `p2p.network-id` of the node config. */
  readonly netId: number;
  /** The managed nodes, in order of their number. */
  readonly nodes: readonly NodeFacts[];
  /** The poets, in order of their number. */
  readonly poets: readonly PoetFacts[];
  /** Config of the last node as JSON text, for those who join. */
  readonly nodeConfig: string;
}

/** A managed node, by the addresses at which its cluster shows it to the outside. */
export interface NodeFacts {
  /** `miner-1`: the name of its Deployment and Service. */
  readonly name: string;
  /** `HOST:PORT` of the gRPC API. */
  readonly grpc: string;
  /** `HOST:PORT` of the JSON API. */
  readonly json: string;
}

/** A poet, by the address at which its cluster shows it to the outside. */
export interface PoetFacts {
  /** `poet-1`: the name of its Deployment and Service. */
  readonly name: string;
  /** `HOST:PORT` of the REST API. */
  readonly rest: string;
}

/** The first layer whose state can be verified: two epochs, during which nobody is eligible yet. */
export const effectiveGenesis = ({ layersPerEpoch }: Pick<NetworkFacts, "layersPerEpoch">): number =>
  2 * layersPerEpoch;

export const networkFactsSchema: z.ZodType<NetworkFacts> = looseObject({
  tag: buildTagText,
  cluster: nonEmptyText,
  genesisTime: timeText,
  layerDuration: wholeFrom(1),
  layersPerEpoch: wholeFrom(1),
  netId: wholeFrom(1),
  nodes: z.array(looseObject({ name: nonEmptyText, grpc: hostPortText, json: hostPortText }), "a list"),
  poets: z.array(looseObject({ name: nonEmptyText, rest: hostPortText }), "a list"),
  nodeConfig: nonEmptyText,
}).describe("the network's facts (infra/base/model/network-facts.ts)");
