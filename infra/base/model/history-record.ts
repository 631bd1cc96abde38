import { isObject, parsedObject } from "../lib/json";
import type { HistoryVerdict } from "./verdict";

// The edge imports this file: no zod, nothing of Node.js.

/** The highest layers that a network's nodes reported at the time of archiving. */
export interface LastSeen {
  readonly verifiedLayer: number;
  readonly topLayer: number;
}

/** How a deployment failed. */
export interface FailedAt {
  readonly step: string;
  /** What the step saw. */
  readonly saw: string;
  /** RFC 3339 */
  readonly at: string;
}

/** The permanent record of a retired network, one for each life of a tag. The edge shows it (edge/history.ts). */
export interface HistoryRecord {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When its deployment began, RFC 3339. */
  readonly openedAt: string;
  /** Id of the life, which its archives have too; absent in records from before ids. */
  readonly life?: string;
  /** When nothing of the network was left, RFC 3339. */
  readonly retiredAt: string;
  readonly verdict: HistoryVerdict;
  /** Why it was retired, in the operator's words. */
  readonly why: string;
  /** URL of the archive manifest; absent when there is no archive. */
  readonly archive?: string;
  /** What the archive lacks, a phrase each; absent when nothing is missing, and in records of older releases. */
  readonly missing?: readonly string[];
  readonly lastSeen?: LastSeen;
  /** How its last deployment failed; absent when it was completed. */
  readonly failed?: FailedAt;
}

/** A record as it is read. A later release may have written another verdict or more fields; those are kept. */
export type StoredRecord = Omit<HistoryRecord, "schema" | "verdict"> & { readonly verdict: string };

/** Reads a stored record; undefined when the text is not a record. Optional fields that are not valid are left out. */
export function readHistoryRecord(stored: string): StoredRecord | undefined {
  const value = parsedObject(stored);
  if (!value) return undefined;
  const { tag, openedAt, retiredAt, verdict, why, life, archive, missing, lastSeen, failed } = value;
  if (!isText(tag) || !isText(verdict) || !isText(why) || !isTime(openedAt) || !isTime(retiredAt)) return undefined;
  const optional = {
    ...(life !== undefined && { life: isText(life) ? life : undefined }),
    archive: isText(archive) ? archive : undefined,
    ...(missing !== undefined && { missing: isTexts(missing) ? missing : undefined }),
    lastSeen: isLastSeen(lastSeen) ? lastSeen : undefined,
    ...(failed !== undefined && { failed: isFailedAt(failed) ? failed : undefined }),
  };
  return { ...value, tag, openedAt, retiredAt, verdict, why, ...optional };
}

const isText = (value: unknown): value is string => typeof value === "string";

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));

const isFailedAt = (value: unknown): value is FailedAt =>
  isObject(value) && isText(value.step) && isText(value.saw) && isTime(value.at);

const isLastSeen = (value: unknown): value is LastSeen =>
  isObject(value) && [value.verifiedLayer, value.topLayer].every(Number.isFinite);
