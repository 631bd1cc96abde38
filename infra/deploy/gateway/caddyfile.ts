import type { Endpoints } from "../../base/model/endpoints";

/** Port at which Caddy answers plain HTTP inside its pod. */
export const HTTP_PORT = 8080;
/** Port at which Caddy answers TLS inside its pod. */
export const TLS_PORT = 8443;
/** Where the info page's files are mounted in Caddy's container. */
export const SITE_FOLDER = "/srv/site";

/**
 * What the public may call of a node: its private services (smeshing, admin, shutdown, metrics) share the same port in
 * go-spacemesh's API v1 and must not pass (spacemeshos/api, spacemesh/v1/*.proto).
 */
const PUBLIC_CALLS = {
  "spacemesh.v1.NodeService": ["Echo", "Version", "Build", "Status", "StatusStream"],
  "spacemesh.v1.MeshService": ["*"],
  "spacemesh.v1.GlobalStateService": ["*"],
  "spacemesh.v1.TransactionService": ["*"],
  "spacemesh.v2alpha1.NetworkService": ["*"],
  "spacemesh.v2alpha1.NodeService": ["Status"],
  "spacemesh.v2alpha1.LayerService": ["*"],
  "spacemesh.v2alpha1.AccountService": ["*"],
  "spacemesh.v2alpha1.TransactionService": ["*"],
} as const;

/** The JSON gateway's paths of the same calls (google.api.http options in spacemesh/v1/*.proto). */
const PUBLIC_PATHS = [
  ...["echo", "version", "build", "status", "statusstream"].map((call) => `/v1/node/${call}`),
  "/v1/mesh/*",
  "/v1/globalstate/*",
  "/v1/transaction/*",
];

/** What only the network's driver may call of a poet (spacemeshos/poet, rpc/api: Start, UpdateGateway). */
const PRIVATE_POET_PATHS = ["/v1/start", "/v1/updategateway"];

const GRPC_PATHS = Object.entries(PUBLIC_CALLS).flatMap(([service, calls]) =>
  calls.map((call) => `/${service}/${call}`),
);

/** What answers behind the gateway, as Caddy's placeholders for the variables Kubernetes injects for each Service. */
const upstream = (service: string, port?: string): string => {
  const name = service.toUpperCase().replaceAll("-", "_");
  return `{$${name}_SERVICE_HOST}:{$${name}_SERVICE_PORT${port ? `_${port.toUpperCase()}` : ""}}`;
};

/**
 * The gateway's configuration: one entrance for gRPC, JSON, explorer, dashboard, poets and page, by host. Pure.
 * @param sets the network's endpoints first, then those of the channels that may point here one day
 * @param tls whether hosts get certificates, on demand and only for the names listed here
 */
export function caddyfile(sets: readonly Endpoints[], tls: boolean): string {
  const all = <T>(pick: (endpoints: Endpoints) => T): T[] => sets.map(pick);
  const poets = sets[0]?.poetHosts ?? [];
  const routes = [
    apiRoute(all((e) => e.apiHost)),
    hostRoute(
      "explorer",
      all((e) => e.explorerHost),
      [
        `handle_path /api/* {`,
        `\treverse_proxy ${upstream("explorer-api")}`,
        `}`,
        `handle {`,
        `\treverse_proxy ${upstream("explorer-frontend")}`,
        `}`,
      ],
    ),
    hostRoute(
      "dash",
      all((e) => e.dashHost),
      [
        `@backend path /ws /healthz`,
        `handle @backend {`,
        `\treverse_proxy ${upstream("dash-api")}`,
        `}`,
        `handle {`,
        `\treverse_proxy ${upstream("dash-frontend")}`,
        `}`,
      ],
    ),
    ...poets.map((_, index) =>
      poetRoute(
        index,
        sets.map((e) => e.poetHosts[index]).filter((host) => host !== undefined),
      ),
    ),
    pageRoute(sets),
    `handle {\n\trespond "no such service here" 404\n}`,
  ];
  return `${tls ? withTls(routes, sets) : withoutTls(routes)}\n`;
}

const GLOBAL = ["admin off", "default_bind {$BIND_ADDRESS}", "servers {", "\tprotocols h1 h2 h2c", "}"];

