import { services } from "../../sandbox/chain/protos";

/**
 * Services of a node that the simulated one does not have, with their calls (spacemeshos/api, spacemesh/v1/*.proto and
 * spacemesh/v2alpha1/*.proto).
 */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "spacemesh.v1.NodeService": ["NodeInfo", "ErrorStream"],
  "spacemesh.v1.SmesherService": [
    ...["SmesherID", "SmesherIDs", "Coinbase", "SetCoinbase", "MinGas", "SetMinGas", "EstimatedRewards"],
    ...["PostSetupStatus", "PostSetupStatusStream", "PostSetupProviders", "PostConfig", "UpdatePoetServers"],
  ],
  "spacemesh.v1.DebugService": ["NetworkInfo", "Accounts", "ActiveSet", "ProposalsStream", "ChangeLogLevel"],
  "spacemesh.v1.AdminService": ["CheckpointStream", "Recover", "EventsStream", "PeerInfoStream"],
  "spacemesh.v1.ActivationService": ["Get", "Highest"],
  "spacemesh.v1.PostService": ["Register"],
  "spacemesh.v1.PostInfoService": ["PostStates"],
  "spacemesh.v1.GatewayService": ["BroadcastPoet"],
  "spacemesh.v2alpha1.SmeshingIdentitiesService": ["PoetInfo", "States", "Eligibilities"],
  "spacemesh.v2alpha1.LayerStreamService": ["Stream"],
  "spacemesh.v2alpha1.MalfeasanceService": ["List"],
  "grpc.reflection.v1alpha.ServerReflection": ["ServerReflectionInfo"],
};

const grpc: readonly string[] = [
  ...[...services()].flatMap(([service, calls]) => Object.keys(calls).map((call) => `/${service}/${call}`)),
  ...Object.entries(OTHERS).flatMap(([service, calls]) => calls.map((call) => `/${service}/${call}`)),
];

const jsonOf = (path: string): string => {
  const first = /^\/spacemesh\.v1\.(\w+)Service\/(\w+)$/.exec(path);
  return first ? `/v1/${first[1]}/${first[2]}`.toLowerCase() : path;
};

/** All calls of a node, public and private, by the paths of gRPC and of the JSON gateway. */
export const NODE_PATHS = { grpc, json: grpc.map(jsonOf) };

/** All calls of a poet, of its users, its driver and its owner (spacemeshos/poet, rpc/api), and what is beside them. */
export const POET_PATHS: readonly string[] = [
  ...["/v1/info", "/v1/pow_params", "/v1/proofs/17", "/v1/submit"],
  ...["/v1/start", "/v1/updategateway", "/v1/reload_trusted_keys", "/v1/getinfo", "/v1/getproof"],
  ...["/api.Poet/Start", "/rpc.PoetService/Start", "/rpc.InternalPoetService/ReloadTrustedKeys"],
];

/** What programs in Go, Caddy and Kubernetes have beside their calls. */
export const OTHER_PATHS: readonly string[] = [
  ...["/", "/metrics", "/debug/pprof/", "/debug/vars", "/config/", "/load", "/stop", "/reverse_proxy/upstreams"],
  ...["/api", "/api/metrics", "/api/v1/secrets", "/pods", "/version", "/v1/", "/healthz"],
];
