import * as pulumi from "@pulumi/pulumi";
import type { Promotion } from "../../infra/base/model/promotion";
import { requireFor, verifyCertificate } from "../../infra/simmer/certificate/verify";

export interface SimmerGateArgs {
  readonly promotion: Promotion;
  /** Public key of those who certify networks, PEM; empty when there is none. */
  readonly key: string;
  /** Healthy or slow time that counts as a simmer, in seconds. */
  readonly needed: number;
}

/**
 * Lets only a network pass that simmered: the promotion holds a valid certificate for its build tag and commit. The
 * exception is a promotion with a reason, which the channel's page and the announcement show.
 */
export class SimmerGate extends pulumi.ComponentResource {
  constructor(name: string, args: SimmerGateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:SimmerGate", name, {}, opts);
    const why = refusal(args);
    if (why !== undefined) throw new pulumi.ResourceError(why, this, true);
    this.registerOutputs({});
  }
}

/** Why a promotion may not pass; undefined when it may. */
export function refusal({ promotion, key, needed }: SimmerGateArgs): string | undefined {
  const { tag, commit, reason, certificate } = promotion;
  if (reason !== undefined && reason.trim() !== "") return undefined;
  if (certificate === undefined) return `${tag} has no simmer certificate. Give the reason with --reason TEXT.`;
  if (key === "") return `The setting simmerKey is empty, so the certificate of ${tag} cannot be verified.`;
  try {
    requireFor(verifyCertificate(certificate, key), { tag, commit, needed });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
