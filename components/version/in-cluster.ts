import type * as pulumi from "@pulumi/pulumi";
import { type BuildTag, buildTag, imageTag } from "../../infra/base/model/build-tag";
import type { Network } from "./network";

/** Options of every resource in a network's cluster: it uses the cluster's provider and goes with the cluster. */
export const inCluster = (network: Network, parent: pulumi.Resource): pulumi.CustomResourceOptions => ({
  parent,
  provider: network.provider,
  deletedWith: network.resource,
  deleteBeforeReplace: true, // names are fixed: gateway and steps find objects by them
});

/** Metadata of one of our objects, with the labels that Kubernetes recommends. */
export function metadata(
  { network, tag }: { readonly network: Pick<Network, "namespace">; readonly tag: BuildTag },
  name: string,
  annotations: Record<string, string> = {},
) {
  return {
    name,
    namespace: network.namespace,
    labels: {
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/part-of": "smeshnet",
      "app.kubernetes.io/managed-by": "pulumi",
      "app.kubernetes.io/version": imageTag(tag),
    },
    annotations: { "smeshnet/build-tag": buildTag(tag), ...annotations },
  };
}

/** The provider's await of a Service sleeps 10 s; the workloads behind it are awaited instead. */
export const DO_NOT_AWAIT = { "pulumi.com/skipAwait": "true" };
