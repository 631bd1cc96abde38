import type { Answer, Packet, Question, StringAnswer } from "dns-packet";
import type { DnsRecord, Zone } from "../state";

/** Data of the name server. */
export interface DnsData {
  readonly zones: readonly Zone[];
  readonly records: readonly DnsRecord[];
  /** IPv4 address at which Cloudflare answers for proxied hosts. */
  readonly edgeAddress: string;
}

/** Flags and response codes of a DNS header (RFC 1035, section 4.1.1). */
export const AUTHORITATIVE = 1 << 10;
export const TRUNCATED = 1 << 9;
export const FORMAT_ERROR = 1;
const NAME_ERROR = 3;
export const REFUSED = 5;

/** Seconds that an automatic TTL stands for (Cloudflare docs, "Time to Live"). */
const AUTOMATIC_TTL = 300;
const NAME_SERVER = "ada.ns.cloudflare.com";
/** Most aliases to follow. It also ends a loop. */
const LONGEST_CHAIN = 8;

/**
 * The authoritative answer to a question. Follows aliases inside our zones. Answers with the zone's SOA when there is
 * no
 * record, with NXDOMAIN when the name does not exist, and with a refusal for other zones.
 */
export function answer(question: Question, data: DnsData): Pick<Packet, "flags" | "answers" | "authorities"> {
  const zone = zoneOf(question.name, data);
  if (!zone || (question.class ?? "IN") !== "IN") return { flags: REFUSED };
  const answers: Answer[] = [];
  let name = question.name.toLowerCase();
  for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
    const own = recordsAt(name, data);
    const asked = own.filter(({ type }) => type === question.type);
    const owner = hop === 0 ? question.name : name; // the answer repeats the client's spelling of the name
    if (asked.length > 0) {
      return {
        flags: AUTHORITATIVE,
        answers: [...answers, ...asked.map((record) => ({ ...record, name: owner }) as Answer)],
      };
    }
    const alias = own.find((record): record is StringAnswer => record.type === "CNAME");
    if (!alias) {
      const exists = own.length > 0 || data.records.some((record) => record.name.endsWith(`.${name}`));
      const holder = zoneOf(name, data) ?? zone;
      return { flags: AUTHORITATIVE | (exists ? 0 : NAME_ERROR), answers, authorities: [soa(holder, data)] };
    }
    answers.push({ ...alias, name: owner } as Answer);
    name = alias.data.toLowerCase();
    if (!zoneOf(name, data)) break; // the client follows it elsewhere
  }
  return { flags: AUTHORITATIVE, answers };
}

const zoneOf = (name: string, { zones }: DnsData): Zone | undefined => {
  const host = name.toLowerCase();
  const holders = zones.filter((zone) => host === zone.name || host.endsWith(`.${zone.name}`));
  return holders.sort((a, b) => b.name.length - a.name.length)[0];
};

/** A name's records in DNS: stored records, the edge's address for proxied ones, and the zone's own records. */
function recordsAt(name: string, data: DnsData): readonly Answer[] {
  const stored = storedAt(name, data).map((record) => served(record, data.edgeAddress));
  const zone = data.zones.find((candidate) => candidate.name === name);
  if (!zone) return stored;
  return [...stored, soa(zone, data), { type: "NS", name, ttl: 86_400, data: NAME_SERVER }];
}

/** The stored records of a name. A name that does not exist has those of the nearest wildcard (RFC 4592, section 3.3). */
function storedAt(name: string, { records, zones }: DnsData): readonly DnsRecord[] {
  const exists = (host: string) =>
    zones.some((zone) => zone.name === host) ||
    records.some((record) => record.name === host || record.name.endsWith(`.${host}`));
  if (exists(name)) return records.filter((record) => record.name === name);
  for (let parent = name; parent.includes("."); ) {
    parent = parent.slice(parent.indexOf(".") + 1);
    if (!exists(parent)) continue;
    return records.filter((record) => record.name === `*.${parent}`).map((record) => ({ ...record, name }));
  }
  return [];
}

function served({ name, type, content, ttl, proxied, priority }: DnsRecord, edgeAddress: string): Answer {
  const common = { name, ttl: ttl === 1 ? AUTOMATIC_TTL : ttl };
  if (proxied) return { ...common, type: "A", data: edgeAddress };
  switch (type) {
    case "MX":
      return { ...common, type, data: { preference: priority ?? 0, exchange: content } };
    case "TXT":
      return { ...common, type, data: strings(content) };
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
      return { ...common, type, data: content };
    default:
      throw new Error(`stored record has type ${type}, which the API does not accept`);
  }
}

/** A text in pieces of at most 255 bytes, as TXT records carry it. Surrounding quotes are removed. */
function strings(content: string): Buffer[] {
  const bytes = Buffer.from(content.replace(/^"(.*)"$/s, "$1"));
  const count = Math.max(1, Math.ceil(bytes.length / 255));
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * 255, (i + 1) * 255));
}

/** The zone's start of authority. Its serial grows with every changed record. */
function soa(zone: Zone, { records }: DnsData): Answer {
  const changes = records
    .filter(({ zone_id }) => zone_id === zone.id)
    .map(({ modified_on }) => Date.parse(modified_on));
  const serial = Math.floor(Math.max(0, ...changes) / 1000);
  const times = { refresh: 10_000, retry: 2_400, expire: 604_800, minimum: 1_800 };
  return {
    type: "SOA",
    name: zone.name,
    ttl: 1_800,
    data: { mname: NAME_SERVER, rname: "dns.cloudflare.com", serial, ...times },
  };
}
