import { DASH_CALLS, EXPLORER_CALLS, NODE_GRPC, NODE_JSON, POET_CALLS } from "./public-calls";

/** What one client may take of a route, at most. */
export interface Limits {
  /** Size of a request's body, in bytes. The gateway holds a body until it is complete, and passes it on then. */
  readonly body: number;
  /** Requests that one gateway's pod has under way at the upstream at a time. More are refused with 503. */
  readonly underway: number;
}

/** A way through the gateway: what may be asked, and where it goes. */
export interface Route {
  /** Name of Caddy's matcher. */
  readonly name: string;
  readonly protocol: "grpc" | "http";
  readonly methods: readonly string[];
  /** Paths, spelled as they must be asked. A star stands for one segment. Undefined for the files of a frontend. */
  readonly paths?: readonly string[];
  /** Paths that are no files of a frontend. */
  readonly except?: readonly string[];
  /** Name of the Service behind it, and of its port where it has several. */
  readonly service: string;
  readonly port?: string;
  /** Beginning of the path that the Service does not know. */
  readonly below?: string;
  /** What the Service is asked in place of each path. Nothing of the client's target is passed on then. */
  readonly questions?: Readonly<Record<string, string>>;
  /** Whether pages of any origin may call it, on a host where they may not call the rest. */
  readonly isOpen?: boolean;
  readonly limits: Limits;
}

/** The routes of one public host, the first that fits wins. */
export interface Site {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Calls of programs, calls that pages of any origin may make, or pages themselves. */
  readonly kind: "calls" | "open-calls" | "pages";
  readonly routes: readonly Route[];
  /** Path at which the gateway itself serves the list with this network alone. */
  readonly list?: string;
}

/**
 * Seconds that a client gets for the head of a request, and for each silence in a body. A body's whole time is bounded
 * by its size and {@link BODY_RATE}.
 */
export const READ_TIMEOUT = 10;
/** Bytes a second that a body must bring on average after its first {@link READ_TIMEOUT} seconds. */
export const BODY_RATE = 16_384;
/** Seconds that a client may leave a part of an answer untaken. A stream that has nothing to say is not bound. */
export const WRITE_TIMEOUT = 30;
/** Seconds that a connection without a request is kept. */
export const IDLE_TIMEOUT = 60;
/** Size of the head of a request, in bytes. */
export const HEAD_SIZE = 16_384;

/** A call with a message: a transaction has at most some kilobytes, a list of 1,000 ids 40 KB. */
export const CALL: Limits = { body: 262_144, underway: 512 };
/** Streams last. Fewer than calls, so that calls pass when all streams are taken. */
export const STREAM: Limits = { body: 262_144, underway: 256 };
/** A poet's submission holds a challenge, a key, a signature and a certificate, less than 2 KB. */
const SUBMISSION: Limits = { body: 16_384, underway: 256 };
/** Reading needs no body. Some clients send an empty object. */
export const READING: Limits = { body: 1024, underway: 512 };
const SOCKET: Limits = { body: 1024, underway: 256 };

export const READ = ["GET", "HEAD"];
const JSON_METHODS = ["GET", "POST"];

/** The gRPC calls of all nodes together. */
export const grpc = { protocol: "grpc", methods: ["POST"], service: "node-api", port: "grpc" } as const;
const json = { protocol: "http", methods: JSON_METHODS, service: "node-api", port: "json" } as const;

/** The routes of the API's host. */
export const API_ROUTES: readonly Route[] = [
  { name: "grpc", ...grpc, paths: NODE_GRPC.unary, limits: CALL },
  { name: "grpc_streams", ...grpc, paths: NODE_GRPC.streams, limits: STREAM },
  { name: "json", ...json, paths: NODE_JSON.unary, limits: CALL },
  { name: "json_streams", ...json, paths: NODE_JSON.streams, limits: STREAM },
];

/** Files of a frontend. */
export const files = { protocol: "http", methods: READ, limits: READING } as const;
const explorer = { protocol: "http", service: "explorer-api", below: "/api" } as const;

const dash = { protocol: "http", service: "dash-api" } as const;

/** The routes of the explorer's host. */
export const EXPLORER_ROUTES: readonly Route[] = [
  { name: "calls", ...explorer, methods: READ, paths: EXPLORER_CALLS.read, limits: READING },
  { name: "sockets", ...explorer, methods: ["GET"], paths: EXPLORER_CALLS.sockets, limits: SOCKET },
  { name: "files", ...files, service: "explorer-frontend", except: ["/api", "/api/*"] },
];

/** The routes of the dashboard's host. */
export const DASH_ROUTES: readonly Route[] = [
  { name: "calls", ...dash, methods: READ, paths: DASH_CALLS.read, limits: READING },
  { name: "sockets", ...dash, methods: ["GET"], paths: DASH_CALLS.sockets, limits: SOCKET },
  { name: "files", ...files, service: "dash-frontend", except: [...DASH_CALLS.read, ...DASH_CALLS.sockets] },
];

/** The routes of a poet's host. */
export const poetRoutes = (service: string): readonly Route[] => [
  { name: "reading", protocol: "http", methods: READ, paths: POET_CALLS.read, service, limits: READING },
  { name: "submission", protocol: "http", methods: ["POST"], paths: POET_CALLS.write, service, limits: SUBMISSION },
];

/** The info page, as the info page's ConfigMap holds it (components/version/info-page.ts). */
export const PAGE_FILES = { methods: READ, paths: ["/", "/index.html"], limits: READING } as const;

/** A number, a hash or an address in a path. */
const ID = "[A-Za-z0-9_-]+";
/** A segment of a file's path: no percent sign, no dot alone, nothing that begins a parameter. */
const SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._~-]*";

/**
 * The request targets of a route, in the one spelling that is let through, with or without a query. Caddy's `path`
 * ignores the case and tidies what it compares, but passes on what was asked. So what the upstream gets is compared
 * with this, too.
 */
export const targetsOf = ({ paths }: Pick<Route, "paths">): string =>
  paths
    ? `^(${paths.map((path) => path.replaceAll(".", "\\.").replaceAll("*", ID)).join("|")})(\\?.*)?$`
    : `^(/|(/${SEGMENT})+/?)(\\?.*)?$`;
