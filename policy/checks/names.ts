import type { Settings } from "../../infra/base/model/settings";
import { type Check, type Resource, textAt } from "./value";

/** The settings that say which names are ours. */
export type OurNames = Pick<Settings, "zone" | "subdomain" | "zoneId" | "discoveryHost">;

/** Resources at Cloudflare that make a name answer, with the input that holds the name. */
const NAMED: Readonly<Record<string, string>> = {
  "cloudflare:index/dnsRecord:DnsRecord": "name",
  "cloudflare:index/record:Record": "name",
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain": "hostname",
  "cloudflare:index/workersDomain:WorkersDomain": "hostname",
  "cloudflare:index/workersRoute:WorkersRoute": "pattern",
};

/**
 * Every name is in our part of the zone: below SUBDOMAIN.ZONE, as all networks and channels are, or the host of the
 * network list. The rest of the zone belongs to others.
 */
export const namesInOurZone: Check<OurNames> = (resource, ours) => {
  const property = NAMED[resource.type];
  if (property === undefined) return [];
  return [...wrongName(resource, property, ours), ...wrongZone(resource, ours)];
};

function wrongName({ properties }: Resource, property: string, ours: OurNames): string[] {
  const name = textAt(properties, property);
  if (name === undefined) return [];
  // A route's pattern is a host with a path, and a name may end in the root's dot.
  const [written = ""] = name
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .split("/", 1);
  const host = written.replace(/\.$/, "");
  const parent = `${ours.subdomain}.${ours.zone}`;
  if (host.endsWith(`.${parent}`) || host === ours.discoveryHost) return [];
  return [`The name ${name} is outside our part of the zone. Choose a name below ${parent}, or ${ours.discoveryHost}.`];
}

function wrongZone({ properties }: Resource, { zoneId, zone }: OurNames): string[] {
  const given = textAt(properties, "zoneId");
  if (given === undefined || given === zoneId) return [];
  return [`The zone ${given} is not ours. Use the zone ${zoneId} (${zone}), or correct the setting zoneId.`];
}
