import { type Exported, exportedStack, listStacks, rootOutputs } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { type BuildTag, compareBuildTags, fromStackName, stackName } from "../base/model/build-tag";
import { isComplete, readOutputs, VersionOutputs } from "../base/model/outputs";
import type { Settings } from "../base/model/settings";
import { STEPS } from "../base/model/steps";
import { samplingInterval } from "../base/verdict/time";
import type { Terms } from "./entry";

/** A network that runs, as its stack tells. */
export interface RunningNetwork {
  readonly tag: BuildTag;
  readonly outputs: VersionOutputs;
}

/** All networks of a backend that are complete and not being retired, oldest first. @throws {UserError} */
export async function runningNetworks(run: Pick<Run, "signal">): Promise<RunningNetwork[]> {
  const tags = (await listStacks(run)).flatMap((name) => fromStackName(name) ?? []).sort(compareBuildTags);
  const found: RunningNetwork[] = [];
  for (const tag of tags) {
    const network = await runningNetwork(tag, run);
    if (network) found.push(network);
  }
  return found;
}

/** The network of a tag; undefined unless it is complete and not being retired. @throws {UserError} */
export async function runningNetwork(tag: BuildTag, run: Pick<Run, "signal">): Promise<RunningNetwork | undefined> {
  const exported = await exportedStack(stackName(tag), run);
  if (!exported || !isRunning(exported)) return undefined;
  return { tag, outputs: readOutputs(VersionOutputs, stackName(tag), rootOutputs(exported)) };
}

/** A deployment ends with its guard, and a retirement begins with it. */
const isRunning = (exported: Exported): boolean =>
  isComplete(rootOutputs(exported)) &&
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
