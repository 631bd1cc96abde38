import { addressesAt, allAddressesOf, type NameServers, textsOf } from "../base/clients/dns";
import type { Run } from "../base/lib/run";
import { type Look, waitFor } from "../base/lib/wait";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import { type Endpoints, hostsOf } from "../base/model/endpoints";
import { ownershipHost } from "../base/model/ownership";
import { ownedBy, pointsTo } from "../base/observe/as-written";
import { grpcByName } from "../base/observe/services";
import { gatewayAt } from "./gateway/address";

export interface ResolvedOptions {
  readonly tag: BuildTag;
  readonly endpoints: Endpoints;
  /** Published address of the gateway: IPv4 or a host. */
  readonly address: string;
  readonly names: NameServers;
  /** Longest wait for each, in seconds. */
  readonly limit: number;
}

/** The public's DNS, and a gRPC call by name. */
export interface PublicDns {
  /** All addresses of a host, IPv4 and IPv6, at any of the name servers. */
  addresses(host: string): Promise<readonly string[]>;
  texts(host: string): Promise<readonly string[]>;
  /** The genesis id behind a gRPC call. */
  grpc(entrance: { readonly endpoints: Endpoints; readonly address: string }): Promise<string>;
  /** IPv4 address of a published address. */
  at(published: string): Promise<string>;
  /** All addresses of a published address. */
  allAt(published: string): Promise<readonly string[]>;
}

const publicDns = (names: NameServers): PublicDns => ({
  addresses: (host) => allAddressesOf(host, names),
  texts: (host) => textsOf(host, names),
  grpc: grpcByName,
  at: gatewayAt,
  allAt: addressesAt,
});

/**
 * Waits until all names of a network resolve to its gateway, and to nothing else, at each of the zone's own name
 * servers, its TXT record names the tag as owner, and a gRPC call by name is answered.
 */
export async function namesResolved(
  { tag, endpoints, address: published, names, limit }: ResolvedOptions,
  run: Run,
  dns: PublicDns = publicDns(names),
): Promise<{ readonly hosts: readonly string[]; readonly address: string; readonly genesisId: string }> {
  const { pageHost, apiHost } = endpoints;
  const address = await dns.at(published);
  const hosts = hostsOf(endpoints);
  const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit }, run);
  await Promise.all([
    ...hosts.map((host) =>
      wait(`${host} to point to ${address}`, async () =>
        pointsTo(await dns.addresses(host), await dns.allAt(published)),
      ),
    ),
    wait(`${pageHost} to be owned by ${buildTag(tag)}`, async () =>
      ownedBy(await dns.texts(ownershipHost(pageHost)), buildTag(tag)),
    ),
  ]);
  const genesisId = await wait<string>(`a gRPC call to ${apiHost}`, async () => {
    const [found = address] = await dns.addresses(apiHost);
    return { value: await dns.grpc({ endpoints, address: found }) };
  });
  run.say(`${hosts.length} names point to ${address}, and ${apiHost} answers gRPC`);
  return { hosts, address, genesisId };
}
