import { type BuildTag, buildTag, stackName } from "../build-tag";
import { type Exported, pendingOf, rootOutputs } from "../recovery/pending";

/** Why a build cannot be promoted; undefined when its network is complete and has passed its smoke test. Pure. */
export function shortcomingOf(tag: BuildTag, exported: Exported | undefined): string | undefined {
  const text = buildTag(tag);
  const resources = exported?.deployment.resources ?? [];
  const has = (name: string) => resources.some(({ urn }) => urn.endsWith(`$command:local:Command::${name}`));
  if (!exported || !has("devnext")) return `${text} is not deployed`;
  const wasComplete = rootOutputs(exported).genesisId !== undefined;
  const isGuardLeaving = pendingOf(exported).some(({ resource }) => resource.urn.endsWith("::guard"));
  if (wasComplete && (isGuardLeaving || !has("guard"))) return `${text} is being retired`;
  if (wasComplete) return undefined;
  if (has("network") && !has("smoke")) return `${text} has not passed its smoke test`;
  return `${text} is not complete (stack ${stackName(tag)}): node --import tsx scripts/deploy.ts ${text} goes on with it`;
}
