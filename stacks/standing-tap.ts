import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../infra/base/lib/json";
import { type BuildTag, stackName } from "../infra/base/model/build-tag";
import type { Settings } from "../infra/base/model/settings";
import { tapOf } from "../infra/base/model/tap-settings";

/**
 * What `StackReference` asks the engine (pulumi pkg, resource/deploy/builtins.go). A reference to the stack itself would
 * keep a copy of the last outputs in the state, so each preview after a change would show one more line.
 */
const READ_OUTPUTS = "pulumi:pulumi:readStackOutputs";

/**
 * The settings as a network can follow them: without a tap where the network stands without one, since its genesis has no
 * account for it. The stack's own outputs tell it, so that a preview needs no look at a cluster.
 */
export async function withStandingTap(tag: BuildTag, settings: Settings): Promise<Settings> {
  if (!tapOf(settings)) return settings;
  const answer: unknown = await pulumi.runtime.invoke(READ_OUTPUTS, { name: stackName(tag) });
  const { outputs } = isObject(answer) ? answer : {};
  const { facts } = isObject(outputs) ? outputs : {};
  return isObject(facts) && facts.tap === undefined ? { ...settings, tap: "none" } : settings;
}
