import { type DashboardMessage, firstDashboardMessage } from "../clients/dashboard";
import { requestAt } from "../clients/dns";
import { readNetworkInfo } from "../clients/explorer";
import type { HttpAnswer } from "../clients/http";
import { askNode } from "../clients/node/client";
import { targetByName } from "../clients/node/grpc";
import { readPoetInfo } from "../clients/poet";
import { type Clock, realClock } from "../lib/clock";
import { UserError } from "../lib/errors";
import { type Look, waitFor } from "../lib/wait";
import type { Endpoints } from "../model/endpoints";
import type { NetworkFacts } from "../model/network-facts";

export interface PublicEntrance {
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** Where the gateway is: an address, or a host the system's resolver knows. */
  readonly address: string;
}

/** How the entrance is called. All throw a {@link UserError} when there is no answer. */
export interface ServiceCalls {
  readonly clock: Clock;
  /** The genesis id behind a gRPC call by public name. */
  grpc(entrance: Omit<PublicEntrance, "facts">): Promise<string>;
  /** GET, or POST with a body. */
  http(url: string, address: string, body?: string): Promise<HttpAnswer>;
  dashboard(url: string, address: string): Promise<DashboardMessage>;
}

const BY_CLIENTS: ServiceCalls = {
  clock: realClock,
  grpc: grpcByName,
  http: requestAt,
  dashboard: firstDashboardMessage,
};

/** A `spacemesh.v1.NodeService/Status` call by public name to a gateway's address, and the genesis id behind it. */
export async function grpcByName({ endpoints, address }: Omit<PublicEntrance, "facts">): Promise<string> {
  const target = { ...targetByName(endpoints.grpc, address), timeout: 5000 };
  return askNode(target, async (node) => {
    await node.status();
    return node.genesisId();
  });
}

/**
 * Waits until each service behind the gateway answers for this network at its public name: gRPC, JSON, explorer,
 * dashboard and poets.
 * @param limit longest wait for each, in seconds
 * @returns the genesis id of the nodes, in hexadecimal
 * @throws {UserError} naming the service that does not answer, and what was seen
 */
export async function allAnswer(
  entrance: PublicEntrance,
  limit: number,
  signal: AbortSignal,
  say: (line: string) => void,
  calling: ServiceCalls = BY_CLIENTS,
): Promise<string> {
  const { clock } = calling;
  const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit, signal, say, clock });
  const genesisId = await wait("a gRPC call by public name", async () => ({ value: await calling.grpc(entrance) }));
  await Promise.all([
    wait("the JSON API", () => json(entrance, calling)),
    wait("the explorer", () => explorer(entrance, calling, genesisId)),
    wait("the dashboard", () => dashboard(entrance, calling, genesisId)),
    ...entrance.endpoints.poets.map((url) => wait(`the poet at ${url}`, () => poet(url, entrance.address, calling))),
  ]);
  return genesisId;
}

async function json({ endpoints, address }: PublicEntrance, { http }: ServiceCalls): Promise<Look<true>> {
  const { status, body } = await http(`${endpoints.json}v1/node/status`, address, "{}");
  return status === 200 ? { value: true } : { seen: `it answers ${status}: ${body.slice(0, 120)}` };
}

/** The collector needs a moment to read the first layers. */
async function explorer(
  { endpoints, facts, address }: PublicEntrance,
  { http }: ServiceCalls,
  genesisId: string,
): Promise<Look<true>> {
  const network = readNetworkInfo(await http(`${endpoints.explorerApi}network-info`, address));
  if (network.layer <= 0) return { seen: "it has no layers yet" };
  return sameNetwork("the explorer", network.genesisId, network.genesis, genesisId, facts);
}

async function dashboard(
  { endpoints, facts, address }: PublicEntrance,
  calling: ServiceCalls,
  genesisId: string,
): Promise<Look<true>> {
  const { network, genesis } = await calling.dashboard(endpoints.dashApi, address);
  return sameNetwork("the dashboard", network, genesis, genesisId, facts);
}

async function poet(url: string, address: string, { http }: ServiceCalls): Promise<Look<true>> {
  const { status, body } = await http(`${url}v1/info`, address);
  if (status !== 200) throw new UserError(`it answers ${status}`);
  readPoetInfo(body);
  return { value: true };
}

function sameNetwork(who: string, id: string, genesis: number, genesisId: string, facts: NetworkFacts): Look<true> {
  const expected = Math.floor(Date.parse(facts.genesisTime) / 1000);
  if (id === genesisId && genesis === expected) return { value: true };
  return { seen: `${who} tells genesis ${id} at ${genesis}, the nodes ${genesisId} at ${expected}` };
}
