import { readHistoryRecord, type StoredRecord } from "../infra/base/model/history-record";
import type { RecapLink } from "../infra/base/model/recap-link";

/** A retired network. */
export interface Retired extends StoredRecord {
  /** Name in keys and paths, `1_2_3_1`. */
  readonly name: string;
  /** Its postmortem or recap, once there is one. */
  readonly story?: RecapLink;
}

/**
 * Reads a stored record; undefined when the value is not a record.
 * @param key without its prefix, `1_2_3_1:2026-11-25T07:40:02Z`
 */
export function readRetired(key: string, stored: string): Retired | undefined {
  const [name = ""] = key.split(":");
  const record = readHistoryRecord(stored);
  return record && { ...record, name };
}

/** The order of the history: the newest retirement first. */
export const newestRetirementFirst = (records: readonly Retired[]): Retired[] =>
  records.toSorted((a, b) => Date.parse(b.retiredAt) - Date.parse(a.retiredAt) || (a.name < b.name ? -1 : 1));

/** The record as the public reads it, with the address of its postmortem or recap. */
export const publicRecord = ({ name: _, story, ...record }: Retired): object => ({
  ...record,
  ...(story && { [story.kind]: story.url }),
});
