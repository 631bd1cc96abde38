/**
 * The keys of the node's config file (the `mapstructure` names of go-spacemesh 1.8.3 config/config.go and of the structs
 * that it holds; names without one are the field's in lower case). Paths without keys below them take anything.
 */
const SECTIONS: Readonly<Record<string, string>> = {
  "": `
    active-set-preparation api beacon bootstrap cache certificate certifier fetch genesis hare-eligibility hare3
    hare4 logging main p2p poet post preset public-metrics recovery smeshing syncer time tortoise vm`,
  "active-set-preparation": "retry-interval tries window",
  api: `
    db-connections grpc-cors-allowed-origins grpc-json-listener grpc-post-listener grpc-private-listener
    grpc-public-listener grpc-recv-msg-size grpc-send-msg-size grpc-tls-ca-cert grpc-tls-cert grpc-tls-key
    grpc-tls-listener grpc-tls-services postservices privateservices publicservices smesherstreaminterval`,
  beacon: `
    beacon-first-voting-round-duration beacon-grace-period-duration beacon-kappa beacon-proposal-duration beacon-q
    beacon-rounds-number beacon-sync-weight-units beacon-theta beacon-votes-limit beacon-voting-round-duration
    beacon-weak-coin-round-duration`,
  bootstrap: "bootstrap-url bootstrap-version",
  cache: "atx-size malfeasance-size",
  certificate: "committee-size",
  certifier: "client",
  "certifier.client": "max-retries max-retry-delay retry-delay",
  fetch: `
    batchsize batchtimeout decaying-tag getatxsconcurrency log-peer-stats-interval maxretriesforrequest queuesize
    request-hard-timeout request-timeout servers servers-metrics streaming`,
  genesis: "accounts genesis-extra-data genesis-time",
  "hare-eligibility": "eligibility-confidence-param",
  hare3: `
    committee committeeupgrade disable-layer enable enable-layer iterations-limit leaders log-stats preround-delay
    protocolname round-duration`,
  "hare3.committeeupgrade": "layer size",
  hare4: `
    committee committeeupgrade disable-layer enable enable-layer iterations-limit leaders log-stats preround-delay
    protocolname round-duration`,
  "hare4.committeeupgrade": "layer size",
  logging: `
    app atxbuilder atxhandler beacon blockcert blockgenerator blockhandler bootstrap cacheddb clock constate
    executor fetcher grpc hare hareoracle log-encoder malfeasance malfeasance2 mesh nipostbuilder nipostvalidator
    p2p poetdb post postservice proposalbuilder proposallistener proposalstore statedb sync timesync trtl
    txhandler vm`,
  main: `
    atx-grade-delay atx-versions block-gas-limit data-folder db-allow-schema-drift db-conn-idle-timeout
    db-connections db-latency-metering db-prune-interval db-query-cache db-query-cache-sizes
    db-size-metering-interval db-skip-migrations db-vacuum-state filelock layer-average-size layer-duration
    layers-per-epoch metrics metrics-port miner-good-atxs-percent network-hrp no-main-override
    optimistic-filtering-threshold poet-servers post-valid-delay pprof-block-profile pprof-listener
    pprof-mutex-profile pprof-server profiler-name profiler-url prune-activesets-from regossip-atx-interval
    standalone tick-size txs-per-proposal`,
  "main.db-query-cache-sizes": "active-set-blob atx-blob epoch-atxs",
  p2p: `
    advertise-address auto-nat-server autoscale-peers bootnodes direct disable-connection-manager disable-dht
    disable-natport disable-pubsub disable-resource-manager disable-reuseport discovery-timings
    enable-quic-transport enable-routing-discovery enable-tcp-transport flood force-dht-server
    gossip-atx-validation-throttle gossip-eviction-strategy gossip-peer-outbound-queue-size gossip-queue-size
    gossip-validation-throttle gracepeersshutdown high-peers inbound-fraction ip4-blocklist ip6-blocklist listen
    low-peers maxmessagesize min-peers outbound-fraction p2p-accept-queue p2p-bootnode p2p-holepunching
    p2p-metrics p2p-private-network p2p-reachability ping-interval ping-peers relay relay-server
    routing-discovery-advertise static-relays`,
  "p2p.auto-nat-server": "global-max peer-max reset-period",
  "p2p.discovery-timings": `
    advertise-delay advertise-interval advertise-interval-spread advertise-retry-delay dial-timeout
    find-peers-retry-delay max-backoff max-conn-backoff min-backoff min-conn-backoff`,
  "p2p.relay-server": `
    buffer-size conn-data-limit conn-duration-limit enable max-circuits max-reservations-per-asn
    max-reservations-per-ip max-reservations-per-peer reservations ttl`,
  poet: `
    cycle-gap grace-period info-cache-ttl phase-shift poet-proofs-cache poet-request-timeout
    positioning-atx-selection-timeout pow-params-cache-ttl retry-delay retry-max`,
  post: "post-k1 post-k2 post-k3 post-labels-per-unit post-max-numunits post-min-numunits post-pow-difficulty",
  "public-metrics": "metrics-push-header metrics-push-pass metrics-push-period metrics-push-user metrics-url",
  recovery: "preserve-own-atx recovery-layer recovery-uri",
  smeshing: "smeshing-coinbase smeshing-opts smeshing-proving-opts smeshing-start smeshing-verifying-opts",
  "smeshing.smeshing-opts": `
    smeshing-opts-compute-batch-size smeshing-opts-datadir smeshing-opts-maxfilesize smeshing-opts-numunits
    smeshing-opts-provider smeshing-opts-scrypt smeshing-opts-throttle`,
  "smeshing.smeshing-proving-opts": `
    smeshing-opts-proving-nonces smeshing-opts-proving-randomx-mode smeshing-opts-proving-threads`,
  "smeshing.smeshing-verifying-opts": `
    smeshing-opts-verifying-disable smeshing-opts-verifying-min-workers smeshing-opts-verifying-powflags
    smeshing-opts-verifying-workers`,
  syncer: `
    atx-sync disable-mesh-agreement epochendfraction gossipduration interval malfeasance-sync maxstaleduration
    out-of-sync-threshold reconc-sync tallyvotesfrequency`,
  "syncer.reconc-sync": `
    enable enable-active-sync hard-timeout new-atx-sync old-atx-sync parallel-load-limit server-config`,
  "syncer.reconc-sync.new-atx-sync": `
    advance-interval batch-size failed-batch-delay max-attempts max-batch-retries max-depth message-limit
    traffic-limit`,
  "syncer.reconc-sync.old-atx-sync": `
    advance-interval batch-size failed-batch-delay max-attempts max-batch-retries max-depth message-limit
    traffic-limit`,
  "syncer.reconc-sync.server-config": "interval queue requests",
  time: "peersync",
  "time.peersync": `
    disable max-clock-offset max-offset-errors required-responses round-interval round-retry-interval
    round-timeout`,
  tortoise: `
    historicalwindowsize minimalactivesetweight tortoise-collect-details tortoise-delay-layers
    tortoise-enable-tracer tortoise-hdist tortoise-max-exceptions tortoise-window-size tortoise-zdist`,
};

const KEYS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(SECTIONS).map(([path, keys]) => [path, new Set(keys.trim().split(/\s+/))]),
);

/**
 * The mistakes of a config file that the node's decoder finds, in its words, e.g. `'p2p' has invalid keys: network-id`
 * (github.com/go-viper/mapstructure). Keys count in lower case, since the node's reader changes them so.
 */
export function keyMistakes(config: object, path = ""): string[] {
  const known = KEYS.get(path);
  if (!known) return [];
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => [key.toLowerCase(), value]);
  const unknown = entries.flatMap(([key]) => (known.has(key) ? [] : [key])).sort();
  const below = entries.flatMap(([key, value]) => {
    const isSection = known.has(key) && typeof value === "object" && value !== null && !Array.isArray(value);
    return isSection ? keyMistakes(value, path === "" ? key : `${path}.${key}`) : [];
  });
  return [...below, ...(unknown.length > 0 ? [`'${path}' has invalid keys: ${unknown.join(", ")}`] : [])];
}
