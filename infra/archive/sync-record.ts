import { z } from "zod";
import { atOnce } from "../base/lib/at-once";
import { grouped } from "../base/lib/grouped";
import { parsedJson } from "../base/lib/json";
import type { Run } from "../base/lib/run";
import { sha256Of } from "../base/lib/sha256";
import { buildTagText, listOf, nonEmptyText, object, sha256Text, timeText, wholeFrom } from "../base/model/formats";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

// Records of shipped logs are a stored format: the names of the keys below are contracts.

const digest = { bytes: wholeFrom(0), sha256: sha256Text };

/** Where a reader stands in a file of the kubelet: bytes from its start with their SHA-256, and the lines that they hold. */
const Mark = object({ lines: wholeFrom(0), ...digest });
export type Mark = Readonly<z.infer<typeof Mark>>;

/** Logs that were shipped while their container ran: a segment of the log of one run, or the end of it. */
const SyncRecord = object({
  schema: z.literal(1, "1"),
  tag: buildTagText,
  pod: nonEmptyText,
  /** Uid of the pod. */
  uid: nonEmptyText,
  container: nonEmptyText,
  /** All containers of the pod that had run by then, since their records may be missing. */
  containers: listOf(nonEmptyText),
  /** Whether the container runs once, at the start of its pod. */
  isStarter: z.boolean("true or false"),
  /** The restarts before the run. */
  run: wholeFrom(0),
  /** Id that the container runtime gave the run. */
  id: z.string("text"),
  /** Number of the segment within its run, from 1. */
  number: wholeFrom(1),
  /** When it was shipped, RFC 3339. */
  at: timeText,
  /** The segment; absent when the run has no line yet, or ended without another one. */
  segment: object({
    /** Key in the store, `sync/...log.zst`. */
    key: nonEmptyText,
    ...digest,
    content: object(digest),
    /** Times of its first line and of its last one. */
    from: timeText,
    to: timeText,
  }).optional(),
  /** What was read of the kubelet's file once this segment was. */
  mark: Mark,
  /** Whether lines before this segment were lost. */
  cutOff: z.boolean("true or false"),
  /** Whether the run was over, so that its log is complete. */
  ended: z.boolean("true or false"),
});
export type SyncRecord = Readonly<z.infer<typeof SyncRecord>>;
export type Segment = NonNullable<SyncRecord["segment"]>;

/** The network whose logs are shipped: a life of a tag. */
export interface SyncedNetwork {
  /** Build tag. */
  readonly tag: string;
  /** Genesis, RFC 3339. A tag that is deployed again has another one. */
  readonly genesisTime: string;
}

/** Folder of a network's shipped logs. Logs of an earlier life of the tag are not below it. */
export const syncFolder = ({ tag, genesisTime }: SyncedNetwork): string =>
  `sync/${tag}/${new Date(genesisTime).toISOString()}/`;

/** Folder of a run within that of its network. */
export const runFolder = ({ uid, container, number, id }: RunIdentity): string =>
  `${uid}/${container}/${number}-${sha256Of(id).slice(0, 12)}/`;

interface RunIdentity {
  readonly uid: string;
  readonly container: string;
  readonly number: number;
  readonly id: string;
}

/** Records of a run have numbers without a hole, so the first writer of a number wins. */
export const recordKey = (folder: string, number: number): string => `${folder}${String(number).padStart(6, "0")}.json`;

/** At most so many records are read at the same time. */
const AT_ONCE = 16;

/**
 * The records of a network's shipped logs, in the order of their keys. Damaged and foreign ones are told and left out.
 * @throws {UserError} when the store cannot be read
 */
export async function syncRecords(store: Source, network: SyncedNetwork, run: Speaker): Promise<SyncRecord[]> {
  const keys = await recordKeys(store, network);
  const read = await atOnce(keys, AT_ONCE, (key) => recordAt(store, network, key, run));
  return read.flatMap((record) => record ?? []);
}

/** Where to go on with the log of a run. */
export interface LastRecord {
  /** The last record that is valid. */
  readonly record?: SyncRecord;
  /** The highest number that is taken, also by a record that is not valid. */
  readonly taken: number;
}

/** The last record of each run, by {@link runFolder}. @throws {UserError} when the store cannot be read */
export async function lastRecords(
  store: Source,
  network: SyncedNetwork,
  run: Speaker,
): Promise<ReadonlyMap<string, LastRecord>> {
  const folder = syncFolder(network);
  const runs = [
    ...grouped(await recordKeys(store, network), (key) => key.slice(folder.length, key.lastIndexOf("/") + 1)),
  ];
  const read = await atOnce(runs, AT_ONCE, async ([name, keys]): Promise<[string, LastRecord]> => {
    const taken = Number(/\/(\d+)\.json$/.exec(keys.at(-1) ?? "")?.[1]);
    for (const key of keys.toReversed()) {
      const record = await recordAt(store, network, key, run);
      if (record) return [name, { record, taken }];
    }
    return [name, { taken }];
  });
  return new Map(read);
}

type Source = Pick<Store, "list" | "get">;
type Speaker = Pick<Run, "say">;

const recordKeys = async (store: Source, network: SyncedNetwork): Promise<string[]> =>
  (await store.list(syncFolder(network))).filter((key) => /\/\d{6}\.json$/.test(key)).sort();

async function recordAt(
  store: Source,
  network: SyncedNetwork,
  key: string,
  { say }: Speaker,
): Promise<SyncRecord | undefined> {
  const folder = syncFolder(network);
  const { data } = SyncRecord.safeParse(parsedJson(await textOf(store.get(key))));
  const own = data && recordKey(`${folder}${runFolder({ ...data, number: data.run })}`, data.number);
  if (data && own === key && data.tag === network.tag && data.segment?.key.startsWith(folder) !== false) return data;
  say(`${key} is not a record of shipped logs, and is left out`);
  return undefined;
}
