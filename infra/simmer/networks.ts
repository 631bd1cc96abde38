import { type Exported, exportedStack, listStacks, rootOutputs } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { type BuildTag, compareBuildTags, fromStackName, stackName } from "../base/model/build-tag";
import { isComplete, readOutputs, VersionOutputs } from "../base/model/outputs";
import type { Settings } from "../base/model/settings";
import { STEPS } from "../base/model/steps";
import { samplingInterval } from "../base/verdict/time";
import type { Terms } from "./entry";

/** A network that was completed, as its stack tells. */
export interface RunningNetwork {
  readonly tag: BuildTag;
  readonly outputs: VersionOutputs;
  /** Its retirement has begun. */
  readonly isLeaving: boolean;
}

/** Tags of all networks of a backend, completed or not, oldest first. @throws {UserError} */
export const networkTags = async (run: Pick<Run, "signal">): Promise<BuildTag[]> =>
  (await listStacks(run)).flatMap((name) => fromStackName(name) ?? []).sort(compareBuildTags);

/** All networks of a backend that were completed and still exist, oldest first. @throws {UserError} */
export async function runningNetworks(run: Pick<Run, "signal">): Promise<RunningNetwork[]> {
  const found: RunningNetwork[] = [];
  for (const tag of await networkTags(run)) {
    const network = await runningNetwork(tag, run);
    if (network) found.push(network);
  }
  return found;
}

/** The network of a tag; undefined unless it was completed and still exists. @throws {UserError} */
export async function runningNetwork(tag: BuildTag, run: Pick<Run, "signal">): Promise<RunningNetwork | undefined> {
  const exported = await exportedStack(stackName(tag), run);
  if (!exported || !isComplete(rootOutputs(exported))) return undefined;
  const outputs = readOutputs(VersionOutputs, stackName(tag), rootOutputs(exported));
  return { tag, outputs, isLeaving: !hasGuard(exported) };
}

/** A deployment ends with its guard, and a retirement begins with it. */
const hasGuard = (exported: Exported): boolean =>
  (exported.deployment.resources ?? []).some(({ urn }) => urn.endsWith(`$command:local:Command::${STEPS.guard}`));

/** What the judge goes by for a network under some settings. */
export function termsOf({ outputs }: RunningNetwork, settings: Settings): Terms {
  const { facts, genesisId, commit } = outputs;
  return {
    network: {
      nodes: facts.nodes.map(({ name }) => name),
      genesisId,
      genesisTime: Date.parse(facts.genesisTime),
      layerDuration: facts.layerDuration,
      layersPerEpoch: facts.layersPerEpoch,
    },
    thresholds: { usualLag: settings.simmerLag, stall: settings.simmerStall },
    days: settings.simmerDays,
    day: settings.simmerDay,
    commit,
  };
}

/** Time between two samples of a network, in seconds. */
export const intervalOf = ({ outputs }: RunningNetwork): number => samplingInterval(outputs.facts);
