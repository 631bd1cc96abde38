import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../infra/base/lib/json";
import { type BuildTag, stackName } from "../infra/base/model/build-tag";
import type { Settings } from "../infra/base/model/settings";
import { tapOf } from "../infra/base/model/tap-settings";

/**
 * The settings as a network can follow them: without a tap where the network stands without one, since its genesis has no
 * account for it. The stack's own outputs tell it, so that a preview needs no look at a cluster.
 */
export async function withStandingTap(tag: BuildTag, settings: Settings): Promise<Settings> {
  if (!tapOf(settings)) return settings;
  const { value: facts } = await new pulumi.StackReference("standing", { name: stackName(tag) }).getOutputDetails(
    "facts",
  );
  return isObject(facts) && facts.tap === undefined ? { ...settings, tap: "none" } : settings;
}
