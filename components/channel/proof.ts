import * as pulumi from "@pulumi/pulumi";
import { sha256Of } from "../../infra/base/lib/sha256";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { Edge } from "../edge";
import { documentOf, step } from "../step";

export interface ChannelProofArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** Each promotion is proven anew. */
  readonly generation: number;
  readonly endpoints: Endpoints;
  /** A host of the network that the channel points to. */
  readonly target: pulumi.Input<string>;
  /** Genesis id of that network, hexadecimal. */
  readonly genesisId: pulumi.Input<string>;
  /** The page that must be served. */
  readonly html: pulumi.Output<string>;
  readonly edge: Edge;
  /** Longest wait for each, in seconds. */
  readonly readyTimeout: number;
}

/**
 * The proof that a channel has arrived: its names lead where the network's do, a gRPC call by the channel's name is answered
 * by that network, and its page is served as it was written.
 */
export class ChannelProof extends pulumi.ComponentResource {
  /** When all of it was seen, RFC 3339. */
  readonly movedAt: pulumi.Output<string>;

  constructor(name: string, args: ChannelProofArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:ChannelProof", name, {}, opts);
    const { channel, generation, endpoints, target, genesisId, html, edge, readyTimeout } = args;
    const proof = step(
      name,
      {
        create: `channel moved ${channel}`,
        environment: {
          ...edge.environment,
          GENERATION: `${generation}`,
          ENDPOINTS: JSON.stringify(endpoints),
          TARGET: target,
          GENESIS_ID: genesisId,
          PAGE_SHA256: html.apply(sha256Of),
          READY_TIMEOUT: `${readyTimeout}`,
        },
        timeout: 2 * readyTimeout, // for the names and the page, then for the call
      },
      { parent: this },
    );
    this.movedAt = documentOf<{ movedAt: string }>(proof).movedAt;
    this.registerOutputs({ movedAt: this.movedAt });
  }
}
