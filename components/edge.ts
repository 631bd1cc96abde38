import * as pulumi from "@pulumi/pulumi";
import { publicUrl } from "../infra/base/model/endpoints";
import type { Settings } from "../infra/base/model/settings";

/** What other stacks use of the edge: its KV namespace and its public address. */
export interface Edge {
  /** Cloudflare account. */
  readonly accountId: string;
  /** KV namespace behind the Worker. */
  readonly namespaceId: pulumi.Output<string>;
  /** Base URL of the edge, ending in a slash. */
  readonly url: string;
  /** Variables by which steps find the edge. */
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

/** Name servers that steps ask: the zone's own, unless the settings name others. */
export const publicDns = ({ dnsServers, zone }: Settings): Record<string, string> => ({
  DNS_SERVERS: dnsServers.join(","),
  DNS_ZONE: zone,
});
