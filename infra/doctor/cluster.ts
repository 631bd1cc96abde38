import { ownKubeconfig } from "../base/clients/kubernetes/own-kubeconfig";
import {
  type ClusterQuestions,
  type ClusterVersion,
  clusterQuestions,
  type StorageClass,
} from "../base/clients/kubernetes/readiness";
import { atOnce } from "../base/lib/at-once";
import { grouped } from "../base/lib/grouped";
import { sameKnown } from "../base/lib/same-known";
import { RIGHTS_OF_NONE, type Right, rightsWith } from "../base/model/kubernetes-rights";
import type { Settings } from "../base/model/settings";
import { judgeCapacity } from "./capacity";
import { type Check, type Finding, fail, found, ok, warn } from "./check";
import { demandIn } from "./demand";

/** The oldest version with all that we use: server-side apply and SelfSubjectAccessReview are stable, policies too. */
const OLDEST = [1, 25] as const;

/** A namespace as a network has it. None need exist: a right counts in namespaces to come. */
const NAMESPACE = "v1-2-3-1";

/** Requests at the same time. */
const LANES = 8;

/** The file that gives a right. */
const fileOf = (right: Right): string =>
  `packaging/kubernetes/${RIGHTS_OF_NONE.includes(right) ? "rights-none" : "rights"}.yaml`;

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that say what is asked of a cluster. */
export const OF_CLUSTER = [
  "driver",
  "kubeContext",
  "miners",
  "poets",
  "resources",
  "storageClass",
  "exposure",
] as const satisfies readonly (keyof Settings)[];
type OfCluster = Pick<Settings, (typeof OF_CLUSTER)[number]>;

/** The questions to the cluster of the settings. All but the first make sense only when its API answers. */
export const clusterCheck = (settings: OfCluster, environment: Environment): Check => ({
  name: "cluster.api",
  async ask(signal) {
    const kubeconfig = await ownKubeconfig(settings.kubeContext, NAMESPACE, environment);
    const version = await clusterQuestions(kubeconfig, signal).version();
    const open = (limit: AbortSignal) => clusterQuestions(kubeconfig, limit);
    return {
      findings: [judgeVersion(settings.kubeContext, version)],
      next: [
        rightsCheck(settings, open),
        roomCheck(settings, open),
        storageCheck(settings, open),
        exposureCheck(settings),
      ],
    };
  },
});

type Opened = (signal: AbortSignal) => ClusterQuestions;

/** Whether the cluster's API is new enough. Clouds write the minor version as `30+`. */
export function judgeVersion(context: string, { major, minor, gitVersion }: ClusterVersion): Finding {
  const [first, second] = [Number.parseInt(major, 10), Number.parseInt(minor, 10)];
  if (first > OLDEST[0] || (first === OLDEST[0] && second >= OLDEST[1]))
    return ok("cluster.api", `context ${context} answers, Kubernetes ${gitVersion}`);
  const what = `context ${context} has Kubernetes ${gitVersion}, expected ${OLDEST.join(".")} or later`;
  return fail("cluster.api", what, "Upgrade the cluster, or use another one");
}

const rightsCheck = ({ exposure }: OfCluster, open: Opened): Check => ({
  name: "cluster.rights",
  async ask(signal) {
    const cluster = open(signal);
    const wanted = rightsWith(exposure);
    const may = await atOnce(wanted, LANES, (right) => cluster.may(right, NAMESPACE));
    return found(
      ...judgeRights(
        wanted.filter((_, i) => may[i] !== true),
        exposure,
      ),
    );
  },
});