const withoutTls = (routes: string[]): string =>
  [block("", ["auto_https off", ...GLOBAL]), block(`:${HTTP_PORT}`, routes)].join("\n");

/** Plain HTTP serves the underscore name, which gets no certificate, and sends everybody else to TLS. */
function withTls(routes: string[], sets: readonly Endpoints[]): string {
  const isPlain = ({ pageHost }: Endpoints) => pageHost.includes("_");
  const secure = sets.filter((e) => !isPlain(e)).map(({ pageHost }) => pageHost);
  const hosts = [...sets.flatMap((e) => [e.apiHost, e.explorerHost, e.dashHost, ...e.poetHosts]), ...secure];
  const ask = [`@known query ${hosts.map((host) => `domain=${host}`).join(" ")}`, "respond @known 200", "respond 404"];
  return [
    block("", [
      `http_port ${HTTP_PORT}`,
      `https_port ${TLS_PORT}`,
      "auto_https disable_redirects",
      "on_demand_tls {",
      "\task http://127.0.0.1:9180/",
      "}",
      ...GLOBAL,
    ]),
    block("http://:9180", ["bind 127.0.0.1", ...ask]),
    block(`http://:${HTTP_PORT}`, [pageRoute(sets.filter(isPlain)), "handle {\n\tredir https://{host}{uri} 308\n}"]),
    block(`https://:${TLS_PORT}`, ["tls {\n\ton_demand\n}", ...routes]),
  ].join("\n");
}

/** gRPC and JSON share the host; a path that is not listed is not there. */
function apiRoute(hosts: string[]): string {
  return [
    hostRoute("api", hosts, [
      `@grpc {`,
      `\tprotocol grpc`,
      `\tpath ${GRPC_PATHS.join(" ")}`,
      `}`,
      `handle @grpc {`,
      `\treverse_proxy h2c://${upstream("node-api", "grpc")}`,
      `}`,
      `header Access-Control-Allow-Origin *`,
      `@preflight method OPTIONS`,
      `handle @preflight {`,
      `\theader Access-Control-Allow-Methods "GET, POST, OPTIONS"`,
      `\theader Access-Control-Allow-Headers Content-Type`,
      `\trespond 204`,
      `}`,
      `@json {`,
      `\tnot protocol grpc`,
      `\tpath ${[...PUBLIC_PATHS, ...GRPC_PATHS.filter((path) => path.includes("v2alpha1"))].join(" ")}`,
      `}`,
      `handle @json {`,
      `\treverse_proxy ${upstream("node-api", "json")} {`,
      `\t\theader_down -Access-Control-Allow-Origin`,
      `\t}`,
      `}`,
      `handle {`,
      `\trespond "no such call here" 404`,
      `}`,
    ]),
  ].join("\n");
}

/** A poet's REST API, but for what only the driver may call: they choose the nodes that a poet works for. */
const poetRoute = (index: number, hosts: string[]): string =>
  hostRoute(`poet${index + 1}`, hosts, [
    `@public {`,
    `\tpath /v1/*`,
    `\tnot path ${PRIVATE_POET_PATHS.join(" ")}`,
    `}`,
    `handle @public {`,
    `\treverse_proxy ${upstream(`poet-${index + 1}`)}`,
    `}`,
    `handle {`,
    `\trespond "no such call here" 404`,
    `}`,
  ]);

/** The underscore name carries no certificate, so service traffic that arrives there is sent to the hyphen hosts. */
const pageRoute = (sets: readonly Endpoints[]): string =>
  hostRoute(
    "page",
    sets.map((e) => e.pageHost),
    [
      `redir /explorer ${sets[0]?.explorer} 308`,
      `redir /dash ${sets[0]?.dash} 308`,
      `redir /api ${sets[0]?.json} 308`,
      `root * {$SITE_FOLDER}`,
      `file_server`,
    ],
  );

const hostRoute = (name: string, hosts: string[], lines: string[]): string =>
  `@${name} host ${hosts.join(" ")}\n${block(`handle @${name}`, lines)}`;

const block = (head: string, lines: string[]): string =>
  `${head} {\n${lines
    .join("\n")
    .split("\n")
    .map((line) => `\t${line}`)
    .join("\n")}\n}`.trimStart();
