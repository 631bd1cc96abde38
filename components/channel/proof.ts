import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { sha256Of } from "../../infra/base/lib/sha256";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { Edge } from "../edge";
import { documentOf, step } from "../step";

/** What the step prints, in the part that is read. */
const Proven = z.object({ movedAt: z.string() });

export interface ChannelProofArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** The move of the channel, by its generation; each one is proven again. */
  readonly move: string;
  readonly endpoints: Endpoints;
  /** Host of the network that the channel points to. */
  readonly target: pulumi.Input<string>;
  /** Genesis id of that network, hexadecimal. */
  readonly genesisId: pulumi.Input<string>;
  /** Page that must be served. */
  readonly html: string;
  readonly edge: Edge;
  /** Longest wait for each, in seconds. */
  readonly readyTimeout: number;
}

/**
 * The proof that a channel arrived at a network. Its names resolve to the network's address, the network answers a gRPC
 * call by the channel's name, and the channel's page is served as it was written.
 */
export class ChannelProof extends pulumi.ComponentResource {
  /** When all of this was true, RFC 3339. */
  readonly movedAt: pulumi.Output<string>;

  constructor(name: string, args: ChannelProofArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:ChannelProof", name, {}, opts);
    const { channel, move, endpoints, target, genesisId, html, edge, readyTimeout } = args;
    const proof = step(
      name,
      {
        create: ["channel", "moved", channel],
        environment: {
          ...edge.environment,
          GENERATION: move,
          ENDPOINTS: JSON.stringify(endpoints),
          TARGET: target,
          GENESIS_ID: genesisId,
          PAGE_SHA256: sha256Of(html),
          READY_TIMEOUT: `${readyTimeout}`,
        },
        timeout: 2 * readyTimeout, // once for the names and the page, once for the call
      },
      { parent: this },
    );
    this.movedAt = documentOf(proof, "moved", Proven).movedAt;
    this.registerOutputs({ movedAt: this.movedAt });
  }
}
