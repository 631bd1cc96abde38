import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BuildTag } from "../../infra/base/model/build-tag";
import { networkPolicies } from "../../infra/deploy/network/spacecraft/protection";
import { inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

export interface ProtectionArgs {
  readonly network: Network;
  readonly tag: BuildTag;
  /** Whether the network has monitoring, which calls the outside. */
  readonly monitoring: boolean;
}

/**
 * Network policies for our pods in a cluster of go-spacecraft, which has none. The driver `kubernetes` makes those of
 * its namespaces itself.
 */
export class Protection extends pulumi.ComponentResource {
  constructor(name: string, { network, tag, monitoring }: ProtectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Protection", name, {}, opts);
    for (const policy of networkPolicies(monitoring)) {
      new k8s.networking.v1.NetworkPolicy(
        policy.name,
        { metadata: metadata({ network, tag }, policy.name), spec: policy.spec },
        inCluster(network, this),
      );
    }
    this.registerOutputs({});
  }
}
