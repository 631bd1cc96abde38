import { type BuildTag, stackName } from "./build-tag";

/** Addresses at the edge that belong to a network (edge/worker.ts). Pure. */
export function edgeUrls(discoveryUrl: string, tag: BuildTag) {
  const network = `${discoveryUrl}networks/${stackName(tag)}`;
  return {
    /** The list of all networks, for programs. */
    list: `${discoveryUrl}networks.json`,
    /** The network's info page, which stays when the network is gone. */
    page: network,
    /** The network's entry of the list. */
    entry: `${network}.json`,
    /** Config of a node that joins. */
    config: `${network}/config.json`,
  };
}

/** Key of a record in the edge's KV: a tag that is deployed again gets a line of its own. Pure. */
export const historyKey = (tag: BuildTag, openedAt: string): string => `history:${stackName(tag)}:${openedAt}`;
