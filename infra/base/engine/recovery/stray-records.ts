import { type CloudflareObject, cloudflareObjects, removeCloudflareObject } from "../../clients/cloudflare";
import { ownerComment } from "../../model/ownership";
import type { Exported } from "../state";

/**
 * The DNS records that carry a network's or a channel's comment and are not in its stack's state: Cloudflare has made them, and the engine
 * or its plugin was killed, or the answer lost, before the state could hold them. Cloudflare would refuse to make them
 * again, and no destroy would find them.
 * @param zoneId of the zone at Cloudflare
 * @param owner build tag, `v1.2.3+1`, or the name of a channel
 */
export async function findStrayRecords(state: Exported, zoneId: string, owner: string): Promise<CloudflareObject[]> {
  const comment = ownerComment(owner);
  const query = `comment.exact=${encodeURIComponent(comment)}&per_page=100`;
  return strayRecordsAmong(await cloudflareObjects(`zones/${zoneId}/dns_records?${query}`), comment, state);
}

/** Removes a record of a zone by its id. */
export const removeRecord = (zoneId: string, id: string): Promise<void> =>
  removeCloudflareObject(`zones/${zoneId}/dns_records/${id}`);

/** Records with our comment that the state does not know. Pure. */
export function strayRecordsAmong(
  records: readonly CloudflareObject[],
  comment: string,
  state: Exported,
): CloudflareObject[] {
  const known = new Set((state.deployment.resources ?? []).map(({ id }) => id));
  return records.filter((record) => record.comment === comment && !known.has(record.id));
}
