import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import type { Run } from "../base/lib/run";
import { waitFor } from "../base/lib/wait";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { historyKey } from "../base/model/edge";
import { type HistoryRecord, readHistoryRecord, type StoredRecord } from "../base/model/history-record";
import { ObjectExists, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

/** Longest wait for the edge's values to show a record, in seconds. Cloudflare shows a write after 60 s at most. */
const LIMIT = 150;

/** Time between two looks, in seconds. */
const EVERY = 5;

const folderOf = (tag: BuildTag): string => `history/${stackName(tag)}/`;

const storeKeyOf = (tag: BuildTag, openedAt: string): string => `${folderOf(tag)}${openedAt}.json`;

/**
 * Keeps the record of a retired network. The store decides which record counts, since its first writer wins. The values
 * of the edge do not tell: they may show for a minute that there is none, although there is one.
 * @returns the text of the record that is kept, which may be an earlier one
 * @throws {UserError} when the store or Cloudflare does not answer, or the edge does not show the record
 */
export async function keepRecord(
  { store, cloudflare, namespace, tag }: RecordPlace,
  record: HistoryRecord,
  run: Run,
): Promise<string> {
  const { openedAt } = record;
  const key = historyKey(tag, openedAt);
  const before = await cloudflare.getKv(namespace, key);
  if (before !== undefined) return before; // also one from before the store kept records
  const text = await firstIn(store, storeKeyOf(tag, openedAt), JSON.stringify(record), run);
  await cloudflare.putKv(namespace, key, text);
  const look = async () => {
    const seen = await cloudflare.getKv(namespace, key);
    if (seen === text) return { value: true };
    return { seen: seen === undefined ? "it shows none yet" : "it shows another one" };
  };
  await waitFor(look, { what: `the edge to show the record of ${buildTag(tag)}`, limit: LIMIT, every: EVERY }, run);
  return text;
}

export interface RecordPlace {
  readonly store: Store;
  readonly cloudflare: Pick<Cloudflare, "getKv" | "putKv">;
  readonly namespace: KvNamespace;
  readonly tag: BuildTag;
}

/** The record that was stored first. One that is not of this life counts for nothing. */
async function firstIn(store: Store, key: string, text: string, run: Pick<Run, "say">): Promise<string> {
  try {
    await store.put(key, text);
    return text;
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
  const stored = await textOf(store.get(key));
  const [was, is] = [stored, text].map(readHistoryRecord);
  if (was && was.tag === is?.tag && was.openedAt === is.openedAt) return stored;
  run.say(`${key} in the store is not the record of this network, and is left out`);
  return text;
}

/**
 * The records of all lives of a tag that the store keeps. It has none of networks that an earlier release retired.
 * @throws {UserError} when the store cannot be read
 */
export async function keptRecords(store: Pick<Store, "list" | "get">, tag: BuildTag): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const key of await store.list(folderOf(tag))) {
    const record = readHistoryRecord(await textOf(store.get(key)));
    if (record && record.tag === buildTag(tag) && key === storeKeyOf(tag, record.openedAt)) records.push(record);
  }
  return records;
}
