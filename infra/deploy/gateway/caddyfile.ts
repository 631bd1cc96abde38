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

/** The node's calls as gRPC paths. */
const GRPC_PATHS = Object.entries(PUBLIC_CALLS).flatMap(([service, calls]) =>
  calls.map((call) => `/${service}/${call}`),
);

/** A Service behind the gateway, as Caddy's placeholders for the variables that Kubernetes injects for it. */
const upstream = (service: string, port?: string): string => {
  const name = service.toUpperCase().replaceAll("-", "_");
  return `{$${name}_SERVICE_HOST}:{$${name}_SERVICE_PORT${port ? `_${port.toUpperCase()}` : ""}}`;
};

/**
 * The gateway's configuration: one entrance for gRPC, JSON, explorer, dashboard, poets and page, by host.
 * test/golden/Caddyfile shows the result.
 * @param sets the network's endpoints first, then those of the channels that may point here one day
 * @param tls whether hosts get certificates, on demand and only for the names listed here
 */
export const caddyfile = (sets: readonly Endpoints[], tls: boolean): string => (tls ? withTls(sets) : withoutTls(sets));

/** No admin API, and no copy of the configuration in the image's own folder, which belongs to root. */
const GLOBAL = `\
	admin off
	persist_config off
	default_bind {$BIND_ADDRESS}
	servers {
		protocols h1 h2 h2c
	}`;

const withoutTls = (sets: readonly Endpoints[]): string => `\
{
	auto_https off
${GLOBAL}
}
:${HTTP_PORT} {
${services(sets)}
}
`;

/** Plain HTTP serves the underscore name, which gets no certificate, and sends everybody else to TLS. */
function withTls(sets: readonly Endpoints[]): string {
  const isPlain = ({ pageHost }: Endpoints) => pageHost.includes("_");
  const secure = sets.filter((e) => !isPlain(e)).map(({ pageHost }) => pageHost);
  const hosts = [...sets.flatMap((e) => [e.apiHost, e.explorerHost, e.dashHost, ...e.poetHosts]), ...secure];
  return `\
{
	http_port ${HTTP_PORT}
	https_port ${TLS_PORT}
	auto_https disable_redirects
	on_demand_tls {
		ask http://127.0.0.1:9180/
	}
${GLOBAL}
}
http://:9180 {
	bind 127.0.0.1
	@known query ${hosts.map((host) => `domain=${host}`).join(" ")}
	respond @known 200
	respond 404
}
http://:${HTTP_PORT} {
${page(sets.filter(isPlain))}
	handle {
		redir https://{host}{uri} 308
	}
}
https://:${TLS_PORT} {
	tls {
		on_demand
	}
${services(sets)}
}
`;
}

const services = (sets: readonly Endpoints[]): string =>
  [api(sets), explorer(sets), dashboard(sets), ...poets(sets), page(sets), NO_SUCH_SERVICE].join("\n");

const NO_SUCH_SERVICE = `\
	handle {
		respond "no such service here" 404
	}`;

const NO_SUCH_CALL = `\
		handle {
			respond "no such call here" 404
		}`;

/** gRPC and JSON share the host. A path that is not listed is not served. */
const api = (sets: readonly Endpoints[]): string => `\
	@api host ${sets.map((e) => e.apiHost).join(" ")}
	handle @api {
		@grpc {
			protocol grpc
			path ${GRPC_PATHS.join(" ")}
		}
		handle @grpc {
			reverse_proxy h2c://${upstream("node-api", "grpc")}
		}
		header Access-Control-Allow-Origin *
		@preflight method OPTIONS
		handle @preflight {
			header Access-Control-Allow-Methods "GET, POST, OPTIONS"
			header Access-Control-Allow-Headers Content-Type
			respond 204
		}
		@json {
			not protocol grpc
			path ${[...PUBLIC_PATHS, ...GRPC_PATHS.filter((path) => path.includes("v2alpha1"))].join(" ")}
		}
		handle @json {
			reverse_proxy ${upstream("node-api", "json")} {
				header_down -Access-Control-Allow-Origin
			}
		}
${NO_SUCH_CALL}
	}`;

const explorer = (sets: readonly Endpoints[]): string => `\
	@explorer host ${sets.map((e) => e.explorerHost).join(" ")}
	handle @explorer {
		handle_path /api/* {
			reverse_proxy ${upstream("explorer-api")}
		}
		handle {
			reverse_proxy ${upstream("explorer-frontend")}
		}
	}`;

const dashboard = (sets: readonly Endpoints[]): string => `\
	@dash host ${sets.map((e) => e.dashHost).join(" ")}
	handle @dash {
		@backend path /ws /healthz
		handle @backend {
			reverse_proxy ${upstream("dash-api")}
		}
		handle {
			reverse_proxy ${upstream("dash-frontend")}
		}
	}`;

/** The REST API of each poet, except the calls of the network's driver: they choose the nodes that a poet works for. */
const poets = (sets: readonly Endpoints[]): string[] =>
  (sets[0]?.poetHosts ?? []).map(
    (_, i) => `\
	@poet${i + 1} host ${sets.flatMap((e) => e.poetHosts[i] ?? []).join(" ")}
	handle @poet${i + 1} {
		@public {
			path /v1/*
			not path ${PRIVATE_POET_PATHS.join(" ")}
		}
		handle @public {
			reverse_proxy ${upstream(`poet-${i + 1}`)}
		}
${NO_SUCH_CALL}
	}`,
  );

/** The underscore name gets no certificate. So it sends service traffic to the hyphen hosts. */
const page = (sets: readonly Endpoints[]): string => `\
	@page host ${sets.map((e) => e.pageHost).join(" ")}
	handle @page {
		redir /explorer ${sets[0]?.explorer} 308
		redir /dash ${sets[0]?.dash} 308
		redir /api ${sets[0]?.json} 308
		root * {$SITE_FOLDER}
		file_server
	}`;
