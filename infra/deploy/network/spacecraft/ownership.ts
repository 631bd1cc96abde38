import { ObjectExists, type Store } from "../../../base/store/contract";
import { textOf } from "../../../base/store/digest";

/** What a record says: that a cluster is about to be made or removed; that it stands and is marked, was not made, or is gone. */
export type Stage = "making" | "made" | "not made" | "removing" | "removed";

interface Entry {
  readonly tag: string;
  readonly stage: Stage;
  /** RFC 3339. */
  readonly at: string;
  /** When the cluster came to be (RFC 3339), by which GKE tells it from others of its name; for one that stands. */
  readonly createTime?: string;
}

/**
 * Before a cluster is made, the intent is written to the archive store. A cluster that appears afterwards without our
 * marker (we were killed before we could set it) is then known to be ours, and one that was there before, or comes after
 * ours was made, given up or removed, is known not to be. One that has stood is known by the time it came to be, also when nobody can ask
 * it for its marker any more.
 */
export async function recordStage(
  store: Store,
  cluster: string,
  tag: string,
  stage: Stage,
  at: Date,
  createTime?: string,
): Promise<void> {
  const number = (await store.list(folder(cluster))).length + 1;
  const entry: Entry = { tag, stage, at: at.toISOString(), createTime };
  try {
    await store.put(keyOf(cluster, number), JSON.stringify(entry));
  } catch (error) {
    // Another run of the same step has just written it.
    if (!(error instanceof ObjectExists)) throw error;
  }
}

/** What the last record of a cluster says. */
export interface Recorded {
  /** When it was written down that it was to be made (RFC 3339), while nothing has been written down since. */
  readonly intent?: string;
  /** When the one came to be that is ours and stands (RFC 3339). */
  readonly standing?: string;
}

/** Reads the last record of a cluster. */
export async function lastRecord(store: Store, cluster: string): Promise<Recorded> {
  const number = (await store.list(folder(cluster))).length;
  if (number === 0) return {};
  const { stage, at, createTime } = JSON.parse(await textOf(store.get(keyOf(cluster, number)))) as Entry;
  if (stage === "making") return { intent: at };
  return stage === "made" || stage === "removing" ? { standing: createTime } : {};
}

const folder = (cluster: string): string => `intents/${cluster}/`;

const keyOf = (cluster: string, number: number): string => `${folder(cluster)}${number}.json`;
