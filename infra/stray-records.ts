/** A DNS record, as Cloudflare's API lists it. */
export interface ZoneRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly comment?: string | null;
}

/** The records of a zone. Both throw a {@link UserError} when the API does not do it. */
export interface Zone {
  /** Those that carry a comment. */
  withComment(comment: string): Promise<readonly ZoneRecord[]>;
  remove(id: string): Promise<void>;
}

/** The comment on each record of a network, which says whose it is. */
export const recordComment = (tag: string): string => `smeshnet ${tag}`;

/**
 * Removes the records of a build tag that its stack's state does not hold. They are left when a deployment is killed, or
 * Cloudflare's answer is lost, after a record was made; Cloudflare then refuses to make the same record again.
 * @param inState ids of the records in the state
 * @returns the names of the removed records
 */
export async function clearStrays(zone: Zone, tag: string, inState: ReadonlySet<string>): Promise<string[]> {
  const comment = recordComment(tag);
  const records = await zone.withComment(comment);
  const strays = records.filter((record) => record.comment === comment && !inState.has(record.id));
  for (const { id } of strays) await zone.remove(id);
  return strays.map(({ name }) => name);
}
