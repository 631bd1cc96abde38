import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { type BuildTag, buildTag, stackName } from "../../infra/base/model/build-tag";
import type { NetworkListEntry } from "../../infra/base/model/network-list";
import type { Edge } from "../edge";
import { step } from "../step";

export interface DiscoveryArgs {
  readonly edge: Edge;
  readonly tag: BuildTag;
  /** The network's entry in the public list. */
  readonly entry: pulumi.Input<NetworkListEntry>;
  /** Config of a node, as JSON text, for those who join. */
  readonly nodeConfig: pulumi.Input<string>;
  /** Longest wait for the public list to show it, in seconds. */
  readonly readyTimeout: number;
}

/** The network's entry in the public list of networks, under a key of its own. Done means: the list shows it. */
export class Discovery extends pulumi.ComponentResource {
  constructor(name: string, args: DiscoveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Discovery", name, {}, opts);
    const { edge, tag, readyTimeout } = args;
    const stack = stackName(tag);
    const store = (kind: string, value: pulumi.Input<string>) =>
      new cloudflare.WorkersKv(
        `${name}-${kind}`,
        { accountId: edge.accountId, namespaceId: edge.namespaceId, keyName: `${kind}:${stack}`, value },
        { parent: this },
      );
    const entry = pulumi.output(args.entry).apply((value) => JSON.stringify({ tag: buildTag(tag), entry: value }));
    const config = store("config", args.nodeConfig);
    const network = store("network", entry);
    step(
      `${name}-listed`,
      {
        create: `discovery listed ${buildTag(tag)}`,
        environment: { ...edge.environment, ENTRY: entry, READY_TIMEOUT: `${readyTimeout}` },
        timeout: readyTimeout,
      },
      { parent: this, dependsOn: [config, network] },
    );
    this.registerOutputs({});
  }
}
