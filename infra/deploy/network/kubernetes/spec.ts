import { UserError } from "../../../base/lib/errors";
import type { KubernetesSpec, NetworkSpec } from "../../../base/model/network-spec";

/** A spec with the part that this driver needs. */
export type KubernetesNetworkSpec = NetworkSpec & { readonly kubernetes: KubernetesSpec };

/** @throws {UserError} for the spec of another driver's network */
export function kubernetesSpecOf(spec: NetworkSpec): KubernetesNetworkSpec {
  const { kubernetes } = spec;
  if (kubernetes) return { ...spec, kubernetes };
  throw new UserError(
    "DriverOther",
    `The network ${spec.tag} is not one of the driver kubernetes.`,
    "Set the setting driver as it was when the network was deployed.",
  );
}
