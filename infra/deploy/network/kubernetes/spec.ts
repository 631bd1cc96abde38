import { UserError } from "../../../base/lib/errors";
import type { KubernetesSpec, NetworkSpec } from "../../../base/model/network-spec";

/** A spec with the parts that this driver needs. */
export type KubernetesNetworkSpec = NetworkSpec & { readonly namespace: string; readonly kubernetes: KubernetesSpec };

/** @throws {UserError} for the spec of another driver's network */
export function kubernetesSpecOf(spec: NetworkSpec): KubernetesNetworkSpec {
  const { namespace, kubernetes } = spec;
  if (namespace && kubernetes) return { ...spec, namespace, kubernetes };
  throw new UserError(
    "DriverOther",
    `The network ${spec.tag} is not one of the driver kubernetes.`,
    "Set the setting driver as it was when the network was deployed.",
  );
}
