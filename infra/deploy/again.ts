import { manifestsOf, parseManifest } from "../archive/manifest";
import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import { type Exported, rootOutputs } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { edgePrefixes } from "../base/model/edge";
import { readHistoryRecord } from "../base/model/history-record";
import { EdgeOutputs } from "../base/model/outputs";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

/** What remembers the networks that are gone. */
export interface Memory {
  readonly cloudflare: Pick<Cloudflare, "getKv" | "listKv">;
  /** Cloudflare account. */
  readonly accountId: string;
  /** State of the stack `edge`. */
  readonly edge: Exported;
  readonly store: Store;
}

/**
 * Checks that a build was not deployed and retired before. An old job of CI that runs again would pay for a network that
 * nobody wants any more. A build without any record is new.
 * @throws {UserError} that says when it was retired, or when a record cannot be read
 */
export async function requireNew(tag: BuildTag, memory: Memory): Promise<void> {
  const ends = await together(retiredAt(tag, memory), archivedAt(tag, memory.store));
  const [retired, archived] = ends;
  if (retired === undefined && archived === undefined) return;
  const text = buildTag(tag);
  const how = retired === undefined ? `archived at ${archived}` : `retired at ${retired}`;
  throw new UserError(
    "BuildRetired",
    `${text} was deployed before, and ${how}.`,
    `If the same build is to come back, run \`smeshnet deploy ${text} --again\`.`,
  );
}

/** The end of the last life that the edge remembers, RFC 3339; undefined without one. */
async function retiredAt(tag: BuildTag, { cloudflare, accountId, edge }: Memory): Promise<string | undefined> {
  const { success, data } = EdgeOutputs.safeParse(rootOutputs(edge));
  if (!success) return undefined; // an edge that is not complete remembers nothing
  const namespace: KvNamespace = { accountId, namespaceId: data.namespaceId };
  const keys = await cloudflare.listKv(namespace, edgePrefixes.history(stackName(tag)));
  const values = await Promise.all(keys.map((key) => cloudflare.getKv(namespace, key)));
  return latest(values.map((value) => value && readHistoryRecord(value)?.retiredAt));
}

/** When the last archive of a build was closed. A network from before histories has nothing else. */
async function archivedAt(tag: BuildTag, store: Store): Promise<string | undefined> {
  const keys = await manifestsOf(store, buildTag(tag));
  return latest(await Promise.all(keys.map((key) => closedAt(store, key))));
}

/** A damaged manifest proves nothing; `smeshnet archive verify` reports it. */
async function closedAt(store: Store, key: string): Promise<string | undefined> {
  const text = await textOf(store.get(key));
  try {
    return parseManifest(key, text).closedAt;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const latest = (times: readonly (string | undefined)[]): string | undefined =>
  times
    .flatMap((time) => time || [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
