import { allAddressesOf, type NameServers, request } from "../base/clients/dns";
import type { Run } from "../base/lib/run";
import { type Look, waitFor } from "../base/lib/wait";
import { type Endpoints, hostsOf } from "../base/model/endpoints";
import { pointsTo } from "../base/observe/as-written";
import { lookAtPage } from "../base/observe/same-page";
import { besideApis, grpcByName } from "../base/observe/services";

export interface MoveExpectation {
  readonly channel: string;
  /** Public names of the channel. */
  readonly endpoints: Endpoints;
  /** The network's host that the channel is an alias of. */
  readonly target: string;
  /** Genesis id of the network, hexadecimal. */
  readonly genesisId: string;
  /** SHA-256 of the channel's page, hexadecimal. */
  readonly sha256: string;
  readonly names: NameServers;
  /** Time limit of each wait, in seconds. */
  readonly limit: number;
}

/** When a channel's move was first seen, RFC 3339, and the address that it leads to. */
export interface ChannelMove {
  readonly movedAt: string;
  readonly address: string;
}

/**
 * Waits until a channel has moved to a network, as the public sees it. Its service hosts resolve to the network's
 * address, and to nothing else, at each of the zone's own name servers. A gRPC call by the channel's name reaches the
 * network. Explorer, dashboard and poets answer by the channel's names. The channel's page is served.
 * @throws {UserError} naming what did not happen in time, and what was seen
 */
export async function channelMoved(expected: MoveExpectation, run: Run): Promise<ChannelMove> {
  const { channel, endpoints, target, genesisId, sha256, names, limit } = expected;
  const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit }, run);

  const addresses = await allAddressesOf(target, names);
  const [address = ""] = addresses;
  const look = lookAtPage(endpoints.page, sha256, run);
  const hosts = hostsOf(endpoints).filter((host) => host !== endpoints.pageHost);
  await Promise.all([
    ...hosts.map((host) =>
      wait(`${host} to point to ${address}`, async () => pointsTo(await allAddressesOf(host, names), addresses)),
    ),
    wait(`the page at ${endpoints.page}`, async () => look(await request(endpoints.page, names))),
  ]);
  // Each address is called: a foreign one at the network's host would be the channel's, too.
  await Promise.all(
    addresses.flatMap((at) => [
      wait(`a gRPC call to ${endpoints.apiHost} at ${at}`, async () => {
        const found = await grpcByName({ endpoints, address: at });
        return found === genesisId ? { value: true } : { seen: `the network with genesis ${found} answers` };
      }),
      ...besideApis(endpoints, at).map(([url, look]) => wait(`${url} at ${at}`, look)),
    ]),
  );
  run.say(`${channel}: ${hosts.length} names point to ${target} (${address}), page at ${endpoints.page}`);
  return { movedAt: new Date(run.clock.now()).toISOString(), address };
}
