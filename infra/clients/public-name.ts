import { promises as dns } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { UserError } from "../user-error";

/** Whom to ask for names. */
export interface NameServers {
  /** `address:port` of name servers to ask; when empty, those of the zone are looked up and asked. */
  readonly servers: readonly string[];
  readonly zone: string;
}

/** An answer to a request by public name. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Longest wait for a name server, in milliseconds. */
const DNS_TIMEOUT = 3000;
/** Longest wait for an HTTP answer, in milliseconds. */
const HTTP_TIMEOUT = 5000;

/** What verbs get from the environment: DNS_SERVERS (may be empty) and DNS_ZONE. */
export const nameServersOf = (environment: NodeJS.ProcessEnv): NameServers => ({
  servers: (environment.DNS_SERVERS ?? "").split(",").filter(Boolean),
  zone: environment.DNS_ZONE ?? "",
});

/** A resolver that asks the zone's own servers, so that no cache answers with what used to be. */
export async function resolverOf({ servers, zone }: NameServers): Promise<dns.Resolver> {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT, tries: 2 });
  resolver.setServers(servers.length > 0 ? servers : await authoritative(zone));
  return resolver;
}

/** IPv4 addresses of a name. @throws {UserError} when it has none. */
export async function addressesOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    return await resolver.resolve4(host);
  } catch (error) {
    throw new UserError(`${host} does not resolve (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Text records of a name, each joined. @throws {UserError} when it has none. */
export async function textsOf(host: string, names: NameServers): Promise<string[]> {
  const resolver = await resolverOf(names);
  try {
    return (await resolver.resolveTxt(host)).map((parts) => parts.join(""));
  } catch (error) {
    throw new UserError(`${host} has no TXT record (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** GET, or POST with a body, of a public URL whose host is resolved by the given servers. */
export async function request(url: string, names: NameServers, body?: string): Promise<HttpAnswer> {
  const { hostname } = new URL(url);
  const [address] = await addressesOf(hostname, names);
  return requestAt(url, address as string, body);
}

/**
 * The same at a known address: the host goes into the Host header and, with TLS, into SNI.
 * @throws {UserError} naming the URL when there is no answer in time.
 */
export function requestAt(url: string, address: string, body?: string): Promise<HttpAnswer> {
  const client = url.startsWith("https:") ? https : http;
  const lookup: http.RequestOptions["lookup"] = (_host, options, done) =>
    options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new UserError(`${url} at ${address} ${why}`));
    const options = {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      lookup,
      agent: false as const,
      timeout: HTTP_TIMEOUT,
    };
    const sent = client.request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on("error", (error) => fail(`broke off: ${error.message}`));
    });
    sent.on("timeout", () => sent.destroy(new Error(`did not answer in ${HTTP_TIMEOUT / 1000} s`)));
    sent.on("error", (error) => fail(`does not answer: ${error.message}`));
    sent.end(body);
  });
}

/** Addresses of the zone's own name servers, asked of the system's resolver. */
async function authoritative(zone: string): Promise<string[]> {
  try {
    const names = await dns.resolveNs(zone);
    const addresses = await Promise.all(names.map((name) => dns.resolve4(name)));
    return addresses.flat();
  } catch (error) {
    throw new UserError(`the name servers of ${zone} cannot be found (${(error as NodeJS.ErrnoException).code})`);
  }
}
