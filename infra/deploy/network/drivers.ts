import type { BuildTag } from "../../base/model/build-tag";
import type { Credentials } from "../../base/model/credentials";
import { driverThatMade } from "../../base/model/network-facts";
import { type NetworkSpec, networkSpec } from "../../base/model/network-spec";
import type { VersionOutputs } from "../../base/model/outputs";
import { type Settings, settingsUnder } from "../../base/model/settings";
import type { Store } from "../../base/store/contract";
import type { NetworkDriver } from "./driver";
import { kubernetesDriver } from "./kubernetes/driver";
import { realWorld } from "./kubernetes/world";
import { spacecraftDriver } from "./spacecraft/driver";
import { googleCloud } from "./spacecraft/platform";

/** Values of the setting `driver`. */
export const DRIVERS = ["spacecraft", "kubernetes"] as const satisfies readonly Settings["driver"][];

/** What a driver works with. */
export interface DriverOptions {
  /** Where the driver records what it is about to create. */
  readonly store: Store;
  readonly credentials: Credentials;
  /** Uid of a cluster that the operator says is gone for good (kubernetes). */
  readonly clusterGone?: string | undefined;
}

/**
 * The driver that made a network, with the network's spec. The setting may name another one by now.
 * @throws {UserError} when a setting that this driver needs is gone
 */
export function madeBy(
  tag: BuildTag,
  { facts, versions }: Pick<VersionOutputs, "facts" | "versions">,
  settings: Settings,
  options: DriverOptions,
): { readonly driver: NetworkDriver; readonly spec: NetworkSpec } {
  const kind = driverThatMade(facts);
  return { driver: driverOf(kind, options), spec: networkSpec(tag, settingsUnder(kind, settings), versions) };
}

/** The driver that a setting names. */
export function driverOf(kind: Settings["driver"], { store, credentials, clusterGone }: DriverOptions): NetworkDriver {
  switch (kind) {
    case "spacecraft":
      return spacecraftDriver(store, googleCloud(credentials));
    case "kubernetes":
      return kubernetesDriver(store, realWorld, clusterGone);
  }
}
