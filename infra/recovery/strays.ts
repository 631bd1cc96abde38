import { type CloudflareObject, cloudflareObjects, removeCloudflareObject } from "../clients/cloudflare";
import { ownerComment } from "../dns-owner";
import type { Exported } from "./pending";

/**
 * Removes the DNS records that carry a network's comment and are not in its stack's state: Cloudflare has made them, and
 * the engine or its plugin was killed, or the answer lost, before the state could hold them. Cloudflare would refuse to
 * make them again, and no destroy would find them.
 * @param zoneId of the zone at Cloudflare
 * @param tag build tag, `v1.2.3+1`
 * @returns the names of the records removed
 */
export async function removeStrays(state: Exported, zoneId: string, tag: string): Promise<string[]> {
  const path = `zones/${zoneId}/dns_records`;
  const comment = ownerComment(tag);
  const records = await cloudflareObjects(`${path}?comment.exact=${encodeURIComponent(comment)}&per_page=100`);
  const found = strays(records, comment, state);
  for (const { id } of found) await removeCloudflareObject(`${path}/${id}`);
  return found.map(({ name }) => String(name));
}

/** Records with our comment that the state does not know. Pure. */
export function strays(records: readonly CloudflareObject[], comment: string, state: Exported): CloudflareObject[] {
  const known = new Set((state.deployment.resources ?? []).map(({ id }) => id));
  return records.filter((record) => record.comment === comment && !known.has(record.id));
}
