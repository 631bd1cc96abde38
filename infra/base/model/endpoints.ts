import type { z } from "zod";
import { type BuildTag, hostLabel, stackName } from "./build-tag";
import { listOf, nonEmptyText, object, urlText } from "./formats";
import { type TapChoice, tapOf } from "./tap-settings";

/** The settings that determine the public names of networks. */
export interface PublicNames extends TapChoice {
  /** DNS zone, e.g. `spacemesh.io`. */
  readonly zone: string;
  /** Subdomain of the zone under which networks have their names, e.g. `net`. */
  readonly subdomain: string;
  /** Whether hosts whose names a certificate allows are served by TLS. */
  readonly tls: boolean;
  /** TCP port at which the gateway and the edge answer the public. */
  readonly port: number;
  /** TCP port of plain HTTP beside TLS; 80 by default. */
  readonly httpPort?: number;
}

/** The public hosts and URLs of a network or of a channel. */
export const Endpoints = object({
  /** Host of the info page, `1_2_3_1.net.spacemesh.io`. It uses plain HTTP: no certificate allows an underscore. */
  pageHost: nonEmptyText,
  apiHost: nonEmptyText,
  explorerHost: nonEmptyText,
  dashHost: nonEmptyText,
  /** Absent where settings want no tap. */
  tapHost: nonEmptyText.optional(),
  /** One host for each poet, in order. */
  poetHosts: listOf(nonEmptyText),
  page: urlText,
  /** Base URL of the gRPC API; clients take host and port from it. It ends in a slash, as wallets expect. */
  grpc: urlText,
  /** Base URL of the JSON API, on the same host. */
  json: urlText,
  explorer: urlText,
  explorerApi: urlText,
  dash: urlText,
  /** WebSocket of the dashboard's backend. */
  dashApi: urlText,
  /** Page and API of the tap. */
  tap: urlText.optional(),
  poets: listOf(urlText),
}).describe("the network's public names (infra/base/model/endpoints.ts)");
export type Endpoints = Readonly<z.infer<typeof Endpoints>>;

/** The endpoints of a network: the page at a name with underscores, the services at names with hyphens. */
export const networkEndpoints = (tag: BuildTag, poets: number, names: PublicNames): Endpoints => {
  const parent = `${names.subdomain}.${names.zone}`;
  const label = hostLabel(tag);
  return endpoints(`${stackName(tag)}.${parent}`, (service) => `${service}-${label}.${parent}`, poets, names);
};

/** The endpoints of a channel. `testnet` has its page at `test.net.spacemesh.io`, and its services below that name. */
export const channelEndpoints = (channel: string, poets: number, names: PublicNames): Endpoints => {
  const host = channelHost(channel, names);
  return endpoints(host, (service) => `${service}.${host}`, poets, names);
};

/**
 * The gateway host of a channel. All service hosts of the channel are aliases of it, and it is an alias of a network's
 * host. A promotion moves this one record, so all names move at the same moment.
 */
export const channelGateway = (channel: string, names: Pick<PublicNames, "zone" | "subdomain">): string =>
  `gateway.${channelHost(channel, names)}`;

/** The host of a channel's page, above all its service hosts. */
export const channelHost = (channel: string, { subdomain, zone }: Pick<PublicNames, "zone" | "subdomain">): string =>
  `${channel.replace(/net$/, "")}.${subdomain}.${zone}`;

/** Every public host of a network: page, services and poets. */
export const hostsOf = ({ pageHost, apiHost, explorerHost, dashHost, tapHost, poetHosts }: Endpoints): string[] => [
  pageHost,
  apiHost,
  explorerHost,
  dashHost,
  ...(tapHost === undefined ? [] : [tapHost]),
  ...poetHosts,
];

/** Every host that a network's gateway may serve one day: its own, and those of the channels. */
export const gatewayHosts = (
  tag: BuildTag,
  settings: PublicNames & { readonly channels: readonly string[]; readonly poets: number },
): string[] =>
  [
    networkEndpoints(tag, settings.poets, settings),
    ...settings.channels.map((channel) => channelEndpoints(channel, settings.poets, settings)),
  ].flatMap(hostsOf);

/** `https://HOST/`, with the port where it is not the scheme's own. */
export function publicUrl(host: string, names: Pick<PublicNames, "tls" | "port">, path = "/"): string {
  return `${url(names.tls ? "https" : "http", host, names)}${path}`;
}

function endpoints(
  pageHost: string,
  serviceHost: (service: string) => string,
  poets: number,
  names: PublicNames,
): Endpoints {
  const apiHost = serviceHost("api");
  const explorerHost = serviceHost("explorer");
  const dashHost = serviceHost("dash");
  const tapHost = tapOf(names) && serviceHost("tap");
  const poetHosts = Array.from({ length: poets }, (_, i) => serviceHost(`poet-${i + 1}`));
  return {
    pageHost,
    apiHost,
    explorerHost,
    dashHost,
    ...(tapHost !== undefined && { tapHost }),
    poetHosts,
    page: pageHost.includes("_") ? `${url("http", pageHost, names)}/` : publicUrl(pageHost, names),
    grpc: publicUrl(apiHost, names),
    json: publicUrl(apiHost, names),
    explorer: publicUrl(explorerHost, names),
    explorerApi: publicUrl(explorerHost, names, "/api/"),
    dash: publicUrl(dashHost, names),
    dashApi: `${url(names.tls ? "wss" : "ws", dashHost, names)}/ws`,
    ...(tapHost !== undefined && { tap: publicUrl(tapHost, names) }),
    poets: poetHosts.map((host) => publicUrl(host, names)),
  };
}

/** Without TLS all schemes share the configured port; with it plain HTTP has a port of its own. */
function url(
  scheme: "http" | "https" | "ws" | "wss",
  host: string,
  { tls, port, httpPort = 80 }: Pick<PublicNames, "tls" | "port" | "httpPort">,
) {
  const secure = scheme === "https" || scheme === "wss";
  const own = tls && !secure ? httpPort : port;
  return `${scheme}://${host}${own === (secure ? 443 : 80) ? "" : `:${own}`}`;
}
