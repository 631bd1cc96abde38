import type { Credentials } from "../../base/model/credentials";
import type { Settings } from "../../base/model/settings";
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

/** The driver that a setting names. */
export function driverOf(kind: Settings["driver"], { store, credentials, clusterGone }: DriverOptions): NetworkDriver {
  switch (kind) {
    case "spacecraft":
      return spacecraftDriver(store, googleCloud(credentials));
    case "kubernetes":
      return kubernetesDriver(store, realWorld, clusterGone);
  }
}
