import { z } from "zod";
import { buildTagText, hostPortText, listOf, nonEmptyText, object, sha256Text, timeText, wholeFrom } from "./formats";

/** A managed node, by the addresses at which its cluster exposes it. */
export const NodeFacts = object({
  /** `miner-1`: the name of its Deployment and Service. */
  name: nonEmptyText,
  /** `HOST:PORT` of the gRPC API. */
  grpc: hostPortText,
  /** `HOST:PORT` of the JSON API. */
  json: hostPortText,
});
export type NodeFacts = Readonly<z.infer<typeof NodeFacts>>;

/** A poet, by the address at which its cluster exposes it. */
export const PoetFacts = object({
  /** `poet-1`: the name of its Deployment and Service. */
  name: nonEmptyText,
  /** `HOST:PORT` of the REST API. */
  rest: hostPortText,
});
export type PoetFacts = Readonly<z.infer<typeof PoetFacts>>;

/** An image by the digest that a container runtime pulled. A digest never changes its content, unlike a tag. */
export const ImageDigest = object({
  /** `docker.io/spacemeshos/go-spacemesh`, as the runtime names it. */
  name: nonEmptyText,
  /** SHA-256 of its manifest, 64 hexadecimal digits. */
  sha256: sha256Text,
});
export type ImageDigest = Readonly<z.infer<typeof ImageDigest>>;

/**
 * The facts of a network that is up. A network driver makes them, and every later step builds on them. They hold no
 * secrets: the state stores them, steps receive them, and the archive keeps them.
 */
export const NetworkFacts = object({
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** Name of the Kubernetes cluster, `v1-2-3-1`. */
  cluster: nonEmptyText,
  /** Namespace of its nodes; absent for a network that has a cluster of its own. */
  namespace: nonEmptyText.optional(),
  /** The driver that made it, unless it was `spacecraft`. It tells of which era nodes are: `kubernetes` has today's. */
  driver: z.enum(["spacecraft", "kubernetes"]).optional(),
  /** Genesis id, hexadecimal, as the driver computed it ahead; absent with `spacecraft`, where only nodes tell it. */
  genesisId: nonEmptyText.optional(),
  /** Prefix of addresses, `stest`; absent with `spacecraft`. */
  hrp: nonEmptyText.optional(),
  /** Multiaddresses at which nodes outside the cluster find this network; absent with `spacecraft`. */
  p2p: listOf(nonEmptyText).optional(),
  /** Address of the tap's account, to which genesis gave a balance; absent without a tap. */
  tap: nonEmptyText.optional(),
  /** Start of layer 0, RFC 3339 in UTC. */
  genesisTime: timeText,
  /** Length of a layer, in seconds. */
  layerDuration: wholeFrom(1),
  /** Layers in an epoch. */
  layersPerEpoch: wholeFrom(1),
  /** `p2p.network-id` of the node config. */
  netId: wholeFrom(1),
  /** The managed nodes, in the order of their numbers. */
  nodes: listOf(NodeFacts),
  /** The poets, in the order of their numbers. */
  poets: listOf(PoetFacts),
  /** Config of the last node as JSON text, for those who join. */
  nodeConfig: nonEmptyText,
  /** The image that all nodes run; absent when their runtime does not tell it, and in the facts of older networks. */
  nodeImage: ImageDigest.optional(),
}).describe("the network's facts (infra/base/model/network-facts.ts)");
export type NetworkFacts = Readonly<z.infer<typeof NetworkFacts>>;

/** The driver that made a network. Networks made before there was a choice do not name it. */
export const driverThatMade = ({
  driver = "spacecraft",
}: Partial<Pick<NetworkFacts, "driver">>): NonNullable<NetworkFacts["driver"]> => driver;

/** The first layer whose state can be verified. It comes after two epochs, in which no node is eligible yet. */
export const effectiveGenesis = ({ layersPerEpoch }: Pick<NetworkFacts, "layersPerEpoch">): number =>
  2 * layersPerEpoch;
