import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { type BuildTag, buildTag, stackName } from "../../infra/base/model/build-tag";
import { edgeKeys } from "../../infra/base/model/edge";
import type { NetworkListEntry } from "../../infra/base/model/network-list";
import type { Edge } from "../edge";
import { step } from "../step";

export interface DiscoveryArgs {
  readonly edge: Edge;
  readonly tag: BuildTag;
  /** Entry of the network in the network list. */
  readonly entry: pulumi.Input<NetworkListEntry>;
  /** Config of a node that joins, as JSON text. */
  readonly nodeConfig: pulumi.Input<string>;
  /** Longest wait for the network list to show the entry, in seconds. */
  readonly readyTimeout: number;
}

/** The network's entry in the network list, under its own key. The component is done when the public list shows it. */
export class Discovery extends pulumi.ComponentResource {
  constructor(name: string, args: DiscoveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Discovery", name, {}, opts);
    const { edge, tag, readyTimeout } = args;
    const store = (kind: "config" | "network", value: pulumi.Input<string>) =>
      new cloudflare.WorkersKv(
        `${name}-${kind}`,
        { accountId: edge.accountId, namespaceId: edge.namespaceId, keyName: edgeKeys[kind](stackName(tag)), value },
        { parent: this },
      );
    const entry = pulumi.output(args.entry).apply((value) => JSON.stringify({ tag: buildTag(tag), entry: value }));
    const config = store("config", args.nodeConfig);
    const network = store("network", entry);
    step(
      `${name}-listed`,
      {
        create: ["discovery", "listed", buildTag(tag)],
        environment: { ...edge.environment, ENTRY: entry, READY_TIMEOUT: `${readyTimeout}` },
        timeout: readyTimeout,
      },
      { parent: this, dependsOn: [config, network] },
    );
    this.registerOutputs({});
  }
}
