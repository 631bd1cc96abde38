const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * The keys that go-spacemesh 1.8.3 takes in each section of its config file: the `mapstructure` tags of its config
 * structs, and the names of fields without one. Keys within deeper parts are not checked here.
 */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  // config/config.go, BaseConfig
  main: words(`
    data-folder filelock standalone metrics metrics-port profiler-name profiler-url layer-duration layer-average-size
    layers-per-epoch poet-servers pprof-server pprof-listener pprof-mutex-profile pprof-block-profile txs-per-proposal
    block-gas-limit optimistic-filtering-threshold tick-size db-connections db-latency-metering
    db-size-metering-interval db-prune-interval db-vacuum-state db-skip-migrations db-query-cache
    db-query-cache-sizes db-allow-schema-drift db-conn-idle-timeout prune-activesets-from network-hrp
    miner-good-atxs-percent regossip-atx-interval atx-grade-delay post-valid-delay no-main-override atx-versions`),
  // config/genesis.go
  genesis: words("genesis-time genesis-extra-data accounts"),
  // p2p/host.go
  p2p: words(`
    gracepeersshutdown maxmessagesize disable-reuseport disable-natport disable-connection-manager
    disable-resource-manager disable-dht disable-pubsub flood listen bootnodes direct min-peers low-peers high-peers
    inbound-fraction outbound-fraction autoscale-peers advertise-address p2p-accept-queue p2p-metrics p2p-bootnode
    p2p-reachability force-dht-server p2p-holepunching p2p-private-network relay-server ip4-blocklist ip6-blocklist
    gossip-queue-size gossip-peer-outbound-queue-size gossip-validation-throttle gossip-atx-validation-throttle
    gossip-eviction-strategy ping-peers ping-interval relay static-relays enable-tcp-transport enable-quic-transport
    enable-routing-discovery routing-discovery-advertise discovery-timings auto-nat-server`),
  // hare3/hare.go
  hare3: words(`
    enable enable-layer disable-layer committee committeeupgrade leaders iterations-limit preround-delay
    round-duration log-stats protocolname`),
  // beacon/config.go
  beacon: words(`
    beacon-kappa beacon-q beacon-rounds-number beacon-grace-period-duration beacon-proposal-duration
    beacon-first-voting-round-duration beacon-voting-round-duration beacon-weak-coin-round-duration beacon-theta
    beacon-votes-limit beacon-sync-weight-units`),
  // activation/activation.go, PoetConfig
  poet: words(`
    phase-shift cycle-gap grace-period poet-request-timeout retry-delay positioning-atx-selection-timeout
    info-cache-ttl pow-params-cache-ttl retry-max poet-proofs-cache`),
  // syncer/syncer.go
  syncer: words(`
    interval epochendfraction tallyvotesfrequency maxstaleduration gossipduration disable-mesh-agreement
    out-of-sync-threshold atx-sync malfeasance-sync reconc-sync`),
  // bootstrap/updater.go
  bootstrap: words("bootstrap-url bootstrap-version"),
  // tortoise/algorithm.go
  tortoise: words(`
    tortoise-hdist tortoise-zdist tortoise-window-size historicalwindowsize tortoise-max-exceptions
    tortoise-delay-layers tortoise-enable-tracer minimalactivesetweight tortoise-collect-details`),
  // fetch/fetch.go
  fetch: words(`
    batchtimeout batchsize queuesize maxretriesforrequest request-timeout request-hard-timeout servers-metrics servers
    streaming getatxsconcurrency decaying-tag log-peer-stats-interval`),
  // config/config.go, SmeshingConfig
  smeshing: words("smeshing-start smeshing-coinbase smeshing-opts smeshing-proving-opts smeshing-verifying-opts"),
  // config/logging.go. Keys are compared without regard to case.
  logging: words(`
    log-encoder app clock p2p post postservice statedb beacon cacheddb poetdb trtl atxhandler atxbuilder mesh sync
    hareoracle hare blockcert blockgenerator blockhandler txhandler proposalstore proposalbuilder proposallistener
    nipostbuilder nipostvalidator fetcher timesync vm grpc constate executor malfeasance malfeasance2 bootstrap`),
  // api/grpcserver/config.go
  api: words(`
    publicservices grpc-public-listener privateservices grpc-private-listener postservices grpc-post-listener
    grpc-tls-services grpc-tls-listener grpc-tls-ca-cert grpc-tls-cert grpc-tls-key grpc-send-msg-size
    grpc-recv-msg-size grpc-json-listener grpc-cors-allowed-origins smesherstreaminterval db-connections`),
  // activation/post.go
  post: words(`
    post-min-numunits post-max-numunits post-labels-per-unit post-k1 post-k2 post-k3 post-pow-difficulty`),
  // miner/proposal_builder.go
  "active-set-preparation": words("window retry-interval tries"),
  // checkpoint/recovery.go
  recovery: words("recovery-uri recovery-layer preserve-own-atx"),
};

/** Sections whose keys are not listed here (config/config.go). */
export const OTHER_SECTIONS = words("preset public-metrics hare4 hare-eligibility certificate time vm certifier cache");
