import * as pulumi from "@pulumi/pulumi";
import { CheckedStack } from "./checked-stack";
import { servePolicies } from "./pack";

/**
 * The policies in this process, for one engine after another. An engine that starts a process for them spends half a
 * second of a core on it, mostly on code that has just been loaded (docs/performance.md).
 */
export class KeptPolicies {
  private readonly port: Promise<string>;
  private stack = new CheckedStack({});

  constructor() {
    const print = console.log;
    this.port = new Promise((resolve) => {
      console.log = (port: string) => {
        console.log = print;
        resolve(port);
      };
    });
    servePolicies(() => this.stack);
  }

  /** Variables with which an engine uses these policies (pulumi-analyzer-policy-smeshnet). */
  async variables(): Promise<Record<string, string>> {
    return { SMESHNET_POLICY_PORT: await this.port };
  }

  /** Turns to the stack of the running program, of which an engine tells a process of its own by variables. */
  takeStack(): void {
    this.stack = new CheckedStack({
      ...process.env,
      PULUMI_ORGANIZATION: pulumi.getOrganization(),
      PULUMI_PROJECT: pulumi.getProject(),
      PULUMI_STACK: pulumi.getStack(),
      PULUMI_CONFIG: JSON.stringify(pulumi.runtime.allConfig()),
    });
  }
}
