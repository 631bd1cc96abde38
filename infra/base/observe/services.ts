import { z } from "zod";
import { type DashboardMessage, firstDashboardMessage } from "../clients/dashboard";
import { requestAt } from "../clients/dns";
import { type ExplorerNetwork, readNetworkInfo } from "../clients/explorer";
import { beginning, type HttpAnswer } from "../clients/http";
import { askNode } from "../clients/node/client";
import { targetByName } from "../clients/node/grpc";
import { readPoetInfo } from "../clients/poet";
import { UserError } from "../lib/errors";
import { jsonOf } from "../lib/json";
import type { Run } from "../lib/run";
import { sameKnown } from "../lib/same-known";
import { type Look, waitFor } from "../lib/wait";
import type { Endpoints } from "../model/endpoints";
import type { NetworkFacts } from "../model/network-facts";
import type { NodeStatus, PoetInfo } from "../model/sample";
import { requireOwnGenesis } from "./agreement";
import { shownAt, statisticsAt } from "./around-today";

/** A network's public services at one address. */
export interface PublicEntrance {
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** IPv4 address of the gateway. */
  readonly address: string;
}

/** Calls of public services. All throw a {@link UserError} when there is no answer. */
export interface ServiceCalls {
  /** The genesis id behind a gRPC call by public name. */
  grpc(entrance: Omit<PublicEntrance, "facts">): Promise<string>;
  /** GET, or POST with a body. */
  http(url: string, address: string, body?: string): Promise<HttpAnswer>;
  dashboard(url: string, address: string): Promise<DashboardMessage>;
}

export const BY_CLIENTS: ServiceCalls = { grpc: grpcByName, http: requestAt, dashboard: firstDashboardMessage };

/** Longest wait for a gRPC call, in milliseconds. */
const GRPC_TIMEOUT = 5000;

/** The genesis id and the status behind a gRPC call by public name to an address. */
export async function statusByName(url: string, address: string): Promise<{ genesisId: string; status: NodeStatus }> {
  return askNode({ ...targetByName(url, address), timeout: GRPC_TIMEOUT }, async (node) => {
    const status = await node.status();
    return { status, genesisId: await node.genesisId() };
  });
}

/** The genesis id behind a gRPC call by public name. */
export async function grpcByName({ endpoints, address }: Omit<PublicEntrance, "facts">): Promise<string> {
  return (await statusByName(endpoints.grpc, address)).genesisId;
}

/** What the explorer reports of its network. */
export const explorerAt = async (
  { explorerApi }: Pick<Endpoints, "explorerApi">,
  address: string,
  { http }: Pick<ServiceCalls, "http"> = BY_CLIENTS,
): Promise<ExplorerNetwork> => readNetworkInfo(await http(`${explorerApi}network-info`, address));

/** What a poet reports at its public URL. */
export async function poetAt(
  url: string,
  address: string,
  { http }: Pick<ServiceCalls, "http"> = BY_CLIENTS,
): Promise<PoetInfo> {
  const { status, body } = await http(`${url}v1/info`, address);
  if (status === 200) return readPoetInfo(body);
  throw new UserError("ServiceSilent", `The poet at ${url} answers ${status}.`, "Check its pod and the gateway.");
}

/**
 * Waits until each public service of a network answers for this network at its public name: gRPC, JSON, explorer,
 * dashboard, tap and poets. Where the genesis id is known ahead, the nodes must have it.
 * @param limit longest wait for each, in seconds
 * @returns the genesis id of the nodes, in hexadecimal
 * @throws {UserError} with the service that does not answer, and what was seen
 */
export async function servicesAnswer(
  entrance: PublicEntrance,
  limit: number,
  run: Run,
  calls: ServiceCalls = BY_CLIENTS,
): Promise<string> {
  const { endpoints, address } = entrance;
  const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit }, run);
  const genesisId = await wait<string>("a gRPC call by public name", async () => ({
    value: await calls.grpc(entrance),
  }));
  requireOwnGenesis(`The node behind ${new URL(endpoints.grpc).host}`, genesisId, entrance.facts.genesisId);
  const isToday = entrance.facts.driver === "kubernetes";
  await Promise.all([
    wait("the JSON API", () => json(entrance, calls)),
    wait("the explorer", () => (isToday ? explorerToday(entrance, calls) : explorer(entrance, calls, genesisId))),
    wait("the dashboard", () =>
      isToday ? frontendToday(endpoints.dash, entrance, calls) : dashboard(entrance, calls, genesisId),
    ),
    ...(endpoints.tap === undefined || entrance.facts.tap === undefined
      ? []
      : [wait("the tap", () => tap(`${endpoints.tap}`, entrance, calls))]),
    ...endpoints.poets.map((url) =>
      wait(`the poet at ${url}`, async () => ({ value: await poetAt(url, address, calls) })),
    ),
  ]);
  return genesisId;
}

