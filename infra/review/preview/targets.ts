import { type BuildTag, buildTag, compareBuildTags, fromStackName, stackName } from "../../base/model/build-tag";
import type { StackPreview } from "./model";

/** A stack that is to be previewed. */
export interface Target extends Pick<StackPreview, "stack" | "what" | "kind"> {
  /** The build tag of a network. */
  readonly tag?: BuildTag;
  /** Whether it is previewed although it has no resources: its tag was named. */
  readonly isWanted: boolean;
}

/**
 * The stacks that a change can touch: the edge, the configured channels, the stacks of channels that are configured no
 * longer, then networks, newest first.
 * @param names of all stacks of the backend
 * @param channels configured ones
 * @param builds tags of networks that need not exist
 */
export function targetsOf(
  names: readonly string[],
  channels: readonly string[],
  builds: readonly BuildTag[],
): Target[] {
  const others = names.filter((name) => name !== "edge" && !channels.includes(name) && !fromStackName(name)).sort();
  const wanted = new Map(builds.map((tag) => [stackName(tag), tag]));
  const tags = new Map(names.flatMap((name) => [[name, fromStackName(name)] as const]).filter(([, tag]) => tag));
  const networks = [...new Map([...tags, ...wanted])].flatMap(([stack, tag]) => (tag ? [{ stack, tag }] : []));
  return [
    { stack: "edge", what: "edge", kind: "edge", isWanted: false },
    ...[...channels, ...others].map((name) => ({ stack: name, what: name, kind: "channel", isWanted: false }) as const),
    ...networks
      .sort((a, b) => compareBuildTags(b.tag, a.tag))
      .map(({ stack, tag }) => {
        return { stack, what: buildTag(tag), kind: "network", tag, isWanted: wanted.has(stack) } as const;
      }),
  ];
}
