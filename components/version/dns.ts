import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { recordTypeOf } from "../../infra/base/model/addresses";
import { type BuildTag, buildTag } from "../../infra/base/model/build-tag";
import { type Endpoints, hostsOf } from "../../infra/base/model/endpoints";
import { ownerComment, ownershipHost, ownershipText } from "../../infra/base/model/ownership";
import { step } from "../step";
import type { Network } from "./network";

export interface DnsArgs {
  readonly tag: BuildTag;
  readonly network: Network;
  readonly endpoints: Endpoints;
  /** Address of the gateway's load balancer: an IPv4 address or a host. */
  readonly address: pulumi.Output<string>;
  readonly zoneId: string;
  /** Time to live of the records, in seconds. */
  readonly ttl: number;
  /** Variables that name the name servers to ask. */
  readonly nameServers: Record<string, string>;
  /** Longest wait for the names to resolve, in seconds. */
  readonly readyTimeout: number;
}

/**
 * The network's names: page, services, and a TXT record with their owner. The component is done when the zone's own
 * servers answer with the gateway's address and a gRPC call by name succeeds.
 */
export class Dns extends pulumi.ComponentResource {
  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Dns", name, {}, opts);
    const { tag, endpoints, address, zoneId, ttl, readyTimeout } = args;
    const comment = ownerComment(buildTag(tag));
    const type = address.apply(recordTypeOf);

    const records = hostsOf(endpoints).map(
      (host) =>
        new cloudflare.DnsRecord(
          host,
          { zoneId, name: host, type, content: address, ttl, proxied: false, comment },
          { parent: this, deleteBeforeReplace: true },
        ),
    );
    const owner = ownershipHost(endpoints.pageHost);
    const ownership = new cloudflare.DnsRecord(
      owner,
      { zoneId, name: owner, type: "TXT", content: `"${ownershipText(buildTag(tag))}"`, ttl, comment },
      { parent: this, deleteBeforeReplace: true },
    );
    step(
      `${name}-resolved`,
      {
        create: ["dns", "resolved", buildTag(tag)],
        environment: {
          ...args.nameServers,
          ADDRESS: address,
          ENDPOINTS: JSON.stringify(endpoints),
          NETWORK_FACTS: args.network.facts.apply((facts) => JSON.stringify(facts)),
          READY_TIMEOUT: `${readyTimeout}`,
        },
        timeout: 2 * readyTimeout, // once for the names, once for the call
      },
      { parent: this, dependsOn: [...records, ownership] },
    );
    this.registerOutputs({});
  }
}
