import { createHash } from "node:crypto";
import { type BuildTag, buildTag, hostLabel } from "./build-tag";
import type { Settings } from "./config";
import type { Manifest } from "./manifest";
import type { NetworkFacts } from "./network-facts";

/** What a network is to be; plain data, the input of a network driver. */
export interface NetworkSpec {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** Name of the cluster, and of the network in go-spacecraft: `v1-2-3-1`. */
  readonly cluster: string;
  readonly miners: number;
  readonly bootnodes: number;
  readonly poets: number;
  /** Minutes from the start of the deployment to layer 0. */
  readonly genesisDelay: number;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** Layers in an epoch. */
  readonly layersPerEpoch: number;
  /** `p2p.network-id`; nodes talk only to nodes with the same. */
  readonly netId: number;
  /** When a poet starts a round after the start of an epoch, and how long it pauses before the next one, in seconds. */
  readonly poetPhases: { readonly phaseShift: number; readonly cycleGap: number };
  /** Images with tag. */
  readonly images: { readonly node: string; readonly poet: string };
  /** Versions that go-spacecraft writes into its own list. */
  readonly versions: { readonly explorer: string; readonly dashboard: string; readonly smapp: string };
  readonly gcp: { readonly project: string; readonly location: string; readonly zone: string };
  /** Longest time to make or remove the network, in seconds. */
  readonly timeout: number;
}

/** Makes networks on some platform. Every method inspects first and is safe to call again. */
export interface NetworkDriver {
  /** Makes the network, or adopts it when it is there, whole and ours. */
  up(spec: NetworkSpec, signal: AbortSignal): Promise<{ facts: NetworkFacts; kubeconfig: string }>;
  /** Removes the network; done when there is none. */
  down(spec: NetworkSpec, signal: AbortSignal): Promise<void>;
  /** Looks, changing nothing. */
  inspect(spec: NetworkSpec, signal: AbortSignal): Promise<unknown>;
}

/** The spec of a build tag under some settings. Pure. */
export function networkSpec(tag: BuildTag, settings: Settings, { node, poet }: Manifest): NetworkSpec {
  return {
    tag: buildTag(tag),
    cluster: hostLabel(tag),
    miners: settings.miners,
    bootnodes: settings.bootnodes,
    poets: settings.poets,
    genesisDelay: settings.genesisDelay,
    layerDuration: settings.layerDuration,
    layersPerEpoch: settings.layersPerEpoch,
    netId: netId(tag),
    poetPhases: { phaseShift: settings.poetPhaseShift, cycleGap: settings.poetCycleGap },
    images: { node: node.image ?? "", poet: poet.image ?? "" },
    versions: {
      explorer: settings.versions.explorerBackend,
      dashboard: settings.versions.dashboard,
      smapp: settings.versions.smapp,
    },
    gcp: { project: settings.gcpProject, location: settings.gcpLocation, zone: settings.gcpZone },
    timeout: settings.networkTimeout,
  };
}

/** A network id of its own for each build, from 1 to 2^31-1 (the node's config holds it as a number). Pure. */
export function netId(tag: BuildTag): number {
  const digest = createHash("sha256").update(buildTag(tag)).digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}
