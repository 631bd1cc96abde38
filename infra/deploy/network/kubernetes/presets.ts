import type { NodeConfig } from "./node-config-value";

// What the presets of go-spacemesh 1.8.3 say of the keys that the rules between the numbers read, in the form of the
// config file. Where a preset is silent, the value is that of config.DefaultConfig and of the packages below it.

/** The values of a preset. */
export type Preset = NodeConfig;

/** Below fastnet and standalone (go-spacemesh config/config.go, hare3/hare.go, p2p/host.go, fetch/fetch.go). */
const DEFAULTS = {
  p2p: { "min-peers": 20, "p2p-private-network": false },
  fetch: { servers: { "ax/1": { queue: 10, requests: 1, interval: "1s" } } },
  "active-set-preparation": { window: "1s", "retry-interval": "1s" },
};

/** The beacon of fastnet and standalone. Its rounds take 24 s. */
const QUICK_BEACON = {
  "beacon-proposal-duration": "2s",
  "beacon-first-voting-round-duration": "10s",
  "beacon-rounds-number": 4,
  "beacon-voting-round-duration": "2s",
  "beacon-weak-coin-round-duration": "2s",
};

/** go-spacemesh config/presets/fastnet.go */
const fastnet: Preset = {
  ...DEFAULTS,
  main: { standalone: false, "layer-duration": "15s", "layers-per-epoch": 4, "atx-grade-delay": "1s" },
  p2p: { ...DEFAULTS.p2p, "min-peers": 10 },
  tortoise: { "tortoise-zdist": 2 },
  hare3: {
    enable: true,
    "enable-layer": 0,
    "preround-delay": "3s",
    "round-duration": "700ms",
    "iterations-limit": 2,
  },
  beacon: QUICK_BEACON,
  poet: {
    "phase-shift": "30s",
    "cycle-gap": "30s",
    "grace-period": "10s",
    "positioning-atx-selection-timeout": "8s",
  },
  syncer: {
    interval: "5s",
    gossipduration: "10s",
    tallyvotesfrequency: 0.25,
    "atx-sync": { "epoch-info-request-interval": "1s", "epoch-info-peers": 10 },
  },
};

/** go-spacemesh config/presets/standalone.go */
const standalone: Preset = {
  ...DEFAULTS,
  main: { standalone: true, "layer-duration": "6s", "layers-per-epoch": 10, "atx-grade-delay": "10s" },
  tortoise: { "tortoise-zdist": 2 },
  hare3: {
    enable: true,
    "enable-layer": 0,
    "preround-delay": "1s",
    "round-duration": "100ms",
    "iterations-limit": 4,
  },
  beacon: QUICK_BEACON,
  poet: {
    "phase-shift": "30s",
    "cycle-gap": "30s",
    "grace-period": "12s",
    "positioning-atx-selection-timeout": "8s",
  },
  syncer: {
    interval: "3s",
    gossipduration: "15s",
    tallyvotesfrequency: 0.25,
    "atx-sync": { "epoch-info-request-interval": "4h", "epoch-info-peers": 2 },
  },
};

/** go-spacemesh config/presets/testnet.go. It does not build on config.DefaultConfig. */
const testnet: Preset = {
  ...DEFAULTS,
  main: { standalone: false, "layer-duration": "5m", "layers-per-epoch": 288, "atx-grade-delay": "30m" },
  tortoise: { "tortoise-zdist": 2 },
  hare3: {
    enable: true,
    "enable-layer": 7366,
    "preround-delay": "25s",
    "round-duration": "12s",
    "iterations-limit": 4,
  },
  beacon: {
    "beacon-proposal-duration": "4m",
    "beacon-first-voting-round-duration": "30m",
    "beacon-rounds-number": 20,
    "beacon-voting-round-duration": "4m",
    "beacon-weak-coin-round-duration": "4m",
  },
  poet: {
    "phase-shift": "12h",
    "cycle-gap": "2h",
    "grace-period": "10m",
    "positioning-atx-selection-timeout": "0s",
  },
  syncer: {
    interval: "1m",
    gossipduration: "50s",
    tallyvotesfrequency: 0,
    "atx-sync": { "epoch-info-request-interval": "4h", "epoch-info-peers": 2 },
  },
  "active-set-preparation": { window: "10m", "retry-interval": "1m" },
};

const PRESETS: Readonly<Record<string, Preset>> = { fastnet, standalone, testnet };

/** The names of the presets whose values are known here. */
export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/** The values of a preset; undefined when they are not known here. */
export const presetOf = (name: string): Preset | undefined =>
  Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;

/**
 * What a preset brings that a network of its own cannot use, as keys of the config file.
 * Only fastnet was run; the others are read from the sources.
 */
export function correctionsOf(name: string): NodeConfig {
  if (name === "standalone") {
    return {
      // It would start a poet of its own in each node, and never ask another node for anything.
      main: { standalone: false },
      // Its ports are not those of our Services; an advertised 0.0.0.0 is no address.
      api: { "grpc-public-listener": "0.0.0.0:9092", "grpc-private-listener": "127.0.0.1:9093" },
      p2p: { listen: "/ip4/0.0.0.0/tcp/7513", "advertise-address": [] },
    };
  }
  if (name === "testnet") {
    return {
      // The testnet of 2023 ran another hare before.
      hare3: { "enable-layer": 0 },
      // Below this weight a network's smeshers get a part of the proposals only, down to none.
      tortoise: { minimalactivesetweight: [{ weight: 1 }] },
      // A fast proof takes 2 GB of memory.
      smeshing: { "smeshing-proving-opts": { "smeshing-opts-proving-randomx-mode": "light" } },
    };
  }
  return {};
}
