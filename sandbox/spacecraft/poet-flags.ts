import type { NetworkClock, NodeConfig } from "./node-config";
import { flag } from "./objects";

/** Milliseconds that a poet works on a proof by default. A longer time would keep a core busy. */
const EXECUTION = 200;

/** Whether an image's tag names a current poet, 0.10 or later. */
export function isTodaysPoet(image: string): boolean {
  const [, major, minor] = /:v?(\d+)\.(\d+)(?:\.|$)/.exec(image) ?? [];
  return major !== undefined && (Number(major) > 0 || Number(minor) >= 10);
}

/**
 * Flags of a poet. For poets of 2021 they are go-spacecraft's own (k8s/sm.go, DeployPoet). Current poets get the flags
 * of
 * spacemeshos/poet config/config.go, as from a maintained build of go-spacecraft.
 * @param initialDuration seconds until the first round of a poet of 2021 begins
 */
export function poetFlags(image: string, clock: NetworkClock, config: NodeConfig, initialDuration: number): string[] {
  const common = [flag("restlisten", "0.0.0.0:5000"), "--jsonlog"];
  if (!isTodaysPoet(image)) {
    return [...common, flag("initialduration", `${initialDuration}s`), flag("configfile", "/etc/config/config.conf")];
  }
  const { epochDuration, genesisTime } = clock;
  const { poet = {} } = config;
  return [
    ...common,
    flag("genesis-time", genesisTime),
    flag("epoch-duration", `${epochDuration}s`),
    flag("phase-shift", poet["phase-shift"] ?? `${epochDuration / 2}s`),
    flag("cycle-gap", poet["cycle-gap"] ?? `${epochDuration * 1000 - EXECUTION}ms`),
  ];
}
