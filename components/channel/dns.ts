import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { type Endpoints, hostsOf } from "../../infra/base/model/endpoints";
import { ownerComment } from "../../infra/base/model/ownership";

export interface ChannelDnsArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** The channel's own endpoints. */
  readonly endpoints: Endpoints;
  /** Host that all service hosts are aliases of. */
  readonly gateway: string;
  /** Host of the network that the channel points to. */
  readonly target: pulumi.Input<string>;
  readonly zoneId: string;
  /** Time to live of the records, in seconds. */
  readonly ttl: number;
}

/**
 * The channel's names. Its service hosts are aliases of one gateway name, which is an alias of a host of the network. A
 * promotion changes that one record in place: no name is ever missing, and all of them move at the same moment. The
 * page has its own host at the edge (stacks/edge.ts).
 */
export class ChannelDns extends pulumi.ComponentResource {
  constructor(name: string, args: ChannelDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:ChannelDns", name, {}, opts);
    const { channel, endpoints, gateway, target, zoneId, ttl } = args;
    const alias = (host: string, content: pulumi.Input<string>, more: pulumi.CustomResourceOptions = {}) =>
      new cloudflare.DnsRecord(
        host,
        { zoneId, name: host, type: "CNAME", content, ttl, proxied: false, comment: ownerComment(channel) },
        { parent: this, deleteBeforeReplace: true, ...more },
      );
    const leading = alias(gateway, target, { protect: true });
    for (const host of hostsOf(endpoints))
      if (host !== endpoints.pageHost) alias(host, gateway, { dependsOn: leading });
    this.registerOutputs({});
  }
}
