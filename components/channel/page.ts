import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { edgeKeys } from "../../infra/base/model/edge";
import type { Edge } from "../edge";

export interface ChannelPageArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  readonly edge: Edge;
  /** Complete HTML of the page. */
  readonly html: string;
}

/** The info page of a channel, under its own key at the edge. The edge serves it at the channel's host. */
export class ChannelPage extends pulumi.ComponentResource {
  constructor(name: string, { channel, edge, html }: ChannelPageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:ChannelPage", name, {}, opts);
    new cloudflare.WorkersKv(
      name,
      { accountId: edge.accountId, namespaceId: edge.namespaceId, keyName: edgeKeys.page(channel), value: html },
      { parent: this, protect: true },
    );
    this.registerOutputs({});
  }
}
