import { z } from "zod";
import { optionalVariable, variableAs } from "../../infra/base/cli/inputs";
import type { Credentials } from "../../infra/base/model/credentials";
import type { Store } from "../../infra/base/store/contract";
import type { NetworkDriver } from "../../infra/deploy/network/driver";
import { DRIVERS, driverOf } from "../../infra/deploy/network/drivers";

/** Stacks made before there was a choice do not name their driver. */
const driver = z
  .enum(DRIVERS)
  .default("spacecraft")
  .describe(`a driver of networks: ${DRIVERS.join(", ")}`);

/** The driver that created the network of a step. */
export const driverOfStep = (store: Store, credentials: Credentials): NetworkDriver =>
  driverOf(variableAs("DRIVER", driver), { store, credentials, clusterGone: optionalVariable("CLUSTER_GONE") });
