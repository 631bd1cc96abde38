import { fromStackName } from "../infra/base/model/build-tag";
import { STORED_NETWORK_VARIABLE } from "../infra/base/model/steps";
import type { OurNames } from "./checks/names";
import { Deployed } from "./deployed";
import { PromotedNetwork } from "./promoted";
import { channelsOf, namesOf } from "./settings";

/** The stack on which an engine works, as the variables tell that the engine gives to a policy pack. */
export class CheckedStack {
  /** What may not happen to the stack's network; absent when the stack has none. */
  readonly promoted: PromotedNetwork | undefined;
  private known: OurNames | undefined;

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {
    const { PULUMI_ORGANIZATION = "", PULUMI_PROJECT = "", PULUMI_STACK = "" } = environment;
    const qualified = (stack: string) => [PULUMI_ORGANIZATION, PULUMI_PROJECT, stack].filter(Boolean).join("/");
    const tag = fromStackName(PULUMI_STACK);
    const told = environment[STORED_NETWORK_VARIABLE];
    const channels = () => channelsOf(environment);
    this.promoted = tag && new PromotedNetwork(tag, new Deployed(PULUMI_STACK, qualified, channels, told));
  }

  /**
   * The names that are ours. Read when there is a resource to be checked: a program with wrong settings names its
   * mistakes and makes none. @throws {Error} when one is not set
   */
  get names(): OurNames {
    this.known ??= namesOf(this.environment);
    return this.known;
  }
}
