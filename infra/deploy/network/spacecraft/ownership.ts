import { z } from "zod";
import { UserError } from "../../../base/lib/errors";
import { parsedJson } from "../../../base/lib/json";
import { timeText } from "../../../base/model/formats";
import { ObjectExists, type Store } from "../../../base/store/contract";
import { textOf } from "../../../base/store/digest";

/**
 * What a record says of a cluster; plan.ts decides by the last one. The last record tells whose a cluster without our marker is, for example because we
 * were killed before we could set the marker:
 *
 * | last record          | a cluster of that name is                                     |
 * |----------------------|---------------------------------------------------------------|
 * | making               | ours if it was created after the record; else not ours        |
 * | made, removing       | ours if it has the recorded creation time; else not ours      |
 * | not made, removed    | not ours                                                      |
 * | none                 | not ours                                                      |
 */
const STAGES = ["making", "made", "not made", "removing", "removed"] as const;
export type Stage = (typeof STAGES)[number];

const Entry = z.object({
  tag: z.string(),
  stage: z.enum(STAGES),
  /** RFC 3339. */
  at: timeText,
  /** Creation time of a cluster that exists (RFC 3339); GKE tells it from others of its name by that. */
  createTime: timeText.optional(),
});
export type Entry = Readonly<z.infer<typeof Entry>>;

/** Adds a record of a cluster to the store. */
export async function recordStage(
  store: Store,
  cluster: string,
  { tag, stage, at, createTime }: Omit<Entry, "at"> & { readonly at: Date },
): Promise<void> {
  const number = (await lastNumber(store, cluster)) + 1;
  const entry: Entry = { tag, stage, at: at.toISOString(), createTime };
  try {
    await store.put(keyOf(cluster, number), JSON.stringify(entry));
  } catch (error) {
    // Another run of the same step just wrote it.
    if (!(error instanceof ObjectExists)) throw error;
  }
}

/** What the last record of a cluster says. */
export interface Recorded {
  /** When its creation was recorded (RFC 3339), if that is the last record. */
  readonly intent?: string;
  /** Creation time of the cluster that is ours and exists (RFC 3339). */
  readonly standing?: string;
}

/** Reads the last record of a cluster. @throws {UserError} when it is damaged */
export async function lastRecord(store: Store, cluster: string): Promise<Recorded> {
  const number = await lastNumber(store, cluster);
  if (number === 0) return {};
  return recorded(await readEntry(store, keyOf(cluster, number)));
}

/** Number of the last record of a cluster; 0 without one. */
async function lastNumber(store: Store, cluster: string): Promise<number> {
  const keys = await store.list(folder(cluster));
  return Math.max(0, ...keys.map((key) => Number(/\/([1-9]\d*)\.json$/.exec(key)?.[1] ?? 0)));
}

/** What a record says when it is the last one. */
export function recorded({ stage, at, createTime }: Entry): Recorded {
  if (stage === "making") return { intent: at };
  return stage === "made" || stage === "removing" ? { standing: createTime } : {};
}

/** All records of all clusters that we ever began to create, oldest first. @throws {UserError} when one is damaged */
export async function allRecords(store: Store): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const all = new Map<string, { readonly number: number; readonly entry: Entry }[]>();
  for (const key of await store.list(INTENTS)) {
    const [, cluster, number] = /^intents\/([^/]+)\/(\d+)\.json$/.exec(key) ?? [];
    if (cluster === undefined) continue;
    const entry = await readEntry(store, key);
    all.set(cluster, [...(all.get(cluster) ?? []), { number: Number(number), entry }]);
  }
  return new Map(
    [...all].map(([cluster, numbered]) => [
      cluster,
      numbered.sort((a, b) => a.number - b.number).map(({ entry }) => entry),
    ]),
  );
}

async function readEntry(store: Store, key: string): Promise<Entry> {
  const { success, data } = Entry.safeParse(parsedJson(await textOf(store.get(key))));
  if (success) return data;
  throw new UserError(
    "ClusterRecordInvalid",
    `${key} in the store is not a valid record of a cluster.`,
    "Restore the original object; records must never be edited.",
  );
}

const INTENTS = "intents/";

const folder = (cluster: string): string => `${INTENTS}${cluster}/`;

const keyOf = (cluster: string, number: number): string => `${folder(cluster)}${number}.json`;
