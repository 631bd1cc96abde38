import type { BuildTag } from "../../base/model/build-tag";
import type { Endpoints } from "../../base/model/endpoints";
import type { NetworkFacts } from "../../base/model/network-facts";
import type { RunningImage } from "../../base/model/running-image";
import type { Superseded } from "../../base/model/trailers";
import type { Versions } from "../../base/model/versions";

/** Everything that the info page of a network is made from. */
export interface InfoPageInput {
  readonly tag: BuildTag;
  readonly versions: Versions;
  /** What its pods run, by digest; absent for networks of older releases. */
  readonly images?: readonly RunningImage[];
  /** The network's own, or those of the channel that points to it. */
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** As the network's nodes tell it, hexadecimal. */
  readonly genesisId: string;
  /** Public URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
  /** The build that this one supersedes, and why; absent for the first build. */
  readonly supersedes?: Superseded;
  /** Names of the curves that the network's gateway answers for; absent without monitoring. */
  readonly curves?: readonly string[];
  /** When the page is a channel's. */
  readonly channel?: ChannelOfPage;
}

/** The tap's URL where the network has a tap. The names of a channel may have one all the same. */
export const tapUrl = ({ endpoints, facts }: Pick<InfoPageInput, "endpoints" | "facts">): string | undefined =>
  facts.tap === undefined ? undefined : endpoints.tap;

/** The channel whose page it is, and what was promoted to it. */
export interface ChannelOfPage {
  /** E.g. `testnet`. */
  readonly name: string;
  /** Release tag, `v1.2.3`. */
  readonly release: string;
  /** Why the release was promoted without a simmer certificate, in the operator's words. */
  readonly reason?: string;
}
