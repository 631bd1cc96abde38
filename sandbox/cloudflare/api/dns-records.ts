import { randomBytes } from "node:crypto";
import { fullName, isProxiable, type RecordFields, recordFields, refuseConflict } from "../records";
import type { DnsRecord, StateFile, Zone } from "../state";
import { type ApiCall, ApiRefusal, json, page, type Routes } from "./http";

/** Routes for zones and their DNS records. */
export function dnsRoutes(file: StateFile, zones: readonly Zone[]): Routes {
  const { state } = file;

  const zoneOf = ({ params }: ApiCall): Zone => {
    const zone = zones.find(({ id }) => id === params.zone);
    if (zone) return zone;
    throw new ApiRefusal(
      404,
      7003,
      `Could not route to /zones/${params.zone}, perhaps your object identifier is invalid?`,
    );
  };
  const recordOf = (call: ApiCall): DnsRecord => {
    const zone = zoneOf(call);
    const record = state.records.find(({ id, zone_id }) => id === call.params.id && zone_id === zone.id);
    if (record) return record;
    throw new ApiRefusal(404, 81044, "Record does not exist.");
  };
  const changeable = (call: ApiCall): DnsRecord => {
    const record = recordOf(call);
    if (record.meta.read_only) throw new ApiRefusal(400, 1043, "This record is managed by Workers and is read only.");
    return record;
  };
  const change = (call: ApiCall, input: Partial<RecordFields>) => {
    const record = changeable(call);
    const fields = recordFields(input, zoneOf(call));
    refuseConflict(
      fields,
      state.records.filter(({ id }) => id !== record.id),
    );
    const changed = {
      ...record,
      ...fields,
      proxiable: isProxiable(fields.type),
      modified_on: new Date().toISOString(),
    };
    state.records = state.records.map((other) => (other === record ? changed : other));
    file.save();
    return { result: changed };
  };

  return {
    "GET /zones": ({ query }) =>
      page(
        query,
        zones.filter(({ name }) => name === (query.get("name") ?? name)),
      ),
    "GET /zones/:zone": (call) => ({ result: zoneOf(call) }),
    "GET /zones/:zone/dns_records": (call) => {
      const zone = zoneOf(call);
      const wanted = filters(call.query, zone);
      const found = state.records.filter(
        (record) => record.zone_id === zone.id && wanted.every(([field, value]) => record[field] === value),
      );
      return page(call.query, found);
    },
    "POST /zones/:zone/dns_records": (call) => {
      const zone = zoneOf(call);
      const record = newRecord(recordFields(json(call), zone), zone);
      refuseConflict(record, state.records);
      state.records.push(record);
      file.save();
      return { result: record };
    },
    "GET /zones/:zone/dns_records/:id": (call) => ({ result: recordOf(call) }),
    "PUT /zones/:zone/dns_records/:id": (call) => change(call, json(call)),
    "PATCH /zones/:zone/dns_records/:id": (call) =>
      change(call, { ...recordOf(call), ...json<Partial<RecordFields>>(call) }),
    "DELETE /zones/:zone/dns_records/:id": (call) => {
      const record = changeable(call);
      state.records = state.records.filter((other) => other !== record);
      file.save();
      return { result: { id: record.id } };
    },
  };
}

/** A record with a new id, created now. */
export function newRecord(fields: RecordFields, zone: Zone, meta: DnsRecord["meta"] = {}): DnsRecord {
  const now = new Date().toISOString();
  const id = randomBytes(16).toString("hex");
  return {
    id,
    zone_id: zone.id,
    ...fields,
    proxiable: isProxiable(fields.type),
    meta,
    created_on: now,
    modified_on: now,
  };
}

type Filtered = "name" | "type" | "content" | "comment";

/** Filters of a list; `name.exact` is the newer spelling of `name`. */
function filters(query: URLSearchParams, zone: Zone): readonly [Filtered, string][] {
  const name = query.get("name") ?? query.get("name.exact");
  const type = query.get("type");
  const content = query.get("content") ?? query.get("content.exact");
  const comment = query.get("comment") ?? query.get("comment.exact");
  const wanted: [Filtered, string][] = [];
  if (name !== null) wanted.push(["name", fullName(name, zone)]);
  if (type !== null) wanted.push(["type", type.toUpperCase()]);
  if (content !== null) wanted.push(["content", content]);
  if (comment !== null) wanted.push(["comment", comment]);
  return wanted;
}
