import * as pulumi from "@pulumi/pulumi";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { step } from "../step";
import type { Network } from "./network";

export interface LogArchiveArgs {
  readonly network: Pick<Network, "kubeconfig">;
  readonly spec: NetworkSpec;
  /** URL of the archive store. */
  readonly archive: string;
  /** What to keep besides the cluster's logs and events and the stack's outputs, by file name. */
  readonly documents: pulumi.Input<Record<string, unknown>>;
  /** Longest time of the archiving, in seconds. */
  readonly timeout: number;
}

/**
 * Keeps what a network leaves behind. Made right after the network, so that one that never got further has its archive,
 * too: the store can be written. Destroyed right before it: logs, events, documents and the stack's outputs are archived
 * and read back while everything in the cluster still runs; a failure stops the destroy.
 */
export class LogArchive extends pulumi.ComponentResource {
  constructor(name: string, args: LogArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:LogArchive", name, {}, opts);
    const { network, spec, archive, documents, timeout } = args;
    step(
      name,
      {
        create: "archive probe",
        delete: `archive collect ${spec.tag}`,
        environment: {
          ARCHIVE: archive,
          NETWORK_SPEC: JSON.stringify(spec),
          NETWORK_RECORD: pulumi.output(documents).apply((all) => JSON.stringify({ tag: spec.tag, documents: all })),
          KUBECONFIG_TEXT: network.kubeconfig,
          STACK: pulumi.getStack(),
        },
        timeout,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
