import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Settings } from "../../infra/base/model/settings";
import type { Edge } from "../edge";
import { documentOf, step } from "../step";

/** What `step history open` prints. */
const Opened = z.object({ life: z.string().optional() });

export interface HistoryArgs {
  readonly spec: NetworkSpec;
  /** The driver that creates the network. */
  readonly driver: Settings["driver"];
  readonly edge: Edge;
  /** Zone at Cloudflare that holds the network's records. */
  readonly zoneId: string;
  /** URL of the store. */
  readonly archive: string;
}

/**
 * What stays of a network for ever: its line in the edge's history. Created right before the network and so destroyed
 * right after it. If anything is left of the network then, the destroy fails and names it. The reason and the verdict
 * come from the environment of the engine that destroys.
 */
export class History extends pulumi.ComponentResource {
  /** Id of the network's life; empty in a stack from before ids. */
  readonly life: pulumi.Output<string>;

  constructor(name: string, args: HistoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:History", name, {}, opts);
    const { spec, driver, edge, zoneId, archive } = args;
    const opening = step(
      name,
      {
        create: ["history", "open", spec.tag],
        delete: ["history", "close", spec.tag],
        environment: {
          ACCOUNT_ID: edge.accountId,
          NAMESPACE_ID: edge.namespaceId,
          DISCOVERY_URL: edge.url,
          ZONE_ID: zoneId,
          ARCHIVE: archive,
          NETWORK_SPEC: JSON.stringify(spec),
          DRIVER: driver,
        },
        timeout: 300,
      },
      { parent: this },
    );
    this.life = documentOf(opening, name, Opened).apply(({ life = "" }) => life);
    this.registerOutputs({});
  }
}
