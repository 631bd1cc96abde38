import * as pulumi from "@pulumi/pulumi";
import type { Promotion } from "../../infra/base/model/promotion";

/**
 * Lets only a network pass that simmered. There are no simmer certificates yet, so the gate demands a reason instead.
 * The channel's page and the announcement show the reason.
 */
export class SimmerGate extends pulumi.ComponentResource {
  constructor(name: string, promotion: Promotion, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:SimmerGate", name, {}, opts);
    if (promotion.reason.trim() === "") {
      throw new pulumi.ResourceError(
        `${promotion.tag} has no simmer certificate. Give the reason with --reason TEXT.`,
        this,
        true,
      );
    }
    this.registerOutputs({});
  }
}
