import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import { storedFailure } from "../base/clients/failures";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { edgePrefixes } from "../base/model/edge";
import { readHistoryRecord, type StoredRecord } from "../base/model/history-record";
import type { Store } from "../base/store/contract";
import { keptRecords } from "../retire/records";
import type { FailedDeployment } from "./facts";
import type { RecapSources } from "./gather";

/**
 * What the edge keeps of a network: its history, and why its deployment failed. A record that is not valid is left out.
 * @param store has also the record that the edge does not show yet
 * @throws {UserError} as Cloudflare's client, or when the store cannot be read
 */
export async function edgeRecords(
  tag: BuildTag,
  cloudflare: Pick<Cloudflare, "getKv" | "listKv">,
  namespace: KvNamespace,
  store: Pick<Store, "list" | "get">,
): Promise<Pick<RecapSources, "history" | "failure">> {
  const history = await recordsOf(tag, cloudflare, namespace, store);
  const failure = (await storedFailure(cloudflare, namespace, tag)) ?? failureOfLast(tag, history);
  return { history, ...(failure && { failure }) };
}

/** The records of all lives of a tag, by the edge and by the store, each once. @throws {UserError} */
export async function recordsOf(
  tag: BuildTag,
  cloudflare: Pick<Cloudflare, "getKv" | "listKv">,
  namespace: KvNamespace,
  store: Pick<Store, "list" | "get">,
): Promise<StoredRecord[]> {
  const keys = await cloudflare.listKv(namespace, edgePrefixes.history(stackName(tag)));
  const stored = await Promise.all(keys.map((key) => cloudflare.getKv(namespace, key)));
  const shown = stored.flatMap((value) => (value === undefined ? [] : (readHistoryRecord(value) ?? [])));
  const kept = await keptRecords(store, tag);
  return [...shown, ...kept.filter(({ openedAt }) => !shown.some((record) => record.openedAt === openedAt))];
}

/** The failure of the last life, when the network is retired and its own record is gone. */
function failureOfLast(tag: BuildTag, history: readonly StoredRecord[]): FailedDeployment | undefined {
  const last = [...history].sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt)).at(-1);
  if (!last?.failed) return undefined;
  const { at, step, saw } = last.failed;
  return { at, cause: { step, saw }, log: {}, next: { tag: buildTag({ ...tag, build: tag.build + 1 }) } };
}
