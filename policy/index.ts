import "./lean-sdk";
import { PolicyPack, type ResourceValidationArgs } from "@pulumi/policy";
import { fromStackName } from "../infra/base/model/build-tag";
import { PROMOTED_NETWORK_STAYS } from "../infra/base/model/policies";
import { STORED_NETWORK_VARIABLE } from "../infra/base/model/steps";
import type { OurNames } from "./checks/names";
import { RULES } from "./checks/rules";
import { Deployed } from "./deployed";
import { plainOf } from "./plain";
import { PromotedNetwork } from "./promoted";
import { channelsOf, namesOf } from "./settings";

// What must never happen, whoever runs the engine. The engine asks about each resource before it touches the resource,
// and stops at a violation. Each policy is a check of its own; this file only hands it to the engine.

// Read when there is a resource to be checked: a program with wrong settings names its mistakes and makes none.
let known: OurNames | undefined;
const ours = () => {
  known ??= namesOf(process.env);
  return known;
};

const { PULUMI_ORGANIZATION = "", PULUMI_PROJECT = "", PULUMI_STACK = "" } = process.env;
const qualified = (stack: string) => [PULUMI_ORGANIZATION, PULUMI_PROJECT, stack].filter(Boolean).join("/");
const tag = fromStackName(PULUMI_STACK);
const told = process.env[STORED_NETWORK_VARIABLE];
const promoted =
  tag && new PromotedNetwork(tag, new Deployed(PULUMI_STACK, qualified, () => channelsOf(process.env), told));

new PolicyPack("smeshnet", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: PROMOTED_NETWORK_STAYS,
      description: "A network that a channel points to is neither removed nor replaced.",
      async validateResource(args, report) {
        if (!/^(command|smeshnet):/.test(args.type)) return;
        const resource = { ...resourceOf(args), aliases: args.opts.aliases };
        for (const violation of (await promoted?.violations(resource)) ?? []) report(violation);
      },
    },
    {
      name: "promoted-network-present",
      description: "A network that a channel points to is part of the program.",
      async validateStack(_, report) {
        for (const violation of (await promoted?.missing()) ?? []) report(violation);
      },
    },
    ...RULES.map(({ name, description, concerns, check }) => ({
      name,
      description,
      validateResource(args: ResourceValidationArgs, report: (message: string) => void) {
        if (!concerns.test(args.type)) return;
        for (const violation of check(resourceOf(args), ours())) report(violation);
      },
    })),
  ],
});

function resourceOf({ type, urn, name, props }: ResourceValidationArgs) {
  return { type, urn, name, properties: plainOf(props) };
}
