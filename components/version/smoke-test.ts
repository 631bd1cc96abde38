import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { effectiveGenesis } from "../../infra/base/model/network-facts";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Versions } from "../../infra/base/model/versions";
import { documentOf, step } from "../step";
import type { Network } from "./network";

export interface SmokeTestArgs {
  readonly network: Network;
  readonly spec: NetworkSpec;
  readonly versions: Versions;
  /** The commit that was deployed. */
  readonly commit: pulumi.Input<string>;
  /** Number of layers after the effective genesis that the verified layer may take. */
  readonly smokeLayers: number;
}

/** The smoke test, run against the nodes themselves. A check that fails, or cannot run, fails the update. */
export class SmokeTest extends pulumi.ComponentResource {
  /** Report of the smoke test (infra/deploy/smoke/report.ts). */
  readonly report: pulumi.Output<unknown>;

  constructor(name: string, args: SmokeTestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:SmokeTest", name, {}, opts);
    const { network, spec, versions, commit, smokeLayers } = args;
    const layers = effectiveGenesis(spec) + smokeLayers; // the longest time, from genesis on
    const run = step(
      name,
      {
        create: ["smoke", spec.tag, "--limit-layers", `${smokeLayers}`],
        environment: {
          NETWORK_FACTS: network.facts.apply((facts) => JSON.stringify(facts)),
          VERSIONS: JSON.stringify(versions),
          COMMIT: commit,
          POET_PHASES: JSON.stringify(spec.poetPhases),
          ...(network.isInside && { KUBECONFIG_TEXT: network.kubeconfig }),
        },
        timeout: spec.genesisDelay * 60 + layers * spec.layerDuration + 120,
      },
      { parent: this },
    );
    // All outputs of a step with a secret input are secret, and this one is public.
    this.report = pulumi.unsecret(documentOf(run, name, z.object({ passed: z.boolean() })));
    this.registerOutputs({ report: this.report });
  }
}
