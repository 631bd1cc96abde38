import { PolicyPack, type ResourceValidationArgs } from "@pulumi/policy";
import { PROMOTED_NETWORK_STAYS } from "../infra/base/model/policies";
import type { CheckedStack } from "./checked-stack";
import { RULES } from "./checks/rules";
import { type LeanPolicy, leavePacked } from "./lean-protocol";
import { plainOf } from "./plain";

// What must never happen, whoever runs the engine. The engine asks about each resource before it touches the resource,
// and stops at a violation. Each policy is a check of its own; this file only hands it to the engine.

/**
 * Serves the policies. The library prints the port on a line of its own.
 * @param checked the stack on which the engine works now
 */
export function servePolicies(checked: () => CheckedStack): void {
  leavePacked();
  new PolicyPack("smeshnet", { enforcementLevel: "mandatory", policies: policiesFor(checked) });
}

const policiesFor = (checked: () => CheckedStack): LeanPolicy[] => [
  {
    name: PROMOTED_NETWORK_STAYS,
    description: "A network that a channel points to is neither removed nor replaced.",
    async validateResource(args, report) {
      if (!/^(command|smeshnet):/.test(args.type)) return;
      const resource = { ...resourceOf(args), aliases: args.opts.aliases };
      for (const violation of (await checked().promoted?.violations(resource)) ?? []) report(violation);
    },
  },
  {
    name: "promoted-network-present",
    description: "A network that a channel points to is part of the program.",
    async validateStack(_, report) {
      for (const violation of (await checked().promoted?.missing()) ?? []) report(violation);
    },
  },
  ...RULES.map(({ name, description, concerns, check }) => ({
    name,
    description,
    validateResource(args: ResourceValidationArgs, report: (message: string) => void) {
      if (!concerns.test(args.type)) return;
      for (const violation of check(resourceOf(args), checked().names)) report(violation);
    },
  })),
];

function resourceOf({ type, urn, name, props }: ResourceValidationArgs) {
  return { type, urn, name, properties: plainOf(props) };
}
