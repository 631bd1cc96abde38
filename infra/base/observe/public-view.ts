import { addressesOf, type NameServers, request } from "../clients/dns";
import { type HttpAnswer, parseArray } from "../clients/http";
import { servedCertificate } from "../clients/served-certificate";
import { clockDifference, realClock } from "../lib/clock";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { sameKnown } from "../lib/same-known";
import { together } from "../lib/together";
import { type BuildTag, buildTag } from "../model/build-tag";
import { edgeUrls } from "../model/edge";
import { type Endpoints, networkEndpoints, publicUrl } from "../model/endpoints";
import { driverThatMade, type NetworkFacts } from "../model/network-facts";
import type { Settings } from "../model/settings";
import { daysText, isLate, lifeOf, type Validity } from "../model/tls";
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
import { BY_CLIENTS, explorerAt, poetAt, type ServiceCalls, statusByName, tapAt } from "./services";

/** One check of a network by its public names. */
export interface PublicCheck {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen, in words. */
  readonly saw: string;
  /** Something is to be done before it fails. */
  readonly isWarning?: true;
}

/** What is known of a network from its deployment, which settings may have changed since. */
export type Deployed = Pick<NetworkFacts, "layerDuration" | "layersPerEpoch" | "genesisId" | "driver" | "tap">;

/** Calls of public services. All throw a {@link UserError} when there is no answer. */
export interface PublicCalls extends Pick<ServiceCalls, "http" | "dashboard"> {
  readonly addresses: typeof addressesOf;
  readonly request: typeof request;
  readonly nodes: typeof statusByName;
  readonly certificate: (url: string, address: string) => Promise<Validity>;
}

const BY_NAME: PublicCalls = {
  ...BY_CLIENTS,
  addresses: addressesOf,
  request,
  nodes: statusByName,
  certificate: servedCertificate,
};

/**
 * Checks a network by its public names only, as its users reach it. A service that answers for another network, or shows
 * one that stands, is not well either.
 * @param deployed undefined where its state cannot be read; then the settings of today count
 */
export function publicView(
  tag: BuildTag,
  settings: Settings,
  deployed: Promise<Deployed | undefined>,
  calls: PublicCalls = BY_NAME,
): Promise<PublicCheck[]> {
  const names: NameServers = { servers: settings.dnsServers, zone: settings.zone };
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const edge = edgeUrls(publicUrl(settings.discoveryHost, settings), tag);
  const { pageHost } = endpoints;
  const { nodes, at, frontends } = entranceOf(tag, settings, deployed, calls);
  return checked([
    ["name", async () => `${pageHost} is ${(await calls.addresses(pageHost, names)).join(", ")}`],
    ["page", () => page(endpoints.page, names, calls)],
    ["page at the edge", () => page(edge.page, names, calls)],
    ["list", () => list(edge.list, tag, names, calls)],
    ...(endpoints.json.startsWith("https:")
      ? [["certificate", async () => certificate(endpoints.json, await at(endpoints.json), calls)] as const]
      : []),
    ["gRPC", async () => grpc(endpoints.grpc, await nodes(), { ...settings, ...(await deployed) })],
    ...frontends,
    ...[endpoints.tap ?? []].flat().map((url): Look => ["tap", async () => tap(url, at, await deployed, calls)]),
    ...endpoints.poets.map((url, i): Look => [`poet ${i + 1}`, async () => poet(url, await at(url), calls)]),
  ]);
}

/**
 * What a visitor of a network sees at its explorer and its dashboard. Where the driver computed the genesis id, the
 * nodes behind the public API must have it: a frontend of today does not tell which network it shows.
 */
export async function visitorsView(
  tag: BuildTag,
  settings: Settings,
  deployed: Deployed | undefined,
  calls: PublicCalls = BY_NAME,
): Promise<PublicCheck[]> {
  const { nodes, frontends, endpoints } = entranceOf(tag, settings, Promise.resolve(deployed), calls);
  const own = deployed?.genesisId;
  const genesis: Look = [
    "genesis",
    async () => {
      const { genesisId } = await nodes();
      requireOwnGenesis(behind(endpoints.grpc), genesisId, own);
      return `${new URL(endpoints.grpc).host}: genesis ${genesisId}, as the network's config makes it`;
    },
  ];
  return checked([...frontends, ...(own === undefined ? [] : [genesis])]);
}

