import { ObjectExists, type Store, textOf } from "../store";

/** What a record says: that a cluster is about to be made; that it stands and is marked, was not made, or is gone. */
export type Stage = "making" | "made" | "not made" | "removed";

interface Entry {
  readonly tag: string;
  readonly stage: Stage;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * Before a cluster is made, the intent is written to the archive store. A cluster that appears afterwards without our
 * marker (we were killed before we could set it) is then known to be ours, and one that was there before, or comes after
 * ours was made, given up or removed, is known not to be.
 */
export async function recordStage(store: Store, cluster: string, tag: string, stage: Stage, at: Date): Promise<void> {
  const number = (await store.list(folder(cluster))).length + 1;
  const entry: Entry = { tag, stage, at: at.toISOString() };
  try {
    await store.put(keyOf(cluster, number), JSON.stringify(entry));
  } catch (error) {
    // Another run of the same step has just written it.
    if (!(error instanceof ObjectExists)) throw error;
  }
}

/** When it was written down that this cluster was to be made (RFC 3339), while nothing has been written down since. */
export async function openIntent(store: Store, cluster: string): Promise<string | undefined> {
  const number = (await store.list(folder(cluster))).length;
  if (number === 0) return undefined;
  const { stage, at } = JSON.parse(await textOf(store.get(keyOf(cluster, number)))) as Entry;
  return stage === "making" ? at : undefined;
}

const folder = (cluster: string): string => `intents/${cluster}/`;

const keyOf = (cluster: string, number: number): string => `${folder(cluster)}${number}.json`;
