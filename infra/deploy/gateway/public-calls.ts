/**
 * What the public may ask of a network. A path that is not listed here does not pass the gateway.
 *
 * A node's private services (smeshing, admin, shutdown, metrics) share the port of its public ones in go-spacemesh's
 * API v1. So each public call has its own line (spacemeshos/api, spacemesh/v1/*.proto and spacemesh/v2alpha1/*.proto).
 */
const NODE_CALLS = {
  "spacemesh.v1.NodeService": ["Echo", "Version", "Build", "Status", "StatusStream"],
  "spacemesh.v1.MeshService": [
    ...["GenesisTime", "CurrentLayer", "CurrentEpoch", "GenesisID", "EpochNumLayers", "LayerDuration"],
    ...["MaxTransactionsPerSecond", "AccountMeshDataQuery", "LayersQuery", "MalfeasanceQuery"],
    ...["AccountMeshDataStream", "LayerStream", "EpochStream", "MalfeasanceStream"],
  ],
  "spacemesh.v1.GlobalStateService": [
    ...["GlobalStateHash", "Account", "AccountDataQuery", "SmesherDataQuery"],
    ...["AccountDataStream", "SmesherRewardStream", "AppEventStream", "GlobalStateStream"],
  ],
  "spacemesh.v1.TransactionService": [
    ...["SubmitTransaction", "ParseTransaction", "TransactionsState", "TransactionsStateStream", "StreamResults"],
  ],
  "spacemesh.v2alpha1.NetworkService": ["Info"],
  "spacemesh.v2alpha1.NodeService": ["Status"],
  "spacemesh.v2alpha1.LayerService": ["List"],
  "spacemesh.v2alpha1.AccountService": ["List"],
  "spacemesh.v2alpha1.TransactionService": ["List", "ParseTransaction", "SubmitTransaction", "EstimateGas"],
} as const;

const GRPC_PATHS = Object.entries(NODE_CALLS).flatMap(([service, calls]) => calls.map((call) => `/${service}/${call}`));

/** Calls whose answers go on for as long as the client listens. */
const isStream = (path: string): boolean => /stream(results)?$/i.test(path);

/** The JSON gateway's path of a call (google.api.http options in the same files). */
const jsonPath = (path: string): string => {
  const first = /^\/spacemesh\.v1\.(\w+)Service\/(\w+)$/.exec(path);
  return first ? `/v1/${first[1]}/${first[2]}`.toLowerCase() : path;
};

const split = (paths: readonly string[]) => ({
  unary: paths.filter((path) => !isStream(path)),
  streams: paths.filter(isStream),
});

/** The node's calls as gRPC paths. */
export const NODE_GRPC = split(GRPC_PATHS);

/** The same calls as paths of the JSON gateway. */
export const NODE_JSON = split(GRPC_PATHS.map(jsonPath));

/**
 * What a user of a poet calls (spacemeshos/poet, rpc/api/v1/api.proto and the older rpc/api/api.proto). A star stands
 * for one segment. The calls of its driver and its owner are not here: Start, UpdateGateway, ReloadTrustedKeys.
 */
export const POET_CALLS = { read: ["/v1/info", "/v1/pow_params", "/v1/proofs/*"], write: ["/v1/submit"] } as const;

/** What the explorer's frontends read, below `/api` (spacemeshos/explorer-backend, both of its router.go). */
export const EXPLORER_CALLS = {
  read: [
    ...["/healthz", "/synced", "/network-info", "/overview"],
    ...["epochs", "layers", "smeshers", "accounts"].flatMap((list) => [`/${list}`, `/${list}/*`, `/${list}/*/*`]),
    ...["apps", "atxs", "txs", "rewards"].flatMap((list) => [`/${list}`, `/${list}/*`]),
    ...["/blocks/*", "/smesher/*", "/search/*", "/stats/*/*"],
  ].map((path) => `/api${path}`),
  sockets: ["/api/ws/network-info"],
} as const;

/** What the dashboard's frontend reads of its backend. */
export const DASH_CALLS = { read: ["/healthz"], sockets: ["/ws"] } as const;