/** @param missing those of {@link rightsWith} that we do not have */
export function judgeRights(missing: readonly Right[], exposure: Settings["exposure"]): Finding[] {
  if (missing.length === 0) return [ok("cluster.rights", `all ${rightsWith(exposure).length} rights are there`)];
  const kinds = grouped(missing, ({ scope, group, resource, without }) => `${scope} ${group} ${resource} ${without}`);
  return [...kinds.values()].map((rights) => {
    const [first] = rights as [Right];
    const { scope, group, resource, without, neededWith } = first;
    const verbs = rights.map(({ verb }) => verb).join(", ");
    const where = scope === "cluster" ? "in the cluster" : "in a network's namespace";
    const rule = `apiGroups: ["${group}"], resources: ["${resource}"], verbs: [${verbs}]`;
    const fix = `Add {${rule}} to a ClusterRole of yours, or apply ${fileOf(first)} and use its account`;
    const what = `may not ${verbs} ${resource} ${where}`;
    return without === undefined || sameKnown(neededWith, exposure)
      ? fail("cluster.rights", what, fix)
      : warn("cluster.rights", `${what}: ${without}`, fix);
  });
}

const roomCheck = (settings: OfCluster, open: Opened): Check => ({
  name: "cluster.resources",
  without: "warn",
  async ask(signal) {
    const cluster = open(signal);
    const [machines, pods] = await Promise.all([cluster.machines(), cluster.pods().catch(() => undefined)]);
    return found(...judgeCapacity(demandIn(settings), machines, pods));
  },
});

const storageCheck = (settings: OfCluster, open: Opened): Check => ({
  name: "cluster.storage",
  without: "warn",
  ask: async (signal) => found(...judgeStorage(settings, await open(signal).storageClasses())),
});

/** The annotation of the class that disks without a named class get (Kubernetes docs, Storage Classes). */
const DEFAULT = "storageclass.kubernetes.io/is-default-class";

/** Whether the disks of a network can be made. */
export function judgeStorage(
  { storageClass }: Pick<Settings, "storageClass">,
  classes: readonly StorageClass[],
): Finding[] {
  const name = "cluster.storage";
  const names = classes.map(({ metadata }) => metadata.name);
  const usual = classes.find(({ metadata }) => metadata.annotations?.[DEFAULT] === "true")?.metadata.name;
  const known = `classes there: ${names.join(", ") || "none"}`;
  const mark = `kubectl annotate storageclass NAME ${DEFAULT}=true`;
  if (storageClass === "default" && usual === undefined)
    return [
      fail(name, `the cluster has no default StorageClass; ${known}`, `Run \`${mark}\`, or set smeshnet:storageClass`),
    ];
  if (!["default", "none"].includes(storageClass) && !names.includes(storageClass))
    return [
      fail(name, `there is no StorageClass ${storageClass}; ${known}`, "Set smeshnet:storageClass to one of them"),
    ];
  const disks =
    storageClass === "none"
      ? ok(name, "nodes and poets keep their data in their pods, as smeshnet:storageClass none says")
      : ok(
          name,
          `disks are of StorageClass ${storageClass === "default" ? usual : storageClass}`,
          "that it makes disks",
        );
  return [disks];
}

const exposureCheck = ({ exposure }: OfCluster): Check => ({
  name: "cluster.exposure",
  ask: async () => found(judgeExposure(exposure)),
});

/** No read tells whether a cluster gives out addresses. */
export const judgeExposure = (exposure: Settings["exposure"]): Finding =>
  ok("cluster.exposure", ...EXPOSURES[exposure]);

/** Who gets which address, and what only a deployment can show. */
const EXPOSURES: Readonly<Record<Settings["exposure"], readonly [string, string]>> = {
  nodePort: [
    "nodes get node ports, the gateway a Service of type LoadBalancer",
    "that this machine reaches node ports, and that the cluster gives the gateway an address",
  ],
  loadBalancer: [
    "each node and the gateway get a Service of type LoadBalancer",
    "that the cluster gives them addresses",
  ],
  none: [
    "nodes and poets get no address outside, the gateway a Service of type LoadBalancer; nobody outside can join",
    "that the API server reaches pods, and that the cluster gives the gateway an address",
  ],
};
