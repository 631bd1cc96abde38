import { createHash } from "node:crypto";
import type { z } from "zod";
import { type BuildTag, buildTag, hostLabel, parseBuildTag } from "./build-tag";
import { buildTagText, nonEmptyText, object, wholeFrom } from "./formats";
import type { Settings } from "./settings";
import type { Versions } from "./versions";

/** The phases of a poet. */
export const PoetPhases = object({
  /** Time from the start of an epoch to the start of a round, in seconds. */
  phaseShift: wholeFrom(0),
  /** Pause between two rounds, in seconds. */
  cycleGap: wholeFrom(0),
}).describe('a poet\'s phases in seconds, {"phaseShift": s, "cycleGap": s},');
export type PoetPhases = Readonly<z.infer<typeof PoetPhases>>;

/** The wanted network: the input of a network driver. Every version stack stores it, so its keys are a contract. */
export const NetworkSpec = object({
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** Name of the cluster, and of the network in go-spacecraft: `v1-2-3-1`. */
  cluster: nonEmptyText,
  /** Number of managed nodes. */
  miners: wholeFrom(1),
  /** Number of boot nodes among them. */
  bootnodes: wholeFrom(1),
  poets: wholeFrom(1),
  /** Minutes from the start of the deployment to layer 0. */
  genesisDelay: wholeFrom(0),
  /** Length of a layer, in seconds. */
  layerDuration: wholeFrom(1),
  /** Layers in an epoch. */
  layersPerEpoch: wholeFrom(1),
  /** `p2p.network-id`; nodes only talk to nodes with the same id. */
  netId: wholeFrom(1),
  poetPhases: PoetPhases,
  /** Images with tag. */
  images: object({ node: nonEmptyText, poet: nonEmptyText }),
  /** Versions that go-spacecraft writes into its own list. */
  versions: object({ explorer: nonEmptyText, dashboard: nonEmptyText, smapp: nonEmptyText }),
  gcp: object({ project: nonEmptyText, location: nonEmptyText, zone: nonEmptyText }),
  /** Time limit to create or remove the network, in seconds. */
  timeout: wholeFrom(1),
})
  // With another cluster's name, a driver would remove that cluster.
  .refine((spec) => spec.cluster === hostLabel(parseBuildTag(spec.tag)), {
    path: ["cluster"],
    error: "the tag's own cluster, e.g. v1-2-3-1",
  })
  .describe("the network's spec (infra/base/model/network-spec.ts)");
export type NetworkSpec = Readonly<z.infer<typeof NetworkSpec>>;

/** The spec of a build tag under some settings. */
export function networkSpec(tag: BuildTag, settings: Settings, { node, poet }: Versions): NetworkSpec {
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

/** The network id of a build, from 1 to 2^31-1. It is a hash of the tag, so builds get different ids. */
export function netId(tag: BuildTag): number {
  const digest = createHash("sha256").update(buildTag(tag)).digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}
