import { randomBytes, randomUUID } from "node:crypto";
import { isProxiable, recordFields } from "../records";
import type { Domain, StateFile, Zone } from "../state";
import { newRecord } from "./dns-records";
import { type ApiCall, ApiRefusal, json, type Routes } from "./http";

/** A request for a domain. */
interface DomainRequest {
  readonly hostname: string;
  readonly service: string;
  readonly environment?: string;
  readonly zone_id?: string;
  readonly zone_name?: string;
  readonly override_existing_origin?: boolean;
}

/**
 * Routes for the hosts of Workers. Each host has a DNS record to the edge's address, which is deleted with the host.
 */
export function domainRoutes(account: string, file: StateFile, zones: readonly Zone[], edgeAddress: string): Routes {
  const { state } = file;
  const domains = `${account}/workers/domains`;

  const domainOf = ({ params }: ApiCall): Domain => {
    const domain = state.domains.find(({ id }) => id === params.id);
    if (domain) return domain;
    throw new ApiRefusal(404, 100114, "Workers domain not found.");
  };
  const zoneOf = ({ hostname, zone_id, zone_name }: DomainRequest): Zone => {
    const zone = zones.find(({ id, name }) => id === zone_id || name === zone_name);
    if (zone && (hostname === zone.name || hostname.endsWith(`.${zone.name}`))) return zone;
    throw new ApiRefusal(400, 100118, `Hostname '${hostname}' is in no zone of this account.`);
  };

  return {
    [`GET ${domains}`]: ({ query }) => ({
      result: state.domains.filter(
        ({ hostname, service }) =>
          hostname === (query.get("hostname") ?? hostname) && service === (query.get("service") ?? service),
      ),
    }),
    [`GET ${domains}/:id`]: (call) => ({ result: domainOf(call) }),
    [`PUT ${domains}`]: (call) => {
      const request = json<DomainRequest>(call);
      const hostname = request.hostname.toLowerCase();
      const zone = zoneOf({ ...request, hostname });
      if (!state.scripts.some(({ name }) => name === request.service)) {
        throw new ApiRefusal(400, 100115, `Worker '${request.service}' does not exist.`);
      }
      const before = state.domains.find((domain) => domain.hostname === hostname);
      refuseTaken(before, request);
      const domain: Domain = {
        id: before?.id ?? randomBytes(20).toString("hex"),
        hostname,
        service: request.service,
        environment: request.environment ?? "production",
        zone_id: zone.id,
        zone_name: zone.name,
        cert_id: before?.cert_id ?? randomUUID(),
      };
      if (!before) addRecord(hostname, zone);
      state.domains = [...state.domains.filter((other) => other !== before), domain];
      file.save();
      return { result: domain };
    },
    [`DELETE ${domains}/:id`]: (call) => {
      const domain = domainOf(call);
      state.domains = state.domains.filter((other) => other !== domain);
      state.records = state.records.filter(({ name, meta }) => !(meta.read_only && name === domain.hostname));
      file.save();
      return { result: domain };
    },
  };

  function addRecord(hostname: string, zone: Zone): void {
    if (state.records.some(({ name, type }) => name === hostname && isProxiable(type))) {
      const message = `Hostname '${hostname}' already has externally managed DNS records (A, CNAME, etc). Either delete them, try a different hostname, or use the option 'override_existing_dns_record' to override.`;
      throw new ApiRefusal(409, 100117, message);
    }
    const fields = recordFields({ name: hostname, type: "A", content: edgeAddress, proxied: true }, zone);
    state.records.push(newRecord(fields, zone, { read_only: true }));
  }
}

function refuseTaken(before: Domain | undefined, { service, override_existing_origin }: DomainRequest): void {
  if (!before || before.service === service || override_existing_origin) return;
  const message = `Hostname '${before.hostname}' already in use by other custom domain. Either delete it, try a different hostname, or use the option 'override_existing_origin' to override.`;
  throw new ApiRefusal(409, 100116, message);
}
