import { type BuildTag, buildTag, stackName } from "./build-tag";
import type { Endpoints } from "./endpoints";
import type { Manifest } from "./manifest";
import type { NetworkFacts } from "./network-facts";

/** Where Spacemesh publishes builds of its node and its wallet (go-spacecraft k8s/ws.go). */
const DOWNLOADS = "https://downloads.spacemesh.io";

/**
 * One entry of networks.json, which wallets, the explorer's and the dashboard's frontends read (go-spacecraft k8s/ws.go).
 * URLs end in a slash where the original list has one.
 */
export interface NetworksEntry {
  readonly netName: string;
  readonly netID: number;
  /** URL of the node config. */
  readonly conf: string;
  readonly grpcAPI: string;
  readonly jsonAPI: string;
  readonly explorer: string;
  readonly explorerAPI: string;
  readonly explorerVersion: string;
  /** URL of the node config that the explorer's own node takes. */
  readonly explorerConf: string;
  readonly dash: string;
  /** WebSocket. */
  readonly dashAPI: string;
  readonly dashVersion: string;
  /** Image repository of the node. */
  readonly repository: string;
  readonly minNodeVersion: string;
  readonly maxNodeVersion: string;
  readonly minSmappRelease: string;
  readonly latestSmappRelease: string;
  readonly smappBaseDownloadUrl: string;
  readonly nodeBaseDownloadUrl: string;
}

/** The entry of one network; keys in the order of the original list. Pure. */
export function networksEntry({
  tag,
  endpoints,
  facts,
  manifest,
  discoveryUrl,
}: {
  tag: BuildTag;
  endpoints: Endpoints;
  facts: NetworkFacts;
  manifest: Manifest;
  /** Public URL of the edge, ending in a slash. */
  discoveryUrl: string;
}): NetworksEntry {
  const conf = `${discoveryUrl}networks/${stackName(tag)}/config.json`;
  return {
    netName: buildTag(tag),
    netID: facts.netId,
    conf,
    grpcAPI: endpoints.grpc,
    jsonAPI: endpoints.json,
    explorer: endpoints.explorer,
    explorerAPI: endpoints.explorerApi,
    explorerVersion: manifest.explorerBackend.version,
    explorerConf: conf,
    dash: endpoints.dash,
    dashAPI: endpoints.dashApi,
    dashVersion: manifest.dashboard.version,
    repository: manifest.node.image ?? "",
    minNodeVersion: manifest.node.version,
    maxNodeVersion: manifest.node.version,
    minSmappRelease: manifest.smapp.version,
    latestSmappRelease: manifest.smapp.version,
    smappBaseDownloadUrl: DOWNLOADS,
    nodeBaseDownloadUrl: DOWNLOADS,
  };
}
