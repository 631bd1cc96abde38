import type { Cloudflare } from "../base/clients/cloudflare";
import { openStack } from "../base/engine/open";
import { engineUp, type PublicOutputs } from "../base/engine/run";
import { type Run, timed } from "../base/lib/run";
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
 * @returns the public outputs of its stack
 * @throws {UserError} with the reason, or with a pointer to the progress that shows it
 */
export async function deployStack(
  target: BuildTag | "edge",
  { settings, cloudflare, events }: DeployOptions,
  run: Run,
): Promise<PublicOutputs> {
  const what = target === "edge" ? target : buildTag(target);
  if (target !== "edge") await preflight(target, settings, run);
  const stack = await openStack(target === "edge" ? target : stackName(target));
  const { zoneId } = settings;
  const [outputs, seconds] = await timed(run, () => engineUp({ stack, what, zoneId, cloudflare, events }, run));
  run.say(`${what}: deployed, ${seconds} s`);
  return outputs;
}
