import {
  BODY_RATE,
  type Limits,
  READ,
  READ_TIMEOUT,
  READING,
  type Route,
  type Site,
  targetsOf,
  WRITE_TIMEOUT,
} from "./routes";

/** The target of a request as the client wrote it, before Caddy decodes or tidies it. */
const TARGET = "{http.request.orig_uri}";

/** Seconds that browsers keep to TLS, 30 days: a team that gives TLS up can use a channel's names again after that. */
const STRICT_TLS = 2_592_000;

/** No page of ours is shown within another page. */
export const NO_FRAME = "frame-ancestors 'none'";

/** What the gateway adds to pages of frontends, whose scripts and styles it does not know. */
const FRONTEND_POLICY = `${NO_FRAME}; base-uri 'self'; object-src 'none'`;

/** Lets pages of any origin read an answer. The upstream's own header of that name is taken away: one is allowed. */
const OPEN = "header Access-Control-Allow-Origin *";

/** Headers of every answer. They replace those of the upstream, and nothing says which program answers. */
export const hardened = (tls: boolean): string => `\
	header {
		-Server
		-X-Powered-By
		-Via
		>X-Content-Type-Options nosniff
		>Referrer-Policy no-referrer
		>X-Frame-Options DENY
${tls ? `\t\t>Strict-Transport-Security max-age=${STRICT_TLS}\n` : ""}\
	}`;

/** The block of one public host: its routes, and nothing else. */
export const hostBlock = ({ name, kind, hosts, routes, list }: Site): string => `\
	@${name} host ${hosts.join(" ")}
	handle @${name} {
${[
  ...headersOf(kind),
  ...(list ? [listBlock(list)] : []),
  ...routes.map((route) => routeBlock(route, kind)),
  ...preflights(kind, routes),
].join("\n")}
		handle {
			respond "no such call here" 404
		}
	}`;

function headersOf(kind: Site["kind"]): string[] {
  if (kind === "pages") return [`\t\theader +Content-Security-Policy "${FRONTEND_POLICY}"`];
  return kind === "open-calls" ? [`\t\t${OPEN}`] : [];
}

/** The gateway's own list of networks. A frontend reads it anew each time. */
const listBlock = (path: string): string => `\
		@list {
${routeMatcher({ protocol: "http", methods: READ, paths: [path] })}
		}
		handle @list {
${limitLines(READING)}
			header Cache-Control no-cache
			root * {$LIST_FOLDER}
			file_server
		}`;

/** The question of a browser whether a page of another origin may call. */
function preflights(kind: Site["kind"], routes: readonly Route[]): string[] {
  const open = routes.filter(({ protocol, isOpen }) => protocol === "http" && (kind === "open-calls" || isOpen));
  const paths = open.flatMap((route) => route.paths ?? []);
  if (paths.length === 0) return [];
  const headers = kind === "open-calls" ? [] : [OPEN];
  return [
    `\
		@preflight {
${routeMatcher({ protocol: "http", methods: ["OPTIONS"], paths })}
		}
		handle @preflight {
${headers.map((line) => `\t\t\t${line}\n`).join("")}\
			header Access-Control-Allow-Methods "GET, POST, OPTIONS"
			header Access-Control-Allow-Headers Content-Type
			respond 204
		}`,
  ];
}

const routeBlock = (route: Route, kind: Site["kind"]): string => `\
		@${route.name} {
${routeMatcher(route)}
		}
		handle @${route.name} {
${[limitLines(route.limits), ...(route.isOpen ? [`\t\t\t${OPEN}`] : []), ...proxy(route, kind)].join("\n")}
		}`;

/** What a request must be to take a route. */
export const routeMatcher = ({
  protocol,
  methods,
  paths,
  except,
}: Pick<Route, "protocol" | "methods" | "paths" | "except">): string =>
  [
    protocol === "grpc" ? "protocol grpc" : "not protocol grpc",
    `method ${methods.join(" ")}`,
    ...(paths ? [`path ${paths.join(" ")}`] : []),
    ...(except ? [`not path ${except.join(" ")}`] : []),
    `vars_regexp ${TARGET} ${targetsOf({ paths })}`,
  ]
    .map((line) => `\t\t\t${line}`)
    .join("\n");

/** A body that is too large is refused before the upstream hears of it, a slow one is cut off. */
export const limitLines = ({ body }: Limits): string => `\
			request_body {
				max_size ${body}
			}
			timeouts {
				read_timeout ${READ_TIMEOUT}s ${BODY_RATE}
				write_timeout ${WRITE_TIMEOUT}s
			}`;

function proxy(route: Route, kind: Site["kind"]): string[] {
  const { below, questions = {}, methods, limits, isOpen } = route;
  const asked = Object.keys(questions).length > 0;
  return [
    ...Object.entries(questions).map(([path, question]) => `\t\t\trewrite ${path} ${question}`),
    ...(below ? [`\t\t\turi strip_prefix ${below}`] : []),
    `\t\t\treverse_proxy ${upstream(route)} {`,
    ...(methods.includes("POST") || asked ? [`\t\t\t\trequest_buffers ${limits.body}`] : []),
    `\t\t\t\tunhealthy_request_count ${limits.underway}`,
    "\t\t\t\theader_up -X-HTTP-Method-Override", // grpc-gateway takes another method from it
    // Prometheus reads a form from the body of a GET too. The fixed question has to be all that it is asked.
    ...(asked ? ["\t\t\t\theader_up -Content-Type"] : []),
    ...(kind === "open-calls" || isOpen ? ["\t\t\t\theader_down -Access-Control-Allow-Origin"] : []),
    "\t\t\t}",
  ];
}

/** A Service behind the gateway, as Caddy's placeholders for the variables that Kubernetes injects for it. */
function upstream({ protocol, service, port }: Route): string {
  const name = service.toUpperCase().replaceAll("-", "_");
  const address = `{$${name}_SERVICE_HOST}:{$${name}_SERVICE_PORT${port ? `_${port.toUpperCase()}` : ""}}`;
  return protocol === "grpc" ? `h2c://${address}` : address;
}
