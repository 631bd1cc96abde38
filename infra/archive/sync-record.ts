import { z } from "zod";
import { atOnce } from "../base/lib/at-once";
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
 * @param onlyLast only the last record of each run, which tells where to go on
 * @throws {UserError} when the store cannot be read
 */
export async function syncRecords(
  store: Pick<Store, "list" | "get">,
  network: SyncedNetwork,
  { say }: Pick<Run, "say">,
  onlyLast = false,
): Promise<SyncRecord[]> {
  const folder = syncFolder(network);
  const all = (await store.list(folder)).filter((key) => /\/\d{6}\.json$/.test(key)).sort();
  const last = new Map(all.map((key) => [key.slice(0, key.lastIndexOf("/")), key]));
  const read = await atOnce(onlyLast ? [...last.values()] : all, AT_ONCE, async (key) => {
    const { data } = SyncRecord.safeParse(parsedJson(await textOf(store.get(key))));
    const own = data && recordKey(`${folder}${runFolder({ ...data, number: data.run })}`, data.number);
    if (data && own === key && data.tag === network.tag && data.segment?.key.startsWith(folder) !== false) return data;
    say(`${key} is not a record of shipped logs, and is left out`);
    return undefined;
  });
  return read.flatMap((record) => record ?? []);
}
