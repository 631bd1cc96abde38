import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { NetworkFacts } from "../../infra/base/model/network-facts";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { CLUSTER_OF_ITS_OWN } from "../../infra/base/model/ownership";
import type { Settings } from "../../infra/base/model/settings";
import { documentOf, step } from "../step";

/** What the step prints. */
const Made = z.object({ facts: NetworkFacts, kubeconfig: z.string().min(1) });

export interface NetworkArgs {
  /** Specification of the network. */
  readonly spec: NetworkSpec;
  /** The driver that creates it. */
  readonly driver: Settings["driver"];
  /** URL of the store; the driver records there what it is about to create. */
  readonly archive: string;
}

/** One network, created by the configured driver. A destroy removes it last. */
export class Network extends pulumi.ComponentResource {
  /** Kubeconfig of the cluster, as text; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** What the driver found. */
  readonly facts: pulumi.Output<NetworkFacts>;
  /** Namespace of its nodes and of all our objects. */
  readonly namespace: string;
  /** Whether nodes and poets have no address outside the cluster, so that who asks them needs the kubeconfig. */
  readonly isInside: boolean;
  /** The part of a pod's spec that says how urgent it is; empty for the cluster's own way. */
  readonly priority: { readonly priorityClassName?: string };
  /** For resources in the cluster. */
  readonly provider: k8s.Provider;
  /** What in-cluster resources name as `deletedWith`: they go with the cluster, even when it is already gone. */
  readonly resource: pulumi.Resource;

  constructor(name: string, { spec, driver, archive }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Network", name, {}, opts);
    const command = step(
      name,
      {
        create: ["network", "up", spec.tag],
        delete: ["network", "down", spec.tag],
        environment: { NETWORK_SPEC: JSON.stringify(spec), DRIVER: driver, ARCHIVE: archive },
        timeout: 3 * spec.timeout, // up may first have to wait for GKE and to remove a half-made cluster
      },
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    const made = documentOf(command, name, Made);
    this.isInside = spec.kubernetes?.exposure === "none";
    this.namespace = spec.namespace ?? CLUSTER_OF_ITS_OWN;
    const { priorityClass } = spec.kubernetes ?? {};
    this.priority = priorityClass ? { priorityClassName: priorityClass } : {};
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
