import * as pulumi from "@pulumi/pulumi";
import { effectiveGenesis } from "../../infra/base/model/network-facts";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Versions } from "../../infra/base/model/versions";
import { documentOf, step } from "../step";
import type { Network } from "./network";

export interface SmokeTestArgs {
  readonly network: Network;
  readonly spec: NetworkSpec;
  readonly manifest: Versions;
  /** How many layers after the effective genesis the verified layer may take. */
  readonly smokeLayers: number;
}

/** The smoke suite, run against the nodes themselves. A check that fails, or cannot be made, fails the update. */
export class SmokeTest extends pulumi.ComponentResource {
  /** The suite's report (infra/smoke). */
  readonly report: pulumi.Output<unknown>;

  constructor(name: string, args: SmokeTestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:SmokeTest", name, {}, opts);
    const { network, spec, manifest, smokeLayers } = args;
    const layers = effectiveGenesis(spec) + smokeLayers; // the longest way, from genesis on
    const run = step(
      name,
      {
        create: `smoke ${spec.tag} --json --limit-layers ${smokeLayers}`,
        environment: {
          NETWORK_FACTS: network.facts.apply((facts) => JSON.stringify(facts)),
          MANIFEST: JSON.stringify(manifest),
          POET_PHASES: JSON.stringify(spec.poetPhases),
        },
        timeout: spec.genesisDelay * 60 + layers * spec.layerDuration + 120,
      },
      { parent: this },
    );
    this.report = documentOf(run);
    this.registerOutputs({ report: this.report });
  }
}
