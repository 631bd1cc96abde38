/** A directive of a Caddyfile: its words, and the directives in its braces. */
interface Directive {
  readonly words: readonly string[];
  readonly inner: readonly Directive[];
}

/** Ports at which a node answers its owner (go-spacemesh v1.1 and later, api/grpcserver/config.go). */
const PRIVATE_PORTS = ["9093", "9094"];

/** Programs with private calls beside their public ones. */
interface Guarded {
  readonly name: string;
  /** Their Service, by its name and by the variables that Kubernetes makes of that. */
  readonly service: RegExp;
  /** Calls that their owner alone may make, as a client would ask for them. */
  readonly calls: readonly string[];
}

const NODE_CALLS = [
  "/spacemesh.v1.SmesherService/StartSmeshing",
  "/spacemesh.v1.AdminService/CheckpointStream",
  "/spacemesh.v1.DebugService/Accounts",
  "/spacemesh.v1.NodeService/Shutdown",
  "/spacemesh.v1.NodeService/SyncStart",
  "/spacemesh.v1.PostService/Register",
  "/v1/smesher/startsmeshing",
  "/v1/admin/checkpoint",
  "/v1/debug/accounts",
  "/v1/node/shutdown",
  "/v1/node/syncstart",
];

const GUARDED: readonly Guarded[] = [
  { name: "the nodes", service: /NODE_API_SERVICE|\bnode-api\b|\bminer\b/, calls: NODE_CALLS },
  {
    name: "a poet",
    service: /POET_\d+_SERVICE|\bpoet-\d+\b/,
    calls: ["/v1/start", "/v1/start:", "/v1/updategateway", "/v1/reload_trusted_keys"],
  },
];

/**
 * Routes of a Caddyfile that reach a private call: to a private port of a node, or to nodes or poets without a list of
 * public paths, or with a list that lets a private call through.
 */
export function privateRoutes(text: string): string[] {
  return routesIn(parsed(text), []).flatMap(({ words, around }) => {
    const upstreams = words.slice(1).filter((word) => !word.startsWith("@") && !word.startsWith("/") && word !== "*");
    const opened = upstreams.find((upstream) => PRIVATE_PORTS.some((port) => upstream.endsWith(`:${port}`)));
    if (opened) return [`The gateway leads to ${opened}, a private port of a node. Remove that route.`];
    const guarded = GUARDED.find(({ service }) => upstreams.some((upstream) => service.test(upstream)));
    if (!guarded) return [];
    const paths = pathsOf(words, around);
    if (paths.length === 0) {
      return [`The gateway leads to ${guarded.name} without a list of paths. List the public calls.`];
    }
    const leaked = guarded.calls.find((call) => paths.some((path) => matches(path, call)));
    return leaked ? [`The gateway lets ${leaked} through to ${guarded.name}. List the public calls only.`] : [];
  });
}

interface Route {
  readonly words: readonly string[];
  /** The blocks around it, innermost last. */
  readonly around: readonly Directive[];
}

const routesIn = (directives: readonly Directive[], around: readonly Directive[]): Route[] =>
  directives.flatMap((directive) => [
    ...(directive.words[0] === "reverse_proxy" ? [{ words: directive.words, around }] : []),
    ...routesIn(directive.inner, [...around, directive]),
  ]);

/** The paths that a request must have to take a route, by the matcher nearest to it that names any. */
function pathsOf(words: readonly string[], around: readonly Directive[]): readonly string[] {
  const matchers = [words[1], ...around.map((block) => block.words[1]).reverse()];
  for (const matcher of matchers) {
    if (matcher?.startsWith("/")) return [matcher];
    if (!matcher?.startsWith("@")) continue;
    const definitions = around.flatMap(({ inner }) => inner).filter((one) => one.words[0] === matcher);
    const paths = definitions.flatMap(({ words: [, ...line], inner }) =>
      [line, ...inner.map((one) => one.words)].flatMap(([kind, ...values]) => (kind === "path" ? values : [])),
    );
    if (paths.length > 0) return paths;
  }
  return [];
}

/** Whether a path of Caddy, in which a star stands for any text, takes a request. Caddy ignores the case. */
const matches = (path: string, call: string): boolean =>
  new RegExp(`^${path.split("*").map(escaped).join(".*")}$`, "i").test(call);

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** The directives of a Caddyfile; a block opens with a brace at the end of its line and ends with a line of its own. */
function parsed(text: string): readonly Directive[] {
  const lines = text.split("\n").map((line) => line.trim());
  let next = 0;
  const block = (): Directive[] => {
    const found: Directive[] = [];
    for (; next < lines.length; ) {
      const line = lines[next++] ?? "";
      if (line === "}") break;
      const words = line.split(/\s+/).filter((word) => word !== "");
      if (words.length === 0 || line.startsWith("#")) continue;
      const opens = words.at(-1) === "{";
      found.push({ words: opens ? words.slice(0, -1) : words, inner: opens ? block() : [] });
    }
    return found;
  };
  return block();
}
