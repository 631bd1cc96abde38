import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../infra/base/lib/json";
import { type BuildTag, stackName } from "../infra/base/model/build-tag";
import { isComplete } from "../infra/base/model/outputs";
import type { Settings } from "../infra/base/model/settings";
import { tapOf } from "../infra/base/model/tap-settings";

/**
 * What `StackReference` asks the engine (pulumi pkg, resource/deploy/builtins.go). A reference to the stack itself would
 * keep a copy of the last outputs in the state, so each preview after a change would show one more line.
 */
const READ_OUTPUTS = "pulumi:pulumi:readStackOutputs";

type Outputs = Readonly<Record<string, unknown>>;

/** The network's own outputs, as its last deployment stored them; empty before. A preview needs no look at a cluster. */
export async function standingOutputs(tag: BuildTag): Promise<Outputs> {
  const answer: unknown = await pulumi.runtime.invoke(READ_OUTPUTS, { name: stackName(tag) });
  const { outputs } = isObject(answer) ? answer : {};
  return isObject(outputs) ? outputs : {};
}

/**
 * The settings as a network can follow them: without a tap where the network stands without one, since its genesis has no
 * account for it.
 */
export function withStandingTap({ facts }: Outputs, settings: Settings): Settings {
  if (!tapOf(settings)) return settings;
  return isObject(facts) && facts.tap === undefined ? { ...settings, tap: "none" } : settings;
}

/** Whether the step of the gateway told which images run. An older release did not, and a preview leaves that so. */
export const hasImages = (outputs: Outputs): boolean => !isComplete(outputs) || outputs.images !== undefined;
