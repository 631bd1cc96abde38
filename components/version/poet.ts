import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { documentOf, step } from "../step";
import type { Network } from "./network";

export interface PoetArgs {
  readonly network: Network;
  /** Number of the poet in the network, from 1. */
  readonly index: number;
  /** Configured phase shift and cycle gap, in seconds; compared when the poet's version reports them. */
  readonly phases: NetworkSpec["poetPhases"];
  /** Public URL of the poet; the gateway routes its host. */
  readonly url: string;
  /** Longest wait for the poet, in seconds. */
  readonly readyTimeout: number;
}

/** What a poet reports: its rounds (versions of 2021) or its phases (0.10 and later). */
const PoetState = z.object({ kind: z.enum(["rounds", "phases"]) });
export type PoetState = Readonly<z.infer<typeof PoetState>>;

/** A poet that the driver started. It is done when `GET /v1/info` reports an open round, or the configured phases. */
export class Poet extends pulumi.ComponentResource {
  /** Public URL. */
  readonly url: string;
  /** What the poet reported. */
  readonly state: pulumi.Output<PoetState>;

  constructor(name: string, args: PoetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Poet", name, {}, opts);
    const { network, index, phases, readyTimeout } = args;
    const wait = step(
      name,
      {
        create: ["poet", "wait", `poet-${index}`],
        environment: {
          POET_ADDRESS: network.facts.apply(({ poets }) => poets[index - 1]?.rest ?? ""),
          POET_PHASES: JSON.stringify(phases),
          READY_TIMEOUT: `${readyTimeout}`,
          ...(network.isInside && { KUBECONFIG_TEXT: network.kubeconfig }),
        },
        timeout: readyTimeout,
      },
      { parent: this },
    );
    this.url = args.url;
    // All outputs of a step with a secret input are secret, and this one is public.
    this.state = pulumi.unsecret(documentOf(wait, name, PoetState));
    this.registerOutputs({ url: this.url, state: this.state });
  }
}
