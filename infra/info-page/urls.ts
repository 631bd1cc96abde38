import { stackName } from "../build-tag";
import type { InfoPageInput } from "./input";

/** Addresses at the edge that belong to a network (edge/worker.ts). */
export function edgeUrls({ discoveryUrl, tag }: Pick<InfoPageInput, "discoveryUrl" | "tag">) {
  const network = `${discoveryUrl}networks/${stackName(tag)}`;
  return {
    /** The list of all networks, for programs. */
    list: `${discoveryUrl}networks.json`,
    /** This page, for good. */
    page: network,
    /** This network's entry of the list. */
    entry: `${network}.json`,
    /** Config of a node that joins. */
    config: `${network}/config.json`,
  };
}
