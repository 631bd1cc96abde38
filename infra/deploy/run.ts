import type { Stack } from "@pulumi/pulumi/automation";
import type { Cloudflare } from "../base/clients/cloudflare";
import { openStack, pulumiCli } from "../base/engine/open";
import { engineUp } from "../base/engine/run";
import { exportedStack } from "../base/engine/state";
import { type Run, timed } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import { preflight } from "./preflight";

export interface DeployOptions {
  readonly settings: Settings;
  readonly cloudflare: Cloudflare;
  /** File that gets the engine's events. */
  readonly events?: string;
}

/**
 * Deploys the network of a build tag, or the edge.
 * @returns its stack
 * @throws {UserError} with the reason, or with a pointer to the progress that shows it
 */
export async function deployStack(
  target: BuildTag | "edge",
  { settings, cloudflare, events }: DeployOptions,
  run: Run,
): Promise<Stack> {
  const [what, name] = target === "edge" ? [target, target] : [buildTag(target), stackName(target)];
  const reading = exportedStack(name, run);
  const checked = target === "edge" ? undefined : preflight(target, reading, settings, run);
  const [, state] = await together(checked, reading, pulumiCli());
  const stack = await openStack(name, state !== undefined);
  const { zoneId } = settings;
  const [, seconds] = await timed(run, () => engineUp({ stack, state, what, zoneId, cloudflare, events }, run));
  run.say(`${what}: deployed, ${seconds} s`);
  return stack;
}
