import type { z } from "zod";
import { type BuildTag, buildTag, imageTag } from "./build-tag";
import { edgeUrls } from "./edge";
import type { Endpoints } from "./endpoints";
import { buildTagText, looseObject } from "./formats";
import type { NetworkFacts } from "./network-facts";
import type { Versions } from "./versions";

/**
 * An entry of networks.json, which smapp and the frontends of explorer and dashboard read. The keys, their order and
 * the format of each value come from go-spacecraft k8s/ws.go (AddToDiscovery). `statsAPI` is what today's frontends
 * demand beyond them; test/support/list-readers.ts has each reader's own check.
 */
export interface NetworkListEntry {
  /** Build tag, `v1.2.3+1`. */
  readonly netName: string;
  readonly netID: number;
  /** URL of the config for nodes that join. */
  readonly conf: string;
  /** Ends in a slash, which smapp removes. */
  readonly grpcAPI: string;
  readonly jsonAPI: string;
  readonly explorer: string;
  readonly explorerAPI: string;
  /** Statistics API, which today's frontends of explorer and dashboard read; only of networks of today. */
  readonly statsAPI?: string;
  readonly explorerVersion: string;
  /** URL of the config of the explorer's own node. */
  readonly explorerConf: string;
  readonly dash: string;
  /** WebSocket; of networks of today the statistics API, by which the dashboard's frontend tells networks apart. */
  readonly dashAPI: string;
  readonly dashVersion: string;
  /** Image of the node without its tag. The tag to pull is `maxNodeVersion`. */
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

/** The input of an entry. */
export interface NetworkListInput {
  readonly tag: BuildTag;
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  readonly versions: Versions;
  /** Public URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
}

/** Site where Spacemesh publishes builds of wallet and node. */
const DOWNLOADS = "https://downloads.spacemesh.io";
/** Site where today's Smapp finds its updates (smapp desktop/main/constants.ts). */
const DOWNLOADS_TODAY = "https://smapp.spacemesh.network/dist";

/** The entry of a network. */
export function networkListEntry({
  tag,
  endpoints,
  facts,
  versions,
  discoveryUrl,
}: NetworkListInput): NetworkListEntry {
  const { config } = edgeUrls(discoveryUrl, tag);
  const smapp = versions.smapp.version.replace(/^v/, "");
  const isToday = facts.driver === "kubernetes";
  return {
    netName: buildTag(tag),
    netID: facts.netId,
    conf: config,
    grpcAPI: endpoints.grpc,
    jsonAPI: endpoints.json,
    explorer: endpoints.explorer,
    explorerAPI: endpoints.explorerApi,
    ...(isToday && { statsAPI: endpoints.explorerApi }),
    explorerVersion: versions.explorerBackend.version,
    explorerConf: config,
    dash: endpoints.dash,
    dashAPI: isToday ? endpoints.explorerApi : endpoints.dashApi,
    dashVersion: versions.dashboard.version,
    repository: repositoryOf(versions.node.image ?? ""),
    minNodeVersion: imageTag(tag),
    maxNodeVersion: imageTag(tag),
    minSmappRelease: smapp,
    latestSmappRelease: smapp,
    smappBaseDownloadUrl: isToday ? DOWNLOADS_TODAY : DOWNLOADS,
    nodeBaseDownloadUrl: DOWNLOADS,
  };
}

/** An image without its tag and digest. The port of a registry stays. */
const repositoryOf = (image: string): string => (image.split("@")[0] ?? "").replace(/:[^:/]*$/, "");

/** An entry with its tag, as the edge stores it. Other keys of the entry are kept: the whole entry is compared. */
export const ListedEntry = looseObject({
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  entry: looseObject({ netName: buildTagText }),
}).describe('the network\'s entry, {"tag", "entry"},');
export type ListedEntry = Readonly<z.infer<typeof ListedEntry>>;
