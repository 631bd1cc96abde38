import { z } from "zod";
import { type BuildTag, hostLabel, stackName } from "./build-tag";
import { looseObject, nonEmptyText, urlText } from "./formats";

/** What decides the public names of networks; part of the settings. */
export interface PublicNames {
  /** DNS zone, e.g. `spacemesh.io`. */
  readonly zone: string;
  /** The part below the zone under which networks live, e.g. `net`. */
  readonly subdomain: string;
  /** Whether hosts with a certificate-safe name are served by TLS. */
  readonly tls: boolean;
  /** TCP port at which the gateway and the edge answer the public. */
  readonly port: number;
}

/** The public hosts and URLs of one network; the same shape serves a channel. */
export interface Endpoints {
  /** Host of the info page, `1_2_3_1.net.spacemesh.io`; plain HTTP, since an underscore gets no certificate. */
  readonly pageHost: string;
  readonly apiHost: string;
  readonly explorerHost: string;
  readonly dashHost: string;
  /** One host a poet, in order. */
  readonly poetHosts: readonly string[];
  readonly page: string;
  /** Base of the gRPC API; clients take host and port from it. Ends in a slash, as wallets expect. */
  readonly grpc: string;
  /** Base of the JSON API, on the same host. */
  readonly json: string;
  readonly explorer: string;
  readonly explorerApi: string;
  readonly dash: string;
  /** WebSocket of the dashboard's backend. */
  readonly dashApi: string;
  readonly poets: readonly string[];
}

/** The endpoints of a network: page at the underscore name, services at hyphen hosts. Pure. */
export const networkEndpoints = (tag: BuildTag, poets: number, names: PublicNames): Endpoints => {
  const parent = `${names.subdomain}.${names.zone}`;
  const label = hostLabel(tag);
  return endpoints(`${stackName(tag)}.${parent}`, (service) => `${service}-${label}.${parent}`, poets, names);
};

/**
 * The endpoints of a channel: for `testnet` the page at `test.net.spacemesh.io`, services below it
 * (`api.test.net.spacemesh.io`). Pure.
 */
export const channelEndpoints = (channel: string, poets: number, names: PublicNames): Endpoints => {
  const host = channelHost(channel, names);
  return endpoints(host, (service) => `${service}.${host}`, poets, names);
};

/**
 * The host of a channel that its service hosts are aliases of, itself an alias of one of the network's, whose services
 * share one gateway: a promotion moves this one record, and all names move at the same moment. Pure.
 */
export const channelGateway = (channel: string, names: Pick<PublicNames, "zone" | "subdomain">): string =>
  `gateway.${channelHost(channel, names)}`;

const channelHost = (channel: string, { subdomain, zone }: Pick<PublicNames, "zone" | "subdomain">): string =>
  `${channel.replace(/net$/, "")}.${subdomain}.${zone}`;

/** Every public host of a network: page, services and poets. */
export const hostsOf = ({ pageHost, apiHost, explorerHost, dashHost, poetHosts }: Endpoints): string[] => [
  pageHost,
  apiHost,
  explorerHost,
  dashHost,
  ...poetHosts,
];

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
  const poetHosts = Array.from({ length: poets }, (_, i) => serviceHost(`poet-${i + 1}`));
  return {
    pageHost,
    apiHost,
    explorerHost,
    dashHost,
    poetHosts,
    page: pageHost.includes("_") ? `${url("http", pageHost, names)}/` : publicUrl(pageHost, names),
    grpc: publicUrl(apiHost, names),
    json: publicUrl(apiHost, names),
    explorer: publicUrl(explorerHost, names),
    explorerApi: publicUrl(explorerHost, names, "/api/"),
    dash: publicUrl(dashHost, names),
    dashApi: `${url(names.tls ? "wss" : "ws", dashHost, names)}/ws`,
    poets: poetHosts.map((host) => publicUrl(host, names)),
  };
}

/** Without TLS all schemes share the configured port; with it plain HTTP is on 80. */
function url(scheme: "http" | "https" | "ws" | "wss", host: string, { tls, port }: Pick<PublicNames, "tls" | "port">) {
  const secure = scheme === "https" || scheme === "wss";
  const isDefault = secure ? port === 443 : tls || port === 80;
  return `${scheme}://${host}${isDefault ? "" : `:${port}`}`;
}

export const endpointsSchema: z.ZodType<Endpoints> = looseObject({
  pageHost: nonEmptyText,
  apiHost: nonEmptyText,
  explorerHost: nonEmptyText,
  dashHost: nonEmptyText,
  poetHosts: z.array(nonEmptyText, "a list"),
  page: urlText,
  grpc: urlText,
  json: urlText,
  explorer: urlText,
  explorerApi: urlText,
  dash: urlText,
  dashApi: urlText,
  poets: z.array(urlText, "a list"),
}).describe("the network's public names (infra/base/model/endpoints.ts)");
