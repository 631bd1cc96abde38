import { z } from "zod";
import { UserError } from "../../../base/lib/errors";
import { timeText } from "../../../base/model/formats";
import type { Store } from "../../../base/store/contract";
import type { PlatformObject } from "../driver";
import { deleteCommand, type Listable } from "./gcloud";
import { allRecords, type Entry, recorded } from "./ownership";
import { isOurs } from "./plan";
import type { Platform } from "./platform";

/** What gcloud lists, in the parts that we read. Places are URLs, or absent where the kind has none. */
const Cluster = z.object({ name: z.string(), location: z.string(), status: z.string(), createTime: timeText });
const Compute = z.object({
  name: z.string(),
  creationTimestamp: timeText,
  zone: z.string().optional(),
  region: z.string().optional(),
});
const Disk = Compute.extend({
  labels: z.record(z.string(), z.string()).optional(),
  sizeGb: z.string().optional(),
  users: z.array(z.string()).optional(),
});
const Rule = Compute.extend({ IPAddress: z.string().optional(), target: z.string().optional() });
const Pool = Compute.extend({ instances: z.array(z.string()).optional() });
const Address = Compute.extend({ address: z.string().optional(), status: z.string().optional() });

type Cluster = Readonly<z.infer<typeof Cluster>>;
type Compute = Readonly<z.infer<typeof Compute>>;

/** GKE's label on everything that it makes for a cluster (cloud.google.com, "Creating and managing labels"). */
const CLUSTER_LABEL = "goog-k8s-cluster-name";

/** What we know of the clusters that we made. */
interface Known {
  readonly project: string;
  readonly records: ReadonlyMap<string, readonly Entry[]>;
  /** The clusters that exist. */
  readonly clusters: readonly Cluster[];
}

/**
 * The clusters of ours in a project, and the disks and addresses that GKE made for clusters of ours. GKE does not
 * always remove those with their cluster (gcloud container clusters delete --help). Something is ours when our own
 * records say that we had a cluster of that name at the time of its making.
 */
export async function inventory(
  project: string,
  store: Store,
  platform: Platform,
  signal: AbortSignal,
): Promise<PlatformObject[]> {
  const listed = async <T>(kind: Listable, form: z.ZodType<T>): Promise<T[]> => {
    const { success, data } = z.array(form).safeParse(await platform.list(kind, project, signal));
    if (success) return data;
    throw new UserError(
      "PlatformUnknown",
      `gcloud lists ${kind} of project ${project} in a form that is not known.`,
      "Check the version of gcloud.",
    );
  };
  // Objects before records, since a record is written before its cluster is made.
  const [clusters, disks, rules, pools, addresses] = await Promise.all([
    listed("clusters", Cluster),
    listed("disks", Disk),
    listed("forwarding rules", Rule),
    listed("target pools", Pool),
    listed("addresses", Address),
  ]);
  const known: Known = { project, clusters, records: await allRecords(store) };
  const poolClusters = new Map(pools.map((pool) => [pool.name, clusterOfPool(pool, known)]));
  return [
    ...clusters.flatMap((cluster) => ourCluster(cluster, known)),
    ...disks.flatMap((disk) =>
      made("disk", disk, clusterOfDisk(disk, known), known, {
        state: `${disk.sizeGb ?? "?"} GB`,
        isUsed: (disk.users ?? []).length > 0,
        remove: remove("disks", disk, known),
      }),
    ),
    ...rules.flatMap((rule) =>
      made("forwarding rule", rule, poolClusters.get(lastPart(rule.target ?? "")), known, {
        state: rule.IPAddress ?? "no address",
        isUsed: false,
        remove: remove("forwarding-rules", rule, known),
      }),
    ),
    ...addresses.flatMap((address) =>
      made("address", address, poolClusters.get(address.name), known, {
        state: address.address ?? "no address",
        isUsed: address.status !== "RESERVED",
        remove: remove("addresses", address, known),
      }),
    ),
  ];
}

/** A cluster that our records say is ours. */
function ourCluster({ name, location, status, createTime }: Cluster, { project, records }: Known): PlatformObject[] {
  const last = records.get(name)?.at(-1);
  if (!last || !isOurs({ createTime, ...recorded(last) }, last)) return [];
  return [
    {
      kind: "cluster",
      name,
      tag: last.tag,
      state: status,
      evidence: `our record of ${last.at} says "${last.stage}"`,
      isRoot: true,
      isHeld: status === "STOPPING",
      remove: deleteCommand({ cluster: name, gcp: { project, location } }),
    },
  ];
}

/** Something that GKE made for a cluster of ours; nothing when no record of ours tells of that cluster at that time. */
function made(
  kind: string,
  object: Compute,
  cluster: string | undefined,
  { records, clusters }: Known,
  { state, isUsed, remove }: { readonly state: string; readonly isUsed: boolean; readonly remove: string },
): PlatformObject[] {
  const at = Date.parse(object.creationTimestamp);
  const record = cluster === undefined ? undefined : lifeAt(at, records.get(cluster) ?? []);
  if (!record) return [];
  const stands = clusters.some(({ name, createTime }) => name === cluster && Date.parse(createTime) <= at);
  return [
    {
      kind,
      name: object.name,
      tag: record.tag,
      state,
      evidence: `GKE made it for cluster ${cluster}, which we began to make at ${record.at}`,
      isRoot: false,
      isHeld: stands || isUsed,
      remove,
    },
  ];
}

/** The record that began the cluster's life at a time; undefined when there was no cluster of ours then. */
function lifeAt(at: number, records: readonly Entry[]): Entry | undefined {
  const before = records.filter((record) => Date.parse(record.at) <= at);
  const end = before.at(-1)?.stage;
  if (end === undefined || end === "removed" || end === "not made") return undefined;
  return before.findLast(({ stage }) => stage === "making");
}

/** By GKE's label, or by the name that the older driver of disks gave: `gke-CLUSTER-HASH-dynamic-pvc-UID`. */
function clusterOfDisk({ name, labels }: z.infer<typeof Disk>, { records }: Known): string | undefined {
  const label = labels?.[CLUSTER_LABEL];
  if (label !== undefined) return label;
  const [, cluster] = /^gke-(.+)-[0-9a-f]{8}-dynamic-pvc-/.exec(name) ?? [];
  return cluster !== undefined && records.has(cluster) ? cluster : undefined;
}

/** A pool names the instances behind it, `gke-CLUSTER-POOL-HASH-ID`, also when these are gone. All must be of one. */
function clusterOfPool({ instances = [] }: z.infer<typeof Pool>, { records }: Known): string | undefined {
  const owners = new Set(
    instances.map((instance) =>
      [...records.keys()].find((cluster) => {
        const name = lastPart(instance);
        const start = `gke-${cluster}-`;
        return name.startsWith(start) && /^[a-z]/.test(name.slice(start.length));
      }),
    ),
  );
  const [owner] = owners;
  return owners.size === 1 ? owner : undefined;
}

const lastPart = (url: string): string => url.split("/").at(-1) ?? url;

function remove(group: string, { name, zone, region }: Compute, { project }: Known): string {
  const where = zone ? ["--zone", lastPart(zone)] : region ? ["--region", lastPart(region)] : ["--global"];
  return ["gcloud", "compute", group, "delete", name, ...where, "--project", project].join(" ");
}