/**
 * What a user of a network or a channel finds besides its APIs, at one address: the pages of explorer and dashboard,
 * and the poets. With TLS each call checks the certificate for its name. Which network it is, a gRPC call tells.
 * @returns a name and a look each
 */
export const besideApis = (
  { explorer, dash, poets }: Pick<Endpoints, "explorer" | "dash" | "poets">,
  address: string,
  calls: Pick<ServiceCalls, "http"> = BY_CLIENTS,
): readonly (readonly [what: string, look: () => Promise<Look<true>>])[] => [
  ...[explorer, dash].map((url) => [url, () => pageAnswers(url, address, calls)] as const),
  ...poets.map((url) => [url, () => poetAt(url, address, calls).then(() => ({ value: true as const }))] as const),
];

async function pageAnswers(url: string, address: string, { http }: Pick<ServiceCalls, "http">): Promise<Look<true>> {
  const { status } = await http(url, address);
  return status === 200 ? { value: true } : { seen: `it answers ${status}` };
}

async function json({ endpoints, address }: PublicEntrance, { http }: ServiceCalls): Promise<Look<true>> {
  const { status, body } = await http(`${endpoints.json}v1/node/status`, address, "{}");
  return status === 200 ? { value: true } : { seen: `it answers ${status}: ${beginning(body)}` };
}

/** The collector needs a moment to read the first layers. */
async function explorer(entrance: PublicEntrance, calls: ServiceCalls, genesisId: string): Promise<Look<true>> {
  const network = await explorerAt(entrance.endpoints, entrance.address, calls);
  if (network.layer <= 0) return { seen: "it has no layers yet" };
  return sameNetwork("the explorer", network.genesisId, network.genesis, genesisId, entrance.facts);
}

async function dashboard(entrance: PublicEntrance, calls: ServiceCalls, genesisId: string): Promise<Look<true>> {
  const { network, genesis } = await calls.dashboard(entrance.endpoints.dashApi, entrance.address);
  return sameNetwork("the dashboard", network, genesis, genesisId, entrance.facts);
}

/** The statistics API reads its node's database: it has layers as soon as the node has. */
async function explorerToday(entrance: PublicEntrance, calls: ServiceCalls): Promise<Look<true>> {
  const { endpoints, address } = entrance;
  if ((await statisticsAt(endpoints, address, calls.http)) <= 0) return { seen: "it has no layers yet" };
  return frontendToday(endpoints.explorer, entrance, calls);
}

async function frontendToday(url: string, entrance: PublicEntrance, { http }: ServiceCalls): Promise<Look<true>> {
  const { address, facts } = entrance;
  const shown = await shownAt(url, address, http);
  return shown === facts.tag ? { value: true } : { seen: `it is told of ${shown}, and the network is ${facts.tag}` };
}

const TapStatus = z.object({ account: z.string() });

/** The account from which a tap gives. @throws {UserError} for any other answer */
export async function tapAt(
  url: string,
  address: string,
  { http }: Pick<ServiceCalls, "http"> = BY_CLIENTS,
): Promise<string> {
  const { status, body } = await http(`${url}api/status`, address);
  const account = status === 200 ? jsonOf(body, TapStatus)?.account : undefined;
  if (account !== undefined) return account;
  throw new UserError(
    "ServiceSilent",
    `The tap at ${url} answers ${status}: ${beginning(body)}`,
    "Check its pod and the gateway.",
  );
}

async function tap(url: string, { address, facts }: PublicEntrance, calls: ServiceCalls): Promise<Look<true>> {
  const account = await tapAt(url, address, calls);
  return sameKnown(account, facts.tap)
    ? { value: true }
    : { seen: `it gives from ${account}, and genesis filled ${facts.tap}` };
}

function sameNetwork(who: string, id: string, genesis: number, genesisId: string, facts: NetworkFacts): Look<true> {
  const expected = Math.floor(Date.parse(facts.genesisTime) / 1000);
  if (id === genesisId && genesis === expected) return { value: true };
  return { seen: `${who} reports genesis ${id} at ${genesis}, the nodes ${genesisId} at ${expected}` };
}
