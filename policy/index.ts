import { PolicyPack, type ResourceValidationArgs, type ResourceValidationPolicy } from "@pulumi/policy";
import { fromStackName } from "../infra/base/model/build-tag";
import type { Settings } from "../infra/base/model/settings";
import { containerLimited, imagePinned } from "./checks/containers";
import { nodeApiPrivate, oneEntrance } from "./checks/entrance";
import { namesInOurZone } from "./checks/names";
import type { Check } from "./checks/value";
import { Deployed } from "./deployed";
import { plainOf } from "./plain";
import { PromotedNetwork } from "./promoted";
import { settingsOf } from "./settings";

// What must never happen, whoever runs the engine. The engine asks about each resource before it touches the resource,
// and stops at a violation. Each policy is a check of its own; this file only hands it to the engine.

// Read when a resource is there to be checked: a program with wrong settings names its mistakes and makes none.
let known: Settings | undefined;
const settings = () => (known ??= settingsOf(process.env));

const stack = process.env.PULUMI_STACK ?? "";
const promoted = fromStackName(stack) && new PromotedNetwork(stack, new Deployed(stack, () => settings().channels));

const policy = (name: string, description: string, check: Check<Settings>): ResourceValidationPolicy => ({
  name,
  description,
  validateResource(args, report) {
    for (const violation of check(resourceOf(args), settings())) report(violation);
  },
});

new PolicyPack("smeshnet", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "promoted-network-stays",
      description: "A network that a channel points to is neither removed nor replaced.",
      async validateResource(args, report) {
        const resource = { ...resourceOf(args), aliases: args.opts.aliases };
        for (const violation of (await promoted?.violations(resource)) ?? []) report(violation, args.urn);
      },
    },
    {
      name: "promoted-network-missing",
      description: "A network that a channel points to is part of the program.",
      async validateStack(_, report) {
        for (const violation of (await promoted?.missing()) ?? []) report(violation);
      },
    },
    policy("names-in-our-zone", "Every DNS name is in our part of the zone.", namesInOurZone),
    policy("node-api-private", "The private API of nodes stays inside the cluster.", nodeApiPrivate),
    policy("one-entrance", "Only the gateway has a public address.", oneEntrance),
    policy("image-pinned", "Every image has a tag other than latest, or a digest.", imagePinned),
    policy("container-limited", "Every container has limits and no root user.", containerLimited),
  ],
});

function resourceOf({ type, urn, name, props }: ResourceValidationArgs) {
  return { type, urn, name, properties: plainOf(props) };
}
