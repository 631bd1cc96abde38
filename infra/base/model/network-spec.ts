import { createHash } from "node:crypto";
import { z } from "zod";
import { type BuildTag, buildTag, hostLabel, parseBuildTag } from "./build-tag";
import { networkEndpoints } from "./endpoints";
import { buildTagText, nonEmptyText, object, wholeFrom } from "./formats";
import type { Settings } from "./settings";
import { tapOf } from "./tap-settings";
import type { Versions } from "./versions";

/** The phases of a poet. */
export const PoetPhases = object({
  /** Time from the start of an epoch to the start of a round, in seconds. */
  phaseShift: wholeFrom(0),
  /** Pause between two rounds, in seconds. */
  cycleGap: wholeFrom(0),
}).describe('a poet\'s phases in seconds, {"phaseShift": s, "cycleGap": s},');
export type PoetPhases = Readonly<z.infer<typeof PoetPhases>>;

/** CPU, memory and disk of a container, in Kubernetes' units: `1300m`, `1600Mi`, `10Gi`. */
const Resources = object({ cpu: nonEmptyText, memory: nonEmptyText, disk: nonEmptyText });

/** What only the driver `kubernetes` reads. */
export const KubernetesSpec = object({
  /** Name of the context in the kubeconfig. */
  context: nonEmptyText,
  /** go-spacemesh's preset, below the config file: `fastnet`. */
  preset: nonEmptyText,
  /** Prefix of addresses: `stest`. */
  hrp: nonEmptyText,
  /** Address that gets the rewards of the managed nodes; empty for the preset's own. */
  coinbase: z.string(),
  /** Balances at genesis in smidge (10^9 are 1 SMH), decimal digits, by address. */
  accounts: z.record(z.string(), z.string()),
  /** Number of nodes that smesh: those with the lowest numbers. */
  smeshers: wholeFrom(0),
  /** Keys of the node's config file that win over ours. */
  nodeConfig: z.record(z.string(), z.unknown()),
  /** Requests, which are also the limits. */
  resources: object({ node: Resources, poet: Resources }),
  /** A StorageClass; `default` for the cluster's own, `none` for disks that end with their pods. */
  storageClass: nonEmptyText,
  /** How nodes are reached from outside the cluster; with `none` only by the API server's proxy. */
  exposure: z.enum(["nodePort", "loadBalancer", "none"]),
  /** Public URLs of the poets, in the order of their numbers; joiners keep what they agreed with a poet by its URL. */
  poetUrls: z.array(nonEmptyText).readonly(),
  /** Image of the explorer's statistics API. */
  statsImage: nonEmptyText,
  /** Image of the server of the first beacon; absent for the project's own (pods.ts), as in older specs. */
  caddyImage: nonEmptyText.optional(),
  /** Balance of the tap's account at genesis in smidge, decimal digits; absent without a tap. */
  tapBalance: nonEmptyText.optional(),
  /** The PriorityClass of all pods; absent for the cluster's own, so that older specs stay the same. */
  priorityClass: nonEmptyText.optional(),
});
export type KubernetesSpec = Readonly<z.infer<typeof KubernetesSpec>>;

/** The wanted network: the input of a network driver. Every version stack stores it, so its keys are a contract. */
export const NetworkSpec = object({
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** Name of the cluster, and of the network in go-spacecraft: `v1-2-3-1`. */
  cluster: nonEmptyText,
  /** Namespace of its nodes and of all our objects; absent for a network that has a cluster of its own. */
  namespace: nonEmptyText.optional(),
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
  /** What only the driver `spacecraft` reads. */
  gcp: object({ project: nonEmptyText, location: nonEmptyText, zone: nonEmptyText }).optional(),
  kubernetes: KubernetesSpec.optional(),
  /** Time limit to create or remove the network, in seconds. */
  timeout: wholeFrom(1),
})
  // With another cluster's name, a driver would remove that cluster.
  .refine((spec) => spec.cluster === hostLabel(parseBuildTag(spec.tag)), {
    path: ["cluster"],
    error: "the tag's own cluster, e.g. v1-2-3-1",
  })
  // The same holds for a namespace.
  .refine((spec) => spec.namespace === undefined || spec.namespace === hostLabel(parseBuildTag(spec.tag)), {
    path: ["namespace"],
    error: "the tag's own namespace, e.g. v1-2-3-1",
  })
  .describe("the network's spec (infra/base/model/network-spec.ts)");
export type NetworkSpec = Readonly<z.infer<typeof NetworkSpec>>;

/** The spec of a build tag under some settings. */
export function networkSpec(tag: BuildTag, settings: Settings, versions: Versions): NetworkSpec {
  const { node, poet, explorerBackend, dashboard, smapp } = versions;
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
    versions: { explorer: explorerBackend.version, dashboard: dashboard.version, smapp: smapp.version },
    ...(settings.driver === "kubernetes"
      ? { namespace: hostLabel(tag), kubernetes: kubernetesSpec(tag, settings, versions) }
      : { gcp: gcpSpec(settings) }),
    timeout: settings.networkTimeout,
  };
}

const gcpSpec = ({ gcpProject, gcpLocation, gcpZone }: Settings) => ({
  project: gcpProject,
  location: gcpLocation,
  zone: gcpZone,
});

const kubernetesSpec = (tag: BuildTag, settings: Settings, { explorerBackend }: Versions): KubernetesSpec => ({
  context: settings.kubeContext,
  preset: settings.preset,
  hrp: settings.hrp,
  coinbase: settings.coinbase,
  accounts: settings.accounts,
  smeshers: settings.smeshers || settings.miners - 1,
  nodeConfig: settings.nodeConfig,
  resources: settings.resources,
  storageClass: settings.storageClass,
  exposure: settings.exposure,
  poetUrls: networkEndpoints(tag, settings.poets, settings).poets,
  statsImage: explorerBackend.image ?? "",
  ...(settings.images.caddy !== undefined && { caddyImage: settings.images.caddy }),
  ...tapSpec(settings),
  ...(settings.priorityClass !== "" && { priorityClass: settings.priorityClass }),
});

const tapSpec = (settings: Settings): Pick<KubernetesSpec, "tapBalance"> => {
  const tap = tapOf(settings);
  return tap ? { tapBalance: tap.balance } : {};
};

/** The network id of a build, from 1 to 2^31-1. It is a hash of the tag, so builds get different ids. */
export function netId(tag: BuildTag): number {
  const digest = createHash("sha256").update(buildTag(tag)).digest();
  return digest.readUInt32BE(0) & 0x7fffffff || 1;
}