type Look = readonly [what: string, look: () => Promise<string | Warning>];
type Warning = Required<Pick<PublicCheck, "saw" | "isWarning">>;
type At = (url: string) => Promise<string>;

/** What all views of a network ask: the nodes behind its gateway, once, and the two frontends. */
function entranceOf(tag: BuildTag, settings: Settings, deployed: Promise<Deployed | undefined>, calls: PublicCalls) {
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const names: NameServers = { servers: settings.dnsServers, zone: settings.zone };
  const at: At = (url) => addressOf(new URL(url).hostname, names, calls);
  let asked: Promise<NodesSay> | undefined;
  const nodes = () => {
    asked ??= (async () => calls.nodes(endpoints.grpc, await at(endpoints.grpc)))();
    return asked;
  };
  const agree = async (who: string, shown: Shown) => {
    // Nodes that do not answer fail their own check.
    const said = await nodes().catch(() => undefined);
    requireAgreement(who, shown, said, { ...settings, ...(await deployed) });
  };
  const today = aroundToday(tag, endpoints, at, calls);
  const spacecraft = around(endpoints, at, agree, calls);
  const look = async (name: keyof Frontends) => {
    const known = await deployed;
    const driver = known ? driverThatMade(known) : settings.driver;
    return driver === "kubernetes" ? today[name]() : spacecraft[name]();
  };
  const frontends: Look[] = [
    ["explorer", () => look("explorer")],
    ["dashboard", () => look("dashboard")],
  ];
  return { endpoints, at, nodes, frontends };
}

/** Looks at the two frontends of a network, in words. */
interface Frontends {
  explorer(): Promise<string>;
  dashboard(): Promise<string>;
}

/** Those of a network that go-spacecraft made. Both tell the network and its layer. */
const around = (
  endpoints: Endpoints,
  at: At,
  agree: (who: string, shown: Shown) => Promise<void>,
  calls: PublicCalls,
): Frontends => ({
  async explorer() {
    const { genesisId, layer } = await explorerAt(endpoints, await at(endpoints.explorerApi), calls);
    await agree("the explorer", { genesisId, layer });
    return `${endpoints.explorerApi}network-info: layer ${layer}, genesis ${genesisId}`;
  },
  async dashboard() {
    const { network, layer } = await calls.dashboard(endpoints.dashApi, await at(endpoints.dashApi));
    await agree("the dashboard", { genesisId: network, layer });
    return `${endpoints.dashApi}: ${layer === undefined ? "" : `layer ${layer}, `}genesis ${network}`;
  },
});

/** Those of a network of today: the statistics, and frontends with the list of networks at their hosts. */
const aroundToday = (
  tag: BuildTag,
  { explorer, explorerApi, dash }: Endpoints,
  at: At,
  { http }: PublicCalls,
): Frontends => ({
  async explorer() {
    const address = await at(explorer);
    const [layers, shown] = await together(
      statisticsAt({ explorerApi }, address, http),
      shownAt(explorer, address, http),
    );
    requireOwn("the explorer", tag, shown);
    return `${explorerApi}overview: ${layers} layers`;
  },
  async dashboard() {
    requireOwn("the dashboard", tag, await shownAt(dash, await at(dash), http));
    return `${dash} shows ${buildTag(tag)}`;
  },
});

/** @throws {UserError} when a frontend is told of another network */
function requireOwn(who: string, tag: BuildTag, shown: string): void {
  if (shown === buildTag(tag)) return;
  throw new UserError("ViewsDisagree", `The list of ${who} begins with ${shown}.`, "Deploy the network again.");
}

const checked = (looks: readonly Look[]): Promise<PublicCheck[]> =>
  Promise.all(looks.map(([what, look]) => check(what, look)));

