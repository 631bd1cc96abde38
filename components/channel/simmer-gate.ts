import * as pulumi from "@pulumi/pulumi";
import type { Promotion } from "../../infra/base/model/promotion";

/**
 * Lets a network pass that has simmered. There are no simmer certificates yet, so it demands the reason for going without
 * one, which the channel's page and the announcement show.
 */
export class SimmerGate extends pulumi.ComponentResource {
  constructor(name: string, promotion: Promotion, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:SimmerGate", name, {}, opts);
    if (promotion.reason.trim() === "") {
      throw new pulumi.ResourceError(
        `${promotion.tag} has no simmer certificate: say with --reason why it is promoted without one`,
        this,
        true,
      );
    }
    this.registerOutputs({});
  }
}
