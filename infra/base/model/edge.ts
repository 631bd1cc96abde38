import { type BuildTag, stackName } from "./build-tag";

// The edge imports this file: no zod, nothing of Node.js.

/**
 * Keys of the edge's KV namespace. They are contracts: the Worker reads them, and the values of `history:`, `page:`,
 * `recap:`, `simmer:` and `certificate:` stay after their network is gone.
 */
export const edgeKeys = {
  /** A network's entry in the network list. */
  network: (stack: string): string => `network:${stack}`,
  /** Config for nodes that join a network. */
  config: (stack: string): string => `config:${stack}`,
  /** The page of a network, by its stack, or of a channel, by its name. */
  page: (name: string): string => `page:${name}`,
  /** The state of a network's simmer, which its watcher keeps (model/simmer-summary.ts). */
  simmer: (stack: string): string => `simmer:${stack}`,
  /** The certificate of a network's simmer, as its file. */
  certificate: (stack: string): string => `certificate:${stack}`,
  /** Why the deployment of a network failed (model/deployment-failure.ts). It goes when one succeeds or is retired. */
  failed: (stack: string): string => `failed:${stack}`,
  /** The record of a retired network. A tag that is deployed again gets another record. */
  history: (stack: string, openedAt: string): string => `history:${stack}:${openedAt}`,
  /** Where the postmortem or recap of a retired network stands (model/recap-link.ts), beside its record. */
  recap: (stack: string, openedAt: string): string => `recap:${stack}:${openedAt}`,
};

/** What the keys of each kind begin with. */
export const edgePrefixes = {
  network: edgeKeys.network(""),
  page: edgeKeys.page(""),
  failed: edgeKeys.failed(""),
  /** @param stack of one network; all networks by default */
  history: (stack?: string): string => (stack === undefined ? "history:" : `history:${stack}:`),
  recap: "recap:",
};

/** The query that asks the edge for a page without the edge's own notices. An older edge ignores it. */
export const AS_WRITTEN = "?as-written";

/** Addresses at the edge that belong to a network (edge/worker.ts). */
export function edgeUrls(discoveryUrl: string, tag: BuildTag) {
  const network = `${discoveryUrl}networks/${stackName(tag)}`;
  return {
    /** The network list, for programs. */
    list: `${discoveryUrl}networks.json`,
    /** The network's info page. It stays when the network is gone. */
    page: network,
    /** The same page as it was written, without a notice that the edge adds. */
    writtenPage: `${network}${AS_WRITTEN}`,
    /** The plot of the network's simmer, an SVG. It stays too. */
    simmer: `${network}/simmer.svg`,
    /** The certificate of the network's simmer, once it is sealed. It stays too. */
    certificate: `${network}/certificate.json`,
    /** The network's entry of the network list. */
    entry: `${network}.json`,
    /** Config for nodes that join. */
    config: `${network}/config.json`,
  };
}

/** Address at the edge of the deployments that failed, for programs. */
export const failuresUrl = (discoveryUrl: string): string => `${discoveryUrl}failures.json`;

/** Key of a history record. @param openedAt when the network's deployment began, RFC 3339 */
export const historyKey = (tag: BuildTag, openedAt: string): string => edgeKeys.history(stackName(tag), openedAt);

/** Header of a page at the edge: SHA-256 of the page as the edge sent it, hexadecimal. */
export const PAGE_DIGEST = "smeshnet-digest";
