import * as pulumi from "@pulumi/pulumi";
import type { Channel } from "../../infra/base/model/channel";
import { step } from "../step";

export interface RetirementGuardArgs {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** Channels that may point to this network. */
  readonly channels: readonly Channel[];
  /** Zone at Cloudflare that holds the channels' records. */
  readonly zoneId: string;
  /** URL of the store. */
  readonly archive: string;
}

/**
 * Created last and so destroyed first. It refuses the retirement of a network that a channel points to, or whose logs
 * could not be archived, before anything changes.
 */
export class RetirementGuard extends pulumi.ComponentResource {
  constructor(name: string, args: RetirementGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:RetirementGuard", name, {}, opts);
    const { tag, channels, zoneId, archive } = args;
    step(
      name,
      {
        delete: ["guard", tag],
        environment: { CHANNELS: JSON.stringify(channels), ZONE_ID: zoneId, ARCHIVE: archive },
        timeout: 300,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
