import type { Cloudflare, CloudflareObject } from "../clients/cloudflare";
import { cut } from "../lib/cut";
import { UserError } from "../lib/errors";
import { type BuildTag, buildTag } from "../model/build-tag";
import { channelEndpoints, channelGateway, hostsOf, networkEndpoints, type PublicNames } from "../model/endpoints";
import { ownerComment, ownershipHost } from "../model/ownership";
import type { Exported } from "./state";

/** Records that will be made at Cloudflare, before they are. */
export interface WantedNames {
  /** Build tag, `v1.2.3+1`, or the name of a channel. */
  readonly owner: string;
  /** Names that become addresses, or aliases of a name with an address. */
  readonly hosts: readonly string[];
  /** Names that become aliases only. Nothing else may stand beside an alias (RFC 1034, section 3.6.2). */
  readonly aliases: readonly string[];
  /** Names of TXT records. */
  readonly texts: readonly string[];
}

/** The names that a network makes (components/version/dns.ts). */
export function namesOfNetwork(tag: BuildTag, poets: number, names: PublicNames): WantedNames {
  const endpoints = networkEndpoints(tag, poets, names);
  const texts = [ownershipHost(endpoints.pageHost)];
  return { owner: buildTag(tag), hosts: hostsOf(endpoints), aliases: [], texts };
}

/** The names that a channel makes (components/channel/dns.ts). Its page's host belongs to the edge. */
export function namesOfChannel(channel: string, poets: number, names: PublicNames): WantedNames {
  const endpoints = channelEndpoints(channel, poets, names);
  const services = hostsOf(endpoints).filter((host) => host !== endpoints.pageHost);
  return { owner: channel, hosts: [], aliases: [channelGateway(channel, names), ...services], texts: [] };
}

/** Types that lead clients of a name somewhere. Cloudflare refuses an alias beside some, and is silent about others. */
const LEADING = ["A", "AAAA", "CNAME", "NS", "HTTPS", "SVCB"];
/** Types that would answer for a TXT record, or contradict it. */
const TELLING = ["TXT", "CNAME", "NS"];

/**
 * Records of others at the names that we want. A record is ours when the state knows it, or when it bears our very
 * comment: then a killed run has left it, and the next run removes it.
 */
export const takenAmong = (
  records: readonly CloudflareObject[],
  { owner, hosts, aliases, texts }: WantedNames,
  state: Exported | undefined,
): CloudflareObject[] => {
  const known = new Set((state?.deployment.resources ?? []).map(({ id }) => id));
  const isAt = (names: readonly string[], { name }: CloudflareObject) => names.includes(plainName(name));
  return records.filter((record) => {
    if (record.comment === ownerComment(owner) || known.has(record.id)) return false;
    const type = String(record.type).toUpperCase();
    if (isAt(aliases, record)) return true;
    if (isAt(hosts, record)) return LEADING.includes(type);
    return isAt(texts, record) && TELLING.includes(type);
  });
};

/** A name as DNS compares it: without case, and without the dot at its end. */
const plainName = (name: unknown): string => String(name).toLowerCase().replace(/\.$/, "");

/**
 * Finds out whether names that will be made are somebody's already. It changes nothing.
 * @param state of the stack that will make them; undefined before its first run
 * @throws {UserError} with each record that is there, and whose it is by its comment
 */
export async function requireNamesFree(
  wanted: WantedNames,
  { zoneId, cloudflare }: { readonly zoneId: string; readonly cloudflare: Pick<Cloudflare, "dnsRecordsNamed"> },
  state: Exported | undefined,
): Promise<void> {
  const names = [...wanted.hosts, ...wanted.aliases, ...wanted.texts];
  const found = await Promise.all(names.map((name) => cloudflare.dnsRecordsNamed(zoneId, name)));
  const taken = takenAmong(found.flat(), wanted, state);
  if (taken.length === 0) return;
  const [are, records] = taken.length === 1 ? ["is", "this record"] : ["are", "these records"];
  throw new UserError(
    "NamesTaken",
    `${taken.length} DNS ${taken.length === 1 ? "record" : "records"} at names of ${wanted.owner} ${are} not ours: ` +
      `${taken.map(inWords).join("; ")}.`,
    `Ask the owners, remove ${records} at Cloudflare, then run the command again.`,
  );
}

function inWords({ name, type, content, comment }: CloudflareObject): string {
  const owner = typeof comment === "string" && comment.trim() !== "" ? `"${printable(comment)}"` : "nobody's";
  return `${printable(name)} ${printable(type)} ${printable(content)} (${owner})`;
}

/** How much of a foreign text is shown, in characters. Cloudflare's comments have 100 at most, in its larger plans 500. */
const LONGEST = 100;

/** A text of others on one line, without control characters. */
function printable(value: unknown): string {
  const text = String(value)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return cut(text, LONGEST + "...".length);
}
