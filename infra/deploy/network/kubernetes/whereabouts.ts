import { z } from "zod";
import { UserError } from "../../../base/lib/errors";
import { jsonOf } from "../../../base/lib/json";
import { sameKnown } from "../../../base/lib/same-known";
import { putNew, type Store } from "../../../base/store/contract";
import { textOf } from "../../../base/store/digest";

// A name of a namespace says nothing of its cluster, and a context can lead to another one tomorrow. So the store keeps
// in which cluster a network was made. What is absent in another cluster says nothing of the network.

const Entry = z.object({
  tag: z.string(),
  /** The uid of the namespace kube-system, which stands for the cluster's own (kubernetes-sigs, cluster identity). */
  cluster: z.string(),
  stage: z.enum(["making", "removed"]),
  /** RFC 3339. */
  at: z.string(),
});
type Entry = Readonly<z.infer<typeof Entry>>;
export type Stage = Entry["stage"];

/** Records that a network is being made in a cluster, or was removed from it. */
export async function recordWhereabouts(store: Store, namespace: string, entry: Entry): Promise<void> {
  const last = await lastEntry(store, namespace);
  if (last?.stage === entry.stage && last.cluster === entry.cluster && last.tag === entry.tag) return;
  await putNew(store, keyOf(namespace, (await lastNumber(store, namespace)) + 1), JSON.stringify(entry));
}

/** The uid of the cluster in which a network was made and not removed; undefined when nobody recorded one. */
export async function standingIn(store: Store, namespace: string): Promise<string | undefined> {
  const last = await lastEntry(store, namespace);
  return last?.stage === "making" ? last.cluster : undefined;
}

/** The uid of the cluster in which a network was last made, also when it was removed; undefined when nobody recorded one. */
export async function clusterOfRecord(store: Store, namespace: string, tag: string): Promise<string | undefined> {
  const last = await lastEntry(store, namespace);
  return sameKnown(last?.tag, tag) ? last?.cluster : undefined;
}

async function lastEntry(store: Store, namespace: string): Promise<Entry | undefined> {
  const number = await lastNumber(store, namespace);
  if (number === 0) return undefined;
  const key = keyOf(namespace, number);
  const entry = jsonOf(await textOf(store.get(key)), Entry);
  if (entry) return entry;
  throw new UserError(
    "ClusterRecordInvalid",
    `${key} in the store is not a valid record of a cluster.`,
    "Restore the original object; records must never be edited.",
  );
}

async function lastNumber(store: Store, namespace: string): Promise<number> {
  const keys = await store.list(`namespaces/${namespace}/`);
  return Math.max(0, ...keys.map((key) => Number(/\/([1-9]\d*)\.json$/.exec(key)?.[1] ?? 0)));
}

const keyOf = (namespace: string, number: number): string => `namespaces/${namespace}/${number}.json`;
