import { createHash } from "node:crypto";
import type { z } from "zod";
import { type BuildTag, buildTag, hostLabel, parseBuildTag } from "./build-tag";
import { buildTagText, looseObject, nonEmptyText, wholeFrom } from "./formats";
import type { Settings } from "./settings";
import type { Versions } from "./versions";

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

/** The spec of a build tag under some settings. Pure. */
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

/** A network id of its own for each build, from 1 to 2^31-1 (the node's config holds it as a number). Pure. */
export function netId(tag: BuildTag): number {
  const digest = createHash("sha256").update(buildTag(tag)).digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}

const phasesSchema = looseObject({ phaseShift: wholeFrom(0), cycleGap: wholeFrom(0) });

export const poetPhasesSchema: z.ZodType<{ readonly phaseShift: number; readonly cycleGap: number }> =
  phasesSchema.describe('a poet\'s phases in seconds, {"phaseShift": s, "cycleGap": s},');

export const networkSpecSchema: z.ZodType<NetworkSpec> = looseObject({
  tag: buildTagText,
  cluster: nonEmptyText,
  miners: wholeFrom(1),
  bootnodes: wholeFrom(1),
  poets: wholeFrom(1),
  genesisDelay: wholeFrom(0),
  layerDuration: wholeFrom(1),
  layersPerEpoch: wholeFrom(1),
  netId: wholeFrom(1),
  poetPhases: phasesSchema,
  images: looseObject({ node: nonEmptyText, poet: nonEmptyText }),
  versions: looseObject({ explorer: nonEmptyText, dashboard: nonEmptyText, smapp: nonEmptyText }),
  gcp: looseObject({ project: nonEmptyText, location: nonEmptyText, zone: nonEmptyText }),
  timeout: wholeFrom(1),
})
  // Whatever is half-made in the cluster of this name would be removed.
  .refine((spec) => spec.cluster === hostLabel(parseBuildTag(spec.tag)), {
    path: ["cluster"],
    error: "the tag's own cluster, e.g. v1-2-3-1",
  })
  .describe("the network's spec (infra/base/model/network-spec.ts)");
