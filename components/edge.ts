import * as pulumi from "@pulumi/pulumi";
import { publicUrl } from "../infra/base/model/endpoints";
import type { Settings } from "../infra/base/model/settings";

/** What other stacks use of the edge: its store, and its public address. */
export interface Edge {
  /** Cloudflare account. */
  readonly accountId: string;
  /** KV namespace behind the Worker. */
  readonly namespaceId: pulumi.Output<string>;
  /** Base URL of the discovery service, ending in a slash. */
  readonly url: string;
  /** How verbs find it. */
  readonly environment: Record<string, string>;
}

/** Reads the outputs of the stack `edge`, which must be up. */
export function edge(settings: Settings): Edge {
  const stack = new pulumi.StackReference("edge");
  const url = publicUrl(settings.discoveryHost, settings);
  return {
    accountId: settings.accountId,
    namespaceId: stack.requireOutput("namespaceId") as pulumi.Output<string>,
    url,
    environment: { DISCOVERY_URL: url, ...publicDns(settings) },
  };
}

/** Which name servers a verb asks: those of the zone, unless config names others. */
export const publicDns = ({ dnsServers, zone }: Settings): Record<string, string> => ({
  DNS_SERVERS: dnsServers.join(","),
  DNS_ZONE: zone,
});
