import * as pulumi from "@pulumi/pulumi";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Settings } from "../../infra/base/model/settings";
import { step } from "../step";
import type { Network } from "./network";

export interface LogArchiveArgs {
  readonly network: Pick<Network, "kubeconfig">;
  readonly spec: NetworkSpec;
  /** The driver that created the network. */
  readonly driver: Settings["driver"];
  /** URL of the store. */
  readonly archive: string;
  /** Id of the network's life; empty in a stack from before ids. */
  readonly life?: pulumi.Input<string>;
  /** Documents to archive besides logs, events and the stack's outputs, by file name. */
  readonly documents: pulumi.Input<Record<string, unknown>>;
  /** Longest time of archiving, in seconds. */
  readonly timeout: number;
}

/**
 * The archive of a network. Created right after the network, so that a failed deployment can still be archived; on
 * create it only checks that the store is writable. Destroyed right before the network: it archives logs, events,
 * documents and the stack's outputs and reads them back while everything in the cluster still runs. A failure stops the
 * destroy.
 */
export class LogArchive extends pulumi.ComponentResource {
  constructor(name: string, args: LogArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:LogArchive", name, {}, opts);
    const { network, spec, driver, archive, life, documents, timeout } = args;
    step(
      name,
      {
        create: ["archive", "probe"],
        delete: ["archive", "collect", spec.tag],
        environment: {
          ARCHIVE: archive,
          NETWORK_SPEC: JSON.stringify(spec),
          DRIVER: driver,
          NETWORK_RECORD: pulumi.output(documents).apply((all) => JSON.stringify({ tag: spec.tag, documents: all })),
          KUBECONFIG_TEXT: network.kubeconfig,
          STACK: pulumi.getStack(),
          ...(life !== undefined && { LIFE: life }),
        },
        timeout,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
