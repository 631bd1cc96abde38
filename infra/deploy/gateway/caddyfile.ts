import type { Endpoints } from "../../base/model/endpoints";
import { TLS_FILE } from "../../base/model/tls";
import type { Watched } from "./curve-route";
import { hardened, hostBlock, limitLines, NO_FRAME, routeMatcher } from "./host-block";
import { HEAD_SIZE, IDLE_TIMEOUT, PAGE_FILES, READ_TIMEOUT, type Site, WRITE_TIMEOUT } from "./routes";
import { type Driver, sitesOf } from "./sites";

/** Port at which Caddy answers plain HTTP inside its pod. */
export const HTTP_PORT = 8080;
/** Port at which Caddy answers TLS inside its pod. */
export const TLS_PORT = 8443;
/** Port of Caddy's metrics inside its pod. No public Service leads there. */
export const METRICS_PORT = 9181;
/** Where the info page's files are mounted in Caddy's container. */
export const SITE_FOLDER = "/srv/site";
/** Where the file with the certificate and its private key is mounted there. */
export const TLS_FOLDER = "/srv/tls";
/** The host by which the kubelet asks whether Caddy serves. No name ends so (RFC 6761). */
export const READY_HOST = "ready.invalid";
/** Port at which Caddy gives that file to itself, on the pod's loopback. */
const CERTIFICATE_PORT = 9180;
/** Where the list with this network alone is mounted there, for networks of today. */
export const LIST_FOLDER = "/srv/list";

/**
 * The gateway's configuration: one entrance for gRPC, JSON, explorer, dashboard, tap, poets and page, by host.
 * test/golden/Caddyfile shows the result.
 * @param sets the network's endpoints first, then those of the channels that may point here one day
 * @param tls whether hosts are served by TLS, with the certificate that the pod mounts
 * @param driver that made the network; networks of today have other programs behind their gateway
 * @param watched when Prometheus watches the network: the gateway then counts its requests, which costs each a little,
 *   and answers for the public curves
 */
export const caddyfile = (
  sets: readonly Endpoints[],
  tls: boolean,
  driver: Driver = "spacecraft",
  watched?: Watched,
): string => {
  const sites = sitesOf(sets, driver, watched);
  const text = `${tls ? withTls(sets, sites) : withoutTls(sets, sites)}${METRICS}`;
  return watched ? text.replace(GLOBAL, `${GLOBAL}\n\tmetrics`) : text;
};

const READY = `\
	@ready host ${READY_HOST}
	handle @ready {
		respond 200
	}`;

const METRICS = `\
http://:${METRICS_PORT} {
	metrics /metrics
}
`;

/** No admin API, and no copy of the configuration in the image's own folder, which belongs to root. */
const GLOBAL = `\
	admin off
	persist_config off
	default_bind {$BIND_ADDRESS}
	servers {
		protocols h1 h2 h2c
		max_header_size ${HEAD_SIZE}
		timeouts {
			read_header ${READ_TIMEOUT}s
			read_body_idle ${READ_TIMEOUT}s
			write_idle ${WRITE_TIMEOUT}s
			idle ${IDLE_TIMEOUT}s
		}
	}`;

const withoutTls = (sets: readonly Endpoints[], sites: readonly Site[]): string => `\
{
	auto_https off
${GLOBAL}
}
:${HTTP_PORT} {
${READY}
${services(sets, sites, false)}
}
`;

/**
 * Plain HTTP serves the underscore name, which no certificate covers, and sends everybody else to TLS. Caddy asks
 * itself for the certificate at each handshake, so a renewed one serves as soon as the kubelet has put it into the pod.
 * It asks no authority: only the files of a network would hold what it got.
 */
function withTls(sets: readonly Endpoints[], sites: readonly Site[]): string {
  const isPlain = ({ pageHost }: Endpoints) => pageHost.includes("_");
  const port = sets[0] && new URL(sets[0].json).port; // empty where it is the scheme's own
  return `\
{
	http_port ${HTTP_PORT}
	https_port ${TLS_PORT}
	auto_https disable_redirects
${GLOBAL}
}
http://:${CERTIFICATE_PORT} {
	bind {$CERTIFICATE_ADDRESS:127.0.0.1}
	@certificate path /${TLS_FILE}
	handle @certificate {
		root * {$TLS_FOLDER}
		file_server
	}
	respond 404
}
http://:${HTTP_PORT} {
${hardened(false)}
${READY}
${page(sets.filter(isPlain))}
	handle {
		redir https://{host}${port ? `:${port}` : ""}{uri} 308
	}
${ERRORS}
}
https://:${TLS_PORT} {
	tls {
		get_certificate http http://{$CERTIFICATE_ADDRESS:127.0.0.1}:${CERTIFICATE_PORT}/${TLS_FILE}
	}
${services(sets, sites, true)}
}
`;
}

const services = (sets: readonly Endpoints[], sites: readonly Site[], tls: boolean): string =>
  [hardened(tls), ...sites.map(hostBlock), page(sets), NO_SUCH_SERVICE, ERRORS].join("\n");

const NO_SUCH_SERVICE = `\
	handle {
		respond "no such service here" 404
	}`;

/** What went wrong, without a word about the program that noticed. */
const ERRORS = `\
	handle_errors {
		header -Server
		respond "{err.status_code} {err.status_text}"
	}`;

/** No certificate covers the underscore name. So it sends service traffic to the hyphen hosts. */
const page = (sets: readonly Endpoints[]): string => `\
	@page host ${sets.map((e) => e.pageHost).join(" ")}
	handle @page {
		redir /explorer ${sets[0]?.explorer} 308
		redir /dash ${sets[0]?.dash} 308
		redir /api ${sets[0]?.json} 308
		header +Content-Security-Policy "${NO_FRAME}"
		@files {
${routeMatcher({ ...PAGE_FILES, protocol: "http" })}
		}
		handle @files {
${limitLines(PAGE_FILES.limits)}
			root * {$SITE_FOLDER}
			file_server
		}
		handle {
			respond "no such page here" 404
		}
	}`;
