import { channelState } from "../base/channel/state";
import { exportedStack, holdsNetwork, listedStacks } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import { limiter } from "../base/lib/limiter";
import type { Run } from "../base/lib/run";
import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  fromStackName,
  parseBuildTag,
  stackName,
} from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { Networks } from "./places";

/** Reads at the same time. Each starts a process that takes most of a second on one core. */
const AT_ONCE = 4;

/** The networks of the backend beside one that is about to be deployed. */
export const networksBeside = (
  tag: BuildTag,
  { networks, channels }: Pick<Settings, "networks" | "channels">,
  store: Store,
  run: Run,
): Networks => ({
  limit: networks,
  stacks: () => stacksBeside(tag, run),
  running: (stacks) => holding(stacks, run),
  free: (running) => withoutChannel(running, channels, run),
  store,
});

/** The build tags of other stacks that are not empty, newest first. */
async function stacksBeside(tag: BuildTag, run: Run): Promise<string[]> {
  const stacks = await listedStacks(run);
  const builds = stacks.flatMap(({ name, resourceCount }) => (resourceCount === 0 ? [] : (fromStackName(name) ?? [])));
  return builds
    .filter((one) => compareBuildTags(one, tag) !== 0)
    .sort((a, b) => compareBuildTags(b, a))
    .map(buildTag);
}

async function holding(stacks: readonly string[], run: Run): Promise<string[]> {
  const limited = limiter(AT_ONCE);
  const found = await Promise.all(stacks.map((tag) => limited(() => holds(parseBuildTag(tag), run))));
  return stacks.filter((_, i) => found[i]);
}

/** Only a stack that can be read proves that its network runs. */
async function holds(tag: BuildTag, run: Run): Promise<boolean> {
  try {
    const exported = await exportedStack(stackName(tag), run);
    return exported !== undefined && holdsNetwork(exported);
  } catch (error) {
    if (!(error instanceof UserError) || run.signal.aborted) throw error;
    run.say(`${buildTag(tag)} is not counted among the networks that run: ${error.what.replace(/\.$/, "")}`);
    return false;
  }
}

async function withoutChannel(running: readonly string[], channels: readonly string[], run: Run): Promise<string[]> {
  const states = await Promise.all(channels.map((name) => channelState(name, run)));
  const needed = new Set(states.map(({ promotion }) => promotion?.tag));
  return running.filter((tag) => !needed.has(tag));
}
