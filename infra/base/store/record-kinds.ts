/**
 * What an object of the store is:
 *
 * | kind   | which                                              | proven by                                          |
 * |--------|----------------------------------------------------|----------------------------------------------------|
 * | record | all that is not named below                        | its own seal, whenever it is listed or read        |
 * | entry  | one entry of the log of a simmer                   | its own seal, when it is read: there are thousands |
 * | bulk   | what an archive manifest or a log's record digests | the digest in that record                          |
 *
 * A new prefix holds records, unless it is added here. So nothing steers without a seal because somebody forgot it.
 */
export type ObjectKind = "record" | "entry" | "bulk";

const ENTRY = /^simmer\/[^/]+\/[^/]+\/\d+\.json$/;
const ARCHIVED = /^archives\/[^/]+\/[^/]+\/./;
const MANIFEST = /^archives\/[^/]+\/[^/]+\/manifest\.json$/;
/** A piece of a log that was shipped while its network ran. */
const SEGMENT = /^sync\/.*\.log\.zst$/;

export function kindOf(key: string): ObjectKind {
  if (ENTRY.test(key)) return "entry";
  const isBulk = SEGMENT.test(key) || (ARCHIVED.test(key) && !MANIFEST.test(key));
  return isBulk ? "bulk" : "record";
}

/** Where releases from before seals kept records. The bucket may hold other things too, such as the states of Pulumi. */
const OLD = /^(?:announcements|archives|channels|history|intents|places|recap|simmer)\//;

/** Whether an object could be a record from before seals. */
export const mayBeOld = (key: string): boolean => OLD.test(key) && kindOf(key) !== "bulk";
