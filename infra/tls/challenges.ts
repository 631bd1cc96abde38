import type { Cloudflare, CloudflareObject } from "../base/clients/cloudflare";
import type { Run } from "../base/lib/run";
import { CHALLENGE_COMMENT, challengeHost } from "../base/model/tls";

/** Where challenges are answered. */
export interface ChallengeZone {
  readonly zoneId: string;
  readonly cloudflare: Pick<Cloudflare, "dnsRecords" | "addTextRecord" | "removeDnsRecord">;
}

/** Seconds after which a record was left behind: no run takes as long. A younger one may be of another run. */
const LEFT_BEHIND = 3600;
/** Time to live of a record, in seconds, the shortest at Cloudflare. */
const TTL = 60;

/** Adds the TXT record that answers a challenge. */
export const addAnswer = (
  { zoneId, cloudflare }: ChallengeZone,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> =>
  cloudflare.addTextRecord(zoneId, { name: challengeHost(name), text, comment: CHALLENGE_COMMENT, ttl: TTL });

/** Removes answers of ours. Those of others stay, also at the same name. @param texts of the answers */
export const removeAnswers = (zone: ChallengeZone, texts: readonly string[]): Promise<number> =>
  removeOurs(zone, ({ content }) => texts.includes(String(content).replace(/^"(.*)"$/, "$1")));

/** Removes the answers that killed runs left behind. */
export async function removeLeftovers(zone: ChallengeZone, run: Run): Promise<void> {
  const before = run.clock.now() - LEFT_BEHIND * 1000;
  const count = await removeOurs(zone, (record) => Date.parse(String(record.created_on)) < before);
  if (count > 0) run.say(`removed ${count} TXT records that an earlier run left behind`);
}

async function removeOurs({ zoneId, cloudflare }: ChallengeZone, isChosen: (record: CloudflareObject) => boolean) {
  const marked = await cloudflare.dnsRecords(zoneId, { comment: CHALLENGE_COMMENT });
  const chosen = marked.filter((one) => one.type === "TXT" && isAtChallengeHost(one) && isChosen(one));
  for (const { id } of chosen) await cloudflare.removeDnsRecord(zoneId, id);
  return chosen.length;
}

/** A comment alone can be copied to any record by mistake. */
const isAtChallengeHost = ({ name }: CloudflareObject): boolean => String(name).startsWith(challengeHost(""));
