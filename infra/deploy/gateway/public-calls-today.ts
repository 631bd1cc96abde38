/**
 * What the public may ask of a network of today (go-spacemesh 1.8, spacemeshos/api v1.63). A path that is not listed
 * here does not pass the gateway.
 *
 * Today's node has a listener of its own for private services: admin, debug, smesher, and all `*StreamService` of v2.
 * The list keeps them out too, should a config ever move them.
 */
const V1 = {
  "spacemesh.v1.NodeService": ["Echo", "Version", "Build", "Status", "NodeInfo", "StatusStream"],
  "spacemesh.v1.MeshService": [
    ...["GenesisTime", "CurrentLayer", "CurrentEpoch", "GenesisID", "EpochNumLayers", "LayerDuration"],
    ...["MaxTransactionsPerSecond", "AccountMeshDataQuery", "LayersQuery", "MalfeasanceQuery"],
    ...["AccountMeshDataStream", "LayerStream", "EpochStream", "MalfeasanceStream"],
  ],
  "spacemesh.v1.GlobalStateService": [
    ...["GlobalStateHash", "Account", "AccountDataQuery", "AccountDataStream", "GlobalStateStream"],
  ],
  "spacemesh.v1.TransactionService": [
    ...["SubmitTransaction", "ParseTransaction", "TransactionsState", "TransactionsStateStream", "StreamResults"],
  ],
  "spacemesh.v1.ActivationService": ["Get", "Highest"],
} as const;

/** Calls of v2 that read, and those that take a transaction: the same in v2alpha1 and v2beta1. */
const V2_READING = [
  ...["NetworkService/Info", "NodeService/Status", "LayerService/List", "AccountService/List", "RewardService/List"],
  ...["TransactionService/List", "MalfeasanceService/List"],
  ...["ActivationService/List", "ActivationService/ActivationsCount", "ActivationService/Highest"],
];
const V2_TRANSACTIONS = ["ParseTransaction", "SubmitTransaction", "EstimateGas"].map(
  (call) => `TransactionService/${call}`,
);

const v2 = (version: string, calls: readonly string[]): string[] =>
  calls.map((call) => `/spacemesh.${version}.${call}`);

const V1_PATHS = Object.entries(V1).flatMap(([service, calls]) => calls.map((call) => `/${service}/${call}`));

/** Calls of v1 whose answers go on for as long as the client listens. */
const isStream = (path: string): boolean => /Stream(Results)?$/.test(path);

/** Calls of v1 that have no short path in JSON, because they came after it (google.api.http options of v1.63). */
const LATE = new Set(["MalfeasanceQuery", "NodeInfo", "Get", "Highest"]);

/** Path of a call of v1 in JSON: short for the first calls, the full name for later ones and for streams. */
function jsonPath(path: string): string {
  const call = /^\/spacemesh\.v1\.(\w+)Service\/(\w+)$/.exec(path);
  if (!call || isStream(path) || LATE.has(call[2] ?? "")) return path;
  return `/v1/${call[1]}/${call[2]}`.toLowerCase();
}

const V1_UNARY = V1_PATHS.filter((path) => !isStream(path));
const V1_STREAMS = V1_PATHS.filter(isStream);
const POSTED_V2 = [
  ...v2("v2alpha1", V2_READING),
  ...["v2alpha1", "v2beta1"].flatMap((one) => v2(one, V2_TRANSACTIONS)),
];
const READ_V2 = v2("v2beta1", V2_READING);

/** The node's calls as gRPC paths. */
export const NODE_GRPC_TODAY = { unary: [...V1_UNARY, ...POSTED_V2, ...READ_V2], streams: V1_STREAMS };

/**
 * The same calls as paths of the node's JSON listener. v1 and v2alpha1 take POST only, and answer 501 to GET. Of v2beta1
 * what reads takes both.
 */
export const NODE_JSON_TODAY = {
  posted: [...V1_UNARY.map(jsonPath), ...POSTED_V2],
  read: READ_V2,
  streams: V1_STREAMS.map(jsonPath),
};

/**
 * What the frontends of explorer and dashboard read of the statistics API, below `/api` (spacemeshos/explorer-backend
 * v2.1, api/router/router.go). What its second port refreshes is private.
 */
export const STATISTICS_CALLS = [
  ...["/overview", "/circulation", "/layer/*", "/epoch/*", "/epoch/*/decentral", "/account/*"],
  ...["/smeshers", "/smeshers/*", "/smesher/*"],
].map((path) => `/api${path}`);
