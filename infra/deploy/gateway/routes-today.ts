import { NODE_GRPC_TODAY, NODE_JSON_TODAY, STATISTICS_CALLS } from "./public-calls-today";
import { CALL, files, grpc, type Limits, READ, READING, type Route, STREAM } from "./routes";

/** Path of the list that holds the network alone, for the frontends of its own hosts. */
export const LIST_PATH = "/networks.json";

const json = { protocol: "http", service: "node-api", port: "json" } as const;

/** The routes of the API's host before nodes of today. */
export const API_ROUTES_TODAY: readonly Route[] = [
  { name: "grpc", ...grpc, paths: NODE_GRPC_TODAY.unary, limits: CALL },
  { name: "grpc_streams", ...grpc, paths: NODE_GRPC_TODAY.streams, limits: STREAM },
  { name: "json", ...json, methods: ["POST"], paths: NODE_JSON_TODAY.posted, limits: CALL },
  { name: "json_reading", ...json, methods: ["GET", "POST"], paths: NODE_JSON_TODAY.read, limits: CALL },
  { name: "json_streams", ...json, methods: ["POST"], paths: NODE_JSON_TODAY.streams, limits: STREAM },
];

/** The statistics API is read by pages of the explorer's and the dashboard's hosts, also those of a channel. */
const statistics = { protocol: "http", service: "explorer-api", below: "/api", isOpen: true } as const;

/** The routes of the explorer's host: the statistics API below `/api`, and the frontend. */
export const EXPLORER_ROUTES_TODAY: readonly Route[] = [
  { name: "calls", ...statistics, methods: READ, paths: STATISTICS_CALLS, limits: READING },
  { name: "files", ...files, service: "explorer-frontend", except: ["/api", "/api/*", LIST_PATH] },
];

/** The routes of the dashboard's host: a frontend alone. */
export const DASH_ROUTES_TODAY: readonly Route[] = [
  { name: "files", ...files, service: "dash-frontend", except: [LIST_PATH] },
];

/** A wish for a gift: an address, a challenge and a proof, at most 4 KB (tap/web/server.ts). The tap has one pod. */
const WISH: Limits = { body: 4096, underway: 64 };
const tap = { protocol: "http", service: "tap" } as const;

/** The routes of the tap's host. Its metrics and its health are for the cluster. */
export const TAP_ROUTES: readonly Route[] = [
  {
    ...{ name: "reading", ...tap, methods: READ, limits: READING },
    paths: ["/", "/gifts/*", "/api/gifts/*", "/api/challenge", "/api/status"],
  },
  { name: "wishes", ...tap, methods: ["POST"], paths: ["/gifts", "/api/gifts"], limits: WISH },
];
