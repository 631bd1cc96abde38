import { type BuildTag, buildTag, imageTag } from "./build-tag";
import { edgeUrls } from "./edge";
import type { Endpoints } from "./endpoints";
import { buildTagText, looseObject } from "./formats";
import type { NetworkFacts } from "./network-facts";
import type { Versions } from "./versions";

/**
 * One entry of networks.json, which smapp and the explorer's and the dashboard's frontends read. Keys, their order and
 * the form of each value are those of go-spacecraft k8s/ws.go (AddToDiscovery).
 */
export interface NetworkListEntry {
  /** Build tag, `v1.2.3+1`. */
  readonly netName: string;
  readonly netID: number;
  /** URL of the config of a node that joins. */
  readonly conf: string;
  /** Ends in a slash, which smapp cuts off. */
  readonly grpcAPI: string;
  readonly jsonAPI: string;
  readonly explorer: string;
  readonly explorerAPI: string;
  readonly explorerVersion: string;
  /** URL of the config of the explorer's own node. */
  readonly explorerConf: string;
  readonly dash: string;
  /** WebSocket. */
  readonly dashAPI: string;
  readonly dashVersion: string;
  /** Image of the node without its tag; with `maxNodeVersion` as the tag it can be pulled. */
  readonly repository: string;
  /** Image tag, `v1.2.3-b1`. */
  readonly minNodeVersion: string;
  /** Image tag, `v1.2.3-b1`. */
  readonly maxNodeVersion: string;
  /** Without a leading `v`, which smapp adds itself (smapp desktop/main/autoUpdate.ts). */
  readonly minSmappRelease: string;
  readonly latestSmappRelease: string;
  readonly smappBaseDownloadUrl: string;
  readonly nodeBaseDownloadUrl: string;
}

/** What an entry is made from. */
export interface NetworkListInput {
  readonly tag: BuildTag;
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  readonly manifest: Versions;
  /** Public URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
}

/** Where Spacemesh publishes builds of the wallet and the node. */
const DOWNLOADS = "https://downloads.spacemesh.io";

/** The entry of a network. Pure. */
export function networkListEntry({
  tag,
  endpoints,
  facts,
  manifest,
  discoveryUrl,
}: NetworkListInput): NetworkListEntry {
  const { config } = edgeUrls(discoveryUrl, tag);
  const smapp = manifest.smapp.version.replace(/^v/, "");
  return {
    netName: buildTag(tag),
    netID: facts.netId,
    conf: config,
    grpcAPI: endpoints.grpc,
    jsonAPI: endpoints.json,
    explorer: endpoints.explorer,
    explorerAPI: endpoints.explorerApi,
    explorerVersion: manifest.explorerBackend.version,
    explorerConf: config,
    dash: endpoints.dash,
    dashAPI: endpoints.dashApi,
    dashVersion: manifest.dashboard.version,
    repository: repositoryOf(manifest.node.image ?? ""),
    minNodeVersion: imageTag(tag),
    maxNodeVersion: imageTag(tag),
    minSmappRelease: smapp,
    latestSmappRelease: smapp,
    smappBaseDownloadUrl: DOWNLOADS,
    nodeBaseDownloadUrl: DOWNLOADS,
  };
}

/** An image without its tag; a port of the registry is not one. */
const repositoryOf = (image: string): string => image.replace(/:[^:/]*$/, "");

/** An entry of the public list, of which a verb compares all and reads the name. */
export const listedEntrySchema = looseObject({
  tag: buildTagText,
  entry: looseObject({ netName: buildTagText }),
}).describe('the network\'s entry, {"tag", "entry"},');
