import { firstDashboardMessage } from "../clients/dashboard";
import { addressesOf, type NameServers, request, requestAt } from "../clients/dns";
import { type HttpAnswer, parseArray } from "../clients/http";
import { clockDifference, realClock } from "../lib/clock";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { together } from "../lib/together";
import { type BuildTag, buildTag } from "../model/build-tag";
import { edgeUrls } from "../model/edge";
import { type Endpoints, networkEndpoints, publicUrl } from "../model/endpoints";
import type { NetworkFacts } from "../model/network-facts";
import type { Settings } from "../model/settings";
import {
  type Limits,
  type NodesSay,
  requireAgreement,
  requireFollowing,
  requireOwnGenesis,
  type Shown,
  unproven,
} from "./agreement";
import { shownAt, statisticsAt } from "./around-today";
import { explorerAt, poetAt, statusByName } from "./services";

/** One check of a network by its public names. */
export interface PublicCheck {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen, in words. */
  readonly saw: string;
}

/** What is known of a network from its deployment, which settings may have changed since. */
export type Deployed = Pick<NetworkFacts, "layerDuration" | "layersPerEpoch" | "genesisId">;

/**
 * Checks a network by its public names only, as its users reach it. A service that answers for another network, or shows
 * one that stands, is not well either.
 * @param deployed undefined where its state cannot be read; then the settings of today count
 */
export function publicView(
  tag: BuildTag,
  settings: Settings,
  deployed: Promise<Deployed | undefined> = Promise.resolve(undefined),
): Promise<PublicCheck[]> {
  const names: NameServers = { servers: settings.dnsServers, zone: settings.zone };
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const edge = edgeUrls(publicUrl(settings.discoveryHost, settings), tag);
  const at = (url: string) => addressOf(new URL(url).hostname, names);
  const nodes = (async () => statusByName(endpoints.grpc, await at(endpoints.grpc)))();
  const agree = async (who: string, shown: Shown) => {
    // Nodes that do not answer fail their own check.
    const said = await nodes.catch(() => undefined);
    requireAgreement(who, shown, said, { ...settings, ...(await deployed) });
  };
  const checks: Look[] = [
    ["name", async () => `${endpoints.pageHost} is ${(await addressesOf(endpoints.pageHost, names)).join(", ")}`],
    ["page", () => page(endpoints.page, names)],
    ["page at the edge", () => page(edge.page, names)],
    ["list", () => list(edge.list, tag, names)],
    ["gRPC", async () => grpc(endpoints.grpc, await nodes, { ...settings, ...(await deployed) })],
    ...(settings.driver === "kubernetes" ? aroundToday(tag, endpoints, at) : around(endpoints, at, agree)),
    ...endpoints.poets.map((url, i): [string, () => Promise<string>] => [
      `poet ${i + 1}`,
      async () => poet(url, await at(url)),
    ]),
  ];
  return Promise.all(checks.map(([what, look]) => check(what, look)));
}

type Look = [what: string, look: () => Promise<string>];
type At = (url: string) => Promise<string>;

/** Explorer and dashboard of a network that go-spacecraft made. Both tell the network and its layer. */
const around = (endpoints: Endpoints, at: At, agree: (who: string, shown: Shown) => Promise<void>): Look[] => [
  [
    "explorer",
    async () => {
      const { genesisId, layer } = await explorerAt(endpoints, await at(endpoints.explorerApi));
      await agree("the explorer", { genesisId, layer });
      return `${endpoints.explorerApi}network-info: layer ${layer}, genesis ${genesisId}`;
    },
  ],
  [
    "dashboard",
    async () => {
      const { network, layer } = await firstDashboardMessage(endpoints.dashApi, await at(endpoints.dashApi));
      await agree("the dashboard", { genesisId: network, layer });
      return `${endpoints.dashApi}: ${layer === undefined ? "" : `layer ${layer}, `}genesis ${network}`;
    },
  ],
];

/** Those of a network of today: the statistics, and frontends with the list of networks at their hosts. */
const aroundToday = (tag: BuildTag, { explorer, explorerApi, dash }: Endpoints, at: At): Look[] => [
  [
    "explorer",
    async () => {
      const address = await at(explorer);
      const [layers, shown] = await together(
        statisticsAt({ explorerApi }, address, requestAt),
        shownAt(explorer, address, requestAt),
      );
      requireOwn("the explorer", tag, shown);
      return `${explorerApi}overview: ${layers} layers`;
    },
  ],
  [
    "dashboard",
    async () => {
      requireOwn("the dashboard", tag, await shownAt(dash, await at(dash), requestAt));
      return `${dash} shows ${buildTag(tag)}`;
    },
  ],
];

/** @throws {UserError} when a frontend is told of another network */
function requireOwn(who: string, tag: BuildTag, shown: string): void {
  if (shown === buildTag(tag)) return;
  throw new UserError("ViewsDisagree", `The list of ${who} begins with ${shown}.`, "Deploy the network again.");
}

async function check(what: string, look: () => Promise<string>): Promise<PublicCheck> {
  try {
    return { what, ok: true, saw: await look() };
  } catch (error) {
    if (error instanceof UserError) return { what, ok: false, saw: error.what };
    throw error;
  }
}

/** The first address of a host. @throws {UserError} when it has none */
export async function addressOf(host: string, names: NameServers): Promise<string> {
  const [address] = await addressesOf(host, names);
  if (address !== undefined) return address;
  throw new UserError("NameUnresolved", `${host} has no address.`, "Check its DNS records.");
}

async function page(url: string, names: NameServers): Promise<string> {
  const { body } = await successful(url, names);
  const title = /<title>([^<]*)/.exec(body)?.[1] ?? "no title";
  return `${url} (${title}; ${body.length} bytes)`;
}

async function list(url: string, tag: BuildTag, names: NameServers): Promise<string> {
  const { headers, body } = await successful(url, names);
  const listed = parseArray(url, body).map((item) => (isObject(item) ? item.netName : undefined));
  const wrong = clockDifference(headers.date, realClock.now());
  if (listed.includes(buildTag(tag))) return `${url} lists ${listed.join(", ")}${wrong ? `; ${wrong}` : ""}`;
  throw new UserError("NetworkUnlisted", `${url} does not list ${buildTag(tag)}.`, "Deploy the network again.");
}

/** An answer of 200. @throws {UserError} for any other answer */
async function successful(url: string, names: NameServers): Promise<HttpAnswer> {
  const answer = await request(url, names);
  if (answer.status === 200) return answer;
  throw new UserError("ServiceSilent", `${url} answers ${answer.status}.`, "Check the gateway and the edge.");
}

function grpc(url: string, nodes: NodesSay, limits: Limits & Pick<Deployed, "genesisId">): string {
  const { host } = new URL(url);
  const { connectedPeers, isSynced, topLayer, verifiedLayer } = nodes.status;
  requireOwnGenesis(`The node behind ${host}`, nodes.genesisId, limits.genesisId);
  requireFollowing(nodes, limits);
  const synced = isSynced ? "synced" : "not synced";
  const layers = `layer ${topLayer}, verified ${verifiedLayer}`;
  const aside = unproven(nodes.status, limits);
  return `${host} NodeService/Status: ${layers}, ${synced}, ${connectedPeers} peers${aside ? `; ${aside}` : ""}`;
}

async function poet(url: string, address: string): Promise<string> {
  const info = await poetAt(url, address);
  const state = info.kind === "rounds" ? `open round ${info.openRound}` : `phase shift ${info.phaseShift} s`;
  return `${url}: ${state}`;
}
