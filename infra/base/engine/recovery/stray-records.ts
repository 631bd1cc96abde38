import type { Cloudflare, CloudflareObject } from "../../clients/cloudflare";
import { ownerComment } from "../../model/ownership";
import type { Exported } from "../state";

/**
 * The DNS records that carry the comment of a network or a channel, but are not in its stack's state. Cloudflare
 * created them, and the engine was killed before its state could hold them. Cloudflare would refuse to create them
 * again, and no destroy would find them.
 * @param zoneId of the zone at Cloudflare
 * @param owner build tag, `v1.2.3+1`, or the name of a channel
 */
export async function findStrayRecords(
  state: Exported,
  zoneId: string,
  owner: string,
  cloudflare: Cloudflare,
): Promise<CloudflareObject[]> {
  const comment = ownerComment(owner);
  return strayRecordsAmong(await cloudflare.dnsRecords(zoneId, { comment }), comment, state);
}

/** The records with this very comment that a state does not know. */
export function strayRecordsAmong(
  records: readonly CloudflareObject[],
  comment: string,
  state: Exported,
): CloudflareObject[] {
  const known = new Set((state.deployment.resources ?? []).map(({ id }) => id));
  return records.filter((record) => record.comment === comment && !known.has(record.id));
}
