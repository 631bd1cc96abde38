import type { BuildTag } from "../build-tag";
import type { Endpoints } from "../endpoints";
import type { Manifest } from "../manifest";
import type { NetworkFacts } from "../network-facts";

/** Everything that the info page of a network is made from. */
export interface InfoPageInput {
  readonly tag: BuildTag;
  readonly manifest: Manifest;
  /** The network's own, or those of the channel that points to it. */
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** As the network's nodes tell it, hexadecimal. */
  readonly genesisId: string;
  /** Public URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
  /** Name of the channel, e.g. `testnet`, when the page is a channel's. */
  readonly channel?: string;
}
