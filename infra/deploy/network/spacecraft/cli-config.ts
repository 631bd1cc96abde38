import type { SpacecraftSpec } from "./spec";

/**
 * The config file of go-spacecraft: JSON whose keys are the names of its flags (go-spacecraft config/config.go). All
 * settings are in the file, because a flag that several commands share is bound only to the last of them (its
 * cmd/root.go). There is no Cloudflare token: every DNS record is ours.
 */
export function cliConfig(spec: SpacecraftSpec, nodeConfigFile: string): Record<string, string | number | boolean> {
  return {
    "network-name": spec.cluster,
    miners: spec.miners,
    poets: spec.poets,
    "bootnode-amount": spec.bootnodes,
    "poet-gateway-amount": Math.min(4, spec.miners),
    "genesis-delay": spec.genesisDelay,
    "go-sm-image": spec.images.node,
    "poet-image": spec.images.poet,
    "go-sm-config": nodeConfigFile,
    "gcp-project": spec.gcp.project,
    "gcp-location": spec.gcp.location,
    "gcp-zone": spec.gcp.zone,
    "explorer-version": spec.versions.explorer,
    "dash-version": spec.versions.dashboard,
    "smapp-version": spec.versions.smapp,
    bootstrap: true,
    metrics: true,
    "logs-expiry": "7",
    "enable-slack-alerts": false,
    "keep-logs-metrics": false,
  };
}

/**
 * The node config that go-spacecraft completes and gives to each node (its network/create.go names the keys it reads).
 */
export function nodeConfig(spec: SpacecraftSpec): Record<string, unknown> {
  const { phaseShift, cycleGap } = spec.poetPhases;
  return {
    main: {
      "layer-duration-sec": spec.layerDuration,
      "layers-per-epoch": spec.layersPerEpoch,
      "genesis-active-size": spec.miners,
    },
    p2p: { "network-id": spec.netId },
    poet: { "phase-shift": `${phaseShift}s`, "cycle-gap": `${cycleGap}s` },
  };
}
