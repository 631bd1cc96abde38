import { promises as dns } from "node:dns";
import { isIP } from "node:net";
import { UserError } from "../lib/errors";
import { type HttpAnswer, httpCall } from "./http";

/** The name servers that answer for our names. */
export interface NameServers {
  /** Name servers to ask, as `address:port`. When empty, those of the zone are looked up and asked. */
  readonly servers: readonly string[];
  readonly zone: string;
}

/** Time limit of one question to a name server, in milliseconds. */
const DNS_TIMEOUT = 3000;
/** Time limit of an HTTP request, in milliseconds. */
const HTTP_TIMEOUT = 5000;

/**
 * IPv4 addresses of a host. The zone's own servers are asked, because a cache may hold former addresses. An alias to a
 * host outside the zone is followed with the system's resolver.
 * @throws {UserError} with the host and the servers asked, when there is no address
 */
export async function addressesOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    const addresses = await resolver.resolve4(host).catch(noneForAlias);
    if (addresses.length > 0) return addresses;
    const [alias = ""] = await resolver.resolveCname(host);
    return await outside(host, alias);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "NameUnresolved",
      `${host} does not resolve (${codeOf(error)} at ${resolver.getServers().join(", ")}).`,
      "Check the DNS records of the zone.",
    );
  }
}

/**
 * All addresses that a host has for the public, IPv4 and IPv6, at any of the name servers. Each server is asked for
 * itself: one that still has another answer sends some of the public elsewhere. One that is silent sends nobody.
 * @throws {UserError} with the host and a server, when a server knows no address, or none answers
 */
export async function allAddressesOf(host: string, names: NameServers): Promise<string[]> {
  const servers = await serversOf(names);
  const answers = await Promise.all(servers.map((server) => everyAddress(host, server)));
  const given = answers.filter((answer) => answer !== undefined);
  if (given.length > 0) return [...new Set(given.flat())];
  throw new UserError(
    "NameUnresolved",
    `${host} does not resolve (no answer from ${servers.join(", ")}).`,
    "Check the DNS records of the zone.",
  );
}

/** All addresses of a published address, which may be a host with several. @throws {UserError} when it has none */
export async function addressesAt(published: string): Promise<string[]> {
  if (isIP(published) !== 0) return [published];
  try {
    return (await dns.lookup(published, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new UserError(
      "NameUnresolved",
      `The host ${published} does not resolve (${codeOf(error)}).`,
      "Run the command again in a minute.",
    );
  }
}

/** What c-ares says of a server that gives no answer at all. */
const SILENT = ["ETIMEOUT", "ECONNREFUSED", "ECANCELLED"];

/** Undefined when the server is silent. */
async function everyAddress(host: string, server: string): Promise<readonly string[] | undefined> {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT, tries: 2 });
  resolver.setServers([server]);
  try {
    const found = await Promise.all([
      resolver.resolve4(host).catch(noneForAlias),
      resolver.resolve6(host).catch(noneForAlias),
    ]);
    if (found.flat().length > 0) return found.flat();
    const [alias = ""] = await resolver.resolveCname(host);
    return await outside(host, alias, 0);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (SILENT.includes(codeOf(error))) return undefined;
    throw new UserError(
      "NameUnresolved",
      `${host} does not resolve (${codeOf(error)} at ${server}).`,
      "Check the DNS records of the zone.",
    );
  }
}

/** TXT records of a host, each as one text. @throws {UserError} with the host and the servers asked, if none */
export async function textsOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    return (await resolver.resolveTxt(host)).map((parts) => parts.join(""));
  } catch (error) {
    throw new UserError(
      "TextRecordMissing",
      `${host} has no TXT record (${codeOf(error)} at ${resolver.getServers().join(", ")}).`,
      "Check the DNS records of the zone.",
    );
  }
}

/**
 * Whether a host has a TXT record with a text at each of the name servers. One that is silent is passed over.
 * @throws {UserError} with the host and a server, when a server lacks the text, or none answers
 */
export async function requireTextEverywhere(host: string, text: string, names: NameServers): Promise<void> {
  const servers = await serversOf(names);
  const answers = await Promise.all(servers.map((server) => hasText(host, text, server)));
  const lacking = servers[answers.indexOf(false)] ?? (answers.includes(true) ? undefined : servers.join(", "));
  if (lacking === undefined) return;
  throw new UserError(
    "TextRecordMissing",
    `${host} does not have its TXT record yet (at ${lacking}).`,
    "Check the DNS records of the zone.",
  );
}

/** Undefined when the server is silent. */
async function hasText(host: string, text: string, server: string): Promise<boolean | undefined> {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT, tries: 2 });
  resolver.setServers([server]);
  try {
    return (await resolver.resolveTxt(host)).some((parts) => parts.join("") === text);
  } catch (error) {
    return SILENT.includes(codeOf(error)) ? undefined : false;
  }
}

/**
 * Sends a GET, or a POST with a body, to a public URL. The given servers resolve its host.
 * @throws {UserError} when the host does not resolve or does not answer in time
 */
export async function request(url: string, names: NameServers, body?: string): Promise<HttpAnswer> {
  const [address = ""] = await addressesOf(new URL(url).hostname, names);
  return requestAt(url, address, body);
}

/** Sends the same request to a known IPv4 address. The host goes into the Host header and, with TLS, into SNI. */
export const requestAt = (url: string, address: string, body?: string): Promise<HttpAnswer> =>
  httpCall(url, { body, address, timeout: HTTP_TIMEOUT });

async function resolverOf(names: NameServers): Promise<dns.Resolver> {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT, tries: 1 });
  resolver.setServers([...(await serversOf(names))]);
  return resolver;
}

const serversOf = async ({ servers, zone }: NameServers): Promise<readonly string[]> =>
  servers.length > 0 ? servers : authoritative(zone);

/** Addresses of the zone's own name servers, by the system's resolver. */
async function authoritative(zone: string): Promise<string[]> {
  try {
    const names = await dns.resolveNs(zone);
    const addresses = await Promise.all(names.map((name) => dns.resolve4(name)));
    return addresses.flat();
  } catch (error) {
    throw new UserError(
      "NameServersMissing",
      `The name servers of zone "${zone}" cannot be found (${codeOf(error)}).`,
      "Check the setting `zone`, or set `dnsServers`.",
    );
  }
}

/** An alias to a host outside the zone has no address there. Versions of Node differ: an empty list, or an error. */
function noneForAlias(error: unknown): string[] {
  if (codeOf(error) === "ENODATA") return [];
  throw error;
}

async function outside(host: string, alias: string, family: 0 | 4 = 4): Promise<string[]> {
  try {
    return (await dns.lookup(alias, { all: true, family })).map(({ address }) => address);
  } catch (error) {
    throw new UserError(
      "NameUnresolved",
      `${host} is an alias of ${alias}, which does not resolve (${codeOf(error)}).`,
      "Check the CNAME record of the zone.",
    );
  }
}

/** The code of a system error, such as ENOTFOUND; any other error as text. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
