import { trailersIn } from "../../base/model/trailers";
import type { Tagged, TagPlan } from "./plan";

/** What the command is about to do. */
export function planLines({ tag, commit, message, remote, branch, twin, made, unseen }: TagPlan): string[] {
  return [
    made === undefined
      ? `tag ${tag} on commit ${commit.slice(0, 12)}`
      : `tag ${tag} on commit ${commit.slice(0, 12)}, which an earlier run made and did not push`,
    ...(twin === undefined
      ? []
      : [`  ${twin} stands on the same commit, and \`git describe\` may name it: build the image with the tag given`]),
    ...trailersIn(message).map(({ key, value }) => `  ${key}: ${value}`),
    branch === undefined
      ? `push ${tag} to ${remote}, and nothing else`
      : `push ${branch} and ${tag} to ${remote} together: both or none, since ${remote} lacks commits of ${branch}`,
    ...unseen.map((why) => `not seen: ${why}`),
  ];
}

/** How the command ended, and what starts now. */
export function endLines(done: Tagged): string[] {
  const { tag, commit } = done;
  switch (done.state) {
    case "planned":
      return [...planLines(done), "dry run: nothing was changed"];
    case "pushed":
      return [
        `pushed ${done.branch === undefined ? tag : `${done.branch} and ${tag}`} to ${done.remote}`,
        ...starts(tag),
      ];
    case "tagged":
      return [
        `nothing to do: ${tag} is on commit ${commit.slice(0, 12)} and pushed`,
        ...(isBuild(tag) ? ["another build of this commit needs a reason: `smeshnet tag build --reason TEXT`"] : []),
        ...starts(tag),
      ];
  }
}

const isBuild = (tag: string): boolean => tag.includes("+");

const starts = (tag: string): string[] =>
  isBuild(tag)
    ? [`now: CI deploys it; \`smeshnet status ${tag}\` shows the network`]
    : [`now: CI promotes it; \`smeshnet list\` shows the channel, and \`smeshnet promote ${tag} --preview\` the plan`];
