import { isIPv4, isIPv6 } from "node:net";
import { ApiRefusal } from "./api/http";
import type { DnsRecord, Zone } from "./state";

/** The fields of a record that its owner sets. */
export type RecordFields = Pick<DnsRecord, "name" | "type" | "content" | "ttl" | "proxied" | "priority" | "comment"> &
  Pick<DnsRecord, "tags" | "settings">;

/** Types that the name server can serve. */
const TYPES = ["A", "AAAA", "CNAME", "TXT", "MX", "NS"];
const PROXIABLE = ["A", "AAAA", "CNAME"];

/** The full host name of a record. In zone example.org, `www`, `@` and `WWW.Example.org.` are all accepted. */
export function fullName(name: string, zone: Zone): string {
  const host = name.toLowerCase().replace(/\.$/, "");
  if (host === "@" || host === zone.name) return zone.name;
  return host.endsWith(`.${zone.name}`) ? host : `${host}.${zone.name}`;
}

/**
 * Completes and normalises the fields of a new or changed record as Cloudflare does.
 * @throws {ApiRefusal} with Cloudflare's codes for a wrong field
 */
export function recordFields(input: Partial<RecordFields>, zone: Zone): RecordFields {
  const type = String(input.type ?? "").toUpperCase();
  if (!TYPES.includes(type)) throw new ApiRefusal(400, 9004, `DNS record type "${type}" is invalid.`);
  if (!input.name) throw new ApiRefusal(400, 9000, "DNS name is invalid.");
  const proxied = input.proxied ?? false;
  if (proxied && !PROXIABLE.includes(type)) throw new ApiRefusal(400, 9004, "This record type cannot be proxied.");
  const fields: RecordFields = {
    name: fullName(input.name, zone),
    type,
    content: content(type, input.content ?? ""),
    ttl: proxied ? 1 : (input.ttl ?? 1),
    proxied,
    comment: input.comment ?? null,
    tags: input.tags ?? [],
    settings: input.settings ?? {},
  };
  if (fields.ttl !== 1 && !(fields.ttl >= 60 && fields.ttl <= 86400)) {
    throw new ApiRefusal(400, 9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.");
  }
  return type === "MX" ? { ...fields, priority: input.priority ?? 0 } : fields;
}

/**
 * Refuses a record that conflicts with another record of its zone (Cloudflare docs, "Records with the same name").
 * @throws {ApiRefusal}
 */
export function refuseConflict(fields: RecordFields, others: readonly DnsRecord[]): void {
  const sameName = others.filter(({ name }) => name === fields.name);
  if (sameName.some(({ type, content }) => type === fields.type && content === fields.content)) {
    throw new ApiRefusal(400, 81058, "An identical record already exists.");
  }
  const host = sameName.filter(({ type }) => PROXIABLE.includes(type));
  if (fields.type === "CNAME" && host.length > 0) {
    throw new ApiRefusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
  if (PROXIABLE.includes(fields.type) && host.some(({ type }) => type === "CNAME")) {
    throw new ApiRefusal(400, 81054, "A CNAME record with that host already exists.");
  }
}

/** Whether a record of this type may be proxied. */
export const isProxiable = (type: string): boolean => PROXIABLE.includes(type);

function content(type: string, text: string): string {
  if (type === "A" && !isIPv4(text)) {
    throw new ApiRefusal(400, 9005, "Content for A record must be a valid IPv4 address.");
  }
  if (type === "AAAA" && !isIPv6(text)) {
    throw new ApiRefusal(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
  }
  if (text === "") throw new ApiRefusal(400, 9007, `Content for ${type} record is invalid.`);
  return ["CNAME", "MX", "NS"].includes(type) ? text.toLowerCase().replace(/\.$/, "") : text;
}