async function check(what: string, look: Look[1]): Promise<PublicCheck> {
  try {
    const seen = await look();
    return { what, ok: true, ...(typeof seen === "string" ? { saw: seen } : seen) };
  } catch (error) {
    if (error instanceof UserError) return { what, ok: false, saw: error.what };
    throw error;
  }
}

/** The first address of a host. @throws {UserError} when it has none */
export async function addressOf(
  host: string,
  names: NameServers,
  { addresses }: Pick<PublicCalls, "addresses"> = BY_NAME,
): Promise<string> {
  const [address] = await addresses(host, names);
  if (address !== undefined) return address;
  throw new UserError("NameUnresolved", `${host} has no address.`, "Check its DNS records.");
}

async function page(url: string, names: NameServers, calls: PublicCalls): Promise<string> {
  const { body } = await successful(url, names, calls);
  const title = /<title>([^<]*)/.exec(body)?.[1] ?? "no title";
  return `${url} (${title}; ${body.length} bytes)`;
}

/** An end that is near fails nothing yet, and a promotion least of all. */
async function certificate(url: string, address: string, calls: PublicCalls): Promise<string | Warning> {
  const now = realClock.now();
  const found = await calls.certificate(url, address);
  const saw = `${new URL(url).host} has TLS until ${found.notAfter}, ${daysText(lifeOf(found, now).left)}`;
  return isLate(found, now) ? { saw: `${saw}; run \`smeshnet tls renew\``, isWarning: true } : saw;
}

async function list(url: string, tag: BuildTag, names: NameServers, calls: PublicCalls): Promise<string> {
  const { headers, body } = await successful(url, names, calls);
  const listed = parseArray(url, body).map((item) => (isObject(item) ? item.netName : undefined));
  const wrong = clockDifference(headers.date, realClock.now());
  if (listed.includes(buildTag(tag))) return `${url} lists ${listed.join(", ")}${wrong ? `; ${wrong}` : ""}`;
  throw new UserError("NetworkUnlisted", `${url} does not list ${buildTag(tag)}.`, "Deploy the network again.");
}

/** An answer of 200. @throws {UserError} for any other answer */
async function successful(url: string, names: NameServers, calls: PublicCalls): Promise<HttpAnswer> {
  const answer = await calls.request(url, names);
  if (answer.status === 200) return answer;
  throw new UserError("ServiceSilent", `${url} answers ${answer.status}.`, "Check the gateway and the edge.");
}

function grpc(url: string, nodes: NodesSay, limits: Limits & Pick<Deployed, "genesisId">): string {
  const { host } = new URL(url);
  const { connectedPeers, isSynced, topLayer, verifiedLayer } = nodes.status;
  requireOwnGenesis(behind(url), nodes.genesisId, limits.genesisId);
  requireFollowing(nodes, limits);
  const synced = isSynced ? "synced" : "not synced";
  const layers = `layer ${topLayer}, verified ${verifiedLayer}`;
  const aside = unproven(nodes.status, limits);
  return `${host} NodeService/Status: ${layers}, ${synced}, ${connectedPeers} peers${aside ? `; ${aside}` : ""}`;
}

const behind = (url: string): string => `The node behind ${new URL(url).host}`;

/** A network may stand without a tap under settings that want one. */
async function tap(url: string, at: At, deployed: Deployed | undefined, calls: PublicCalls): Promise<string> {
  if (deployed !== undefined && deployed.tap === undefined) return "none: the network was made without one";
  const account = await tapAt(url, await at(url), calls);
  if (deployed === undefined || sameKnown(account, deployed.tap)) return `${url} gives from ${account}`;
  throw new UserError(
    "ViewsDisagree",
    `The tap gives from ${account}, and genesis filled ${deployed.tap}.`,
    "Deploy the network again.",
  );
}

async function poet(url: string, address: string, calls: PublicCalls): Promise<string> {
  const info = await poetAt(url, address, calls);
  const state = info.kind === "rounds" ? `open round ${info.openRound}` : `phase shift ${info.phaseShift} s`;
  return `${url}: ${state}`;
}
