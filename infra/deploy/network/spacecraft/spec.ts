import { UserError } from "../../../base/lib/errors";
import type { NetworkSpec } from "../../../base/model/network-spec";

/** A spec with the part that this driver needs. */
export type SpacecraftSpec = NetworkSpec & { readonly gcp: NonNullable<NetworkSpec["gcp"]> };

/** @throws {UserError} for the spec of another driver's network */
export function spacecraftSpec(spec: NetworkSpec): SpacecraftSpec {
  const { gcp } = spec;
  if (gcp) return { ...spec, gcp };
  throw new UserError(
    "DriverOther",
    `The network ${spec.tag} is not one of the driver spacecraft.`,
    "Set the setting driver as it was when the network was deployed.",
  );
}
