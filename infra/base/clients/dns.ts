import { promises as dns } from "node:dns";
import { UserError } from "../lib/errors";
import { type HttpAnswer, httpCall } from "./http";

/** Whom to ask for names. */
export interface NameServers {
  /** `address:port` of name servers to ask; when empty, those of the zone are looked up and asked. */
  readonly servers: readonly string[];
  readonly zone: string;
}

/** Longest wait for a name server, in milliseconds. */
const DNS_TIMEOUT = 3000;
/** Longest time of an HTTP request, in milliseconds. */
const HTTP_TIMEOUT = 5000;

/**
 * IPv4 addresses of a name, as the zone's own servers tell them, so that no cache answers with what used to be. An alias
 * that leads out of the zone is followed with the system's resolver.
 * @throws {UserError} naming the host and the servers asked when it has none.
 */
export async function addressesOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    const addresses = await resolver.resolve4(host).catch(noneForAlias);
    return addresses.length > 0 ? addresses : await outside(host, (await resolver.resolveCname(host))[0] as string);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${host} does not resolve (${codeOf(error)} at ${resolver.getServers().join(", ")})`);
  }
}

/** Text records of a name, each joined. @throws {UserError} naming the host and the servers asked when it has none. */
export async function textsOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    return (await resolver.resolveTxt(host)).map((parts) => parts.join(""));
  } catch (error) {
    throw new UserError(`${host} has no TXT record (${codeOf(error)} at ${resolver.getServers().join(", ")})`);
  }
}

/**
 * GET, or POST with a body, of a public URL whose host is resolved by the given servers.
 * @throws {UserError} when the host does not resolve, or does not answer in time.
 */
export async function request(url: string, names: NameServers, body?: string): Promise<HttpAnswer> {
  const [address] = await addressesOf(new URL(url).hostname, names);
  return requestAt(url, address as string, body);
}

/** The same at a known IPv4 address: the host goes into the Host header and, with TLS, into SNI. */
export const requestAt = (url: string, address: string, body?: string): Promise<HttpAnswer> =>
  httpCall(url, { body, address, timeout: HTTP_TIMEOUT });

async function resolverOf({ servers, zone }: NameServers): Promise<dns.Resolver> {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT, tries: 1 });
  resolver.setServers(servers.length > 0 ? servers : await authoritative(zone));
  return resolver;
}

/** Addresses of the zone's own name servers, asked of the system's resolver. */
async function authoritative(zone: string): Promise<string[]> {
  try {
    const names = await dns.resolveNs(zone);
    const addresses = await Promise.all(names.map((name) => dns.resolve4(name)));
    return addresses.flat();
  } catch (error) {
    throw new UserError(`the name servers of "${zone}" cannot be found (${codeOf(error)})`);
  }
}

/** An alias that leads out of the zone has no address there; versions of Node differ in how they say so. */
function noneForAlias(error: unknown): string[] {
  if (codeOf(error) === "ENODATA") return [];
  throw error;
}

async function outside(host: string, alias: string): Promise<string[]> {
  try {
    return (await dns.lookup(alias, { all: true, family: 4 })).map(({ address }) => address);
  } catch (error) {
    throw new UserError(`${host} is an alias of ${alias}, which does not resolve (${codeOf(error)})`);
  }
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
