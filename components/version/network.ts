import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts } from "../../infra/base/model/network-facts";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { step } from "../step";

export interface NetworkArgs {
  /** What the network is to be. */
  readonly spec: NetworkSpec;
  /** URL of the archive store; the driver records there what it is about to make. */
  readonly archive: string;
}

/** One network in a cluster of its own, made by the configured driver. The last to go when the stack is destroyed. */
export class Network extends pulumi.ComponentResource {
  /** The way into the cluster, as text; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** What the driver has found; see {@link NetworkFacts}. */
  readonly facts: pulumi.Output<NetworkFacts>;
  /** For resources in the cluster. */
  readonly provider: k8s.Provider;
  /** What in-cluster resources name as `deletedWith`: they go with the cluster, also when it is gone already. */
  readonly resource: pulumi.Resource;

  constructor(name: string, { spec, archive }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Network", name, {}, opts);
    const command = step(
      name,
      {
        create: `network up ${spec.tag}`,
        delete: `network down ${spec.tag}`,
        environment: { NETWORK_SPEC: JSON.stringify(spec), ARCHIVE: archive },
        timeout: 3 * spec.timeout, // up may have to await what GKE does, and to remove what is half-made, first
      },
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    const made = command.stdout.apply((text) => JSON.parse(text) as { facts: NetworkFacts; kubeconfig: string });
    this.resource = command;
    this.kubeconfig = pulumi.secret(made.kubeconfig);
    this.facts = pulumi.unsecret(made.facts);
    this.provider = new k8s.Provider(
      `${name}-cluster`,
      { kubeconfig: this.kubeconfig, enableConfigMapMutable: true },
      { parent: this, deletedWith: command },
    );
    this.registerOutputs({ facts: this.facts, kubeconfig: this.kubeconfig });
  }
}
