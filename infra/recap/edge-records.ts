import { z } from "zod";
import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import { parsedJson } from "../base/lib/json";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { edgePrefixes } from "../base/model/edge";
import { readHistoryRecord, type StoredRecord } from "../base/model/history-record";
import type { FailedDeployment } from "./facts";
import type { RecapSources } from "./gather";

const text = z.string();
const Failure: z.ZodType<FailedDeployment> = z.looseObject({
  at: z.iso.datetime(),
  commit: text.optional(),
  cause: z.looseObject({ step: text, part: text.optional(), saw: text, fix: text.optional() }),
  log: z.looseObject({ run: text.optional() }),
  next: z.looseObject({ tag: text }),
});

/** How the last deployment failed, as the record of a retired network keeps it. */
const Failed = z.looseObject({ failed: z.looseObject({ at: z.iso.datetime(), step: text, saw: text }) });

/**
 * What the edge keeps of a network: its history, and why its deployment failed. A record that is not valid is left out.
 * @throws {UserError} as Cloudflare's client
 */
export async function edgeRecords(
  tag: BuildTag,
  cloudflare: Pick<Cloudflare, "getKv" | "listKv">,
  namespace: KvNamespace,
): Promise<Pick<RecapSources, "history" | "failure">> {
  const keys = await cloudflare.listKv(namespace, edgePrefixes.history(stackName(tag)));
  const stored = await Promise.all(keys.map((key) => cloudflare.getKv(namespace, key)));
  const history = stored.flatMap((value) => (value === undefined ? [] : (readHistoryRecord(value) ?? [])));
  const kept = await cloudflare.getKv(namespace, `failed:${stackName(tag)}`);
  const failure = kept === undefined ? failureIn(tag, history) : Failure.safeParse(parsedJson(kept)).data;
  return { history, ...(failure && { failure }) };
}

/** The failure of the last life, when the network is retired and its own record is gone. */
function failureIn(tag: BuildTag, history: readonly StoredRecord[]): FailedDeployment | undefined {
  const last = [...history].sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt)).at(-1);
  const { success, data } = Failed.safeParse(last);
  if (!success) return undefined;
  const { at, step, saw } = data.failed;
  return { at, cause: { step, saw }, log: {}, next: { tag: buildTag({ ...tag, build: tag.build + 1 }) } };
}
