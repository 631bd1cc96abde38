import { UserError } from "../base/lib/errors";
import { together } from "../base/lib/together";
import { compareBuildTags, parseBuildTag, parseReleaseTag } from "../base/model/build-tag";
import {
  generationOf,
  type Known,
  latestOf,
  newestOf,
  type Promotion,
  type Recorded,
  type Target,
} from "../base/model/promotion";

/** Where a promotion is to lead. The build is not known before its network was looked at. */
export type Destination = Pick<Target, "channel" | "release"> & Partial<Pick<Target, "tag">>;

/**
 * A promotion only leads forward. Whoever may push a tag, or run an old job of CI again, must not take a channel back:
 * that is `smeshnet demote`, with its reason. The channel's records decide, before anything is touched.
 * @param against the generation that a person planned against; with the newest one, a release that a demotion left or
 * that was given up may come back
 * @throws {UserError} when the channel has a newer release, had this one and left it, or gave it up
 */
export function requireForward(known: Known, to: Destination, against?: number): void {
  const [latest, taken] = [latestOf(known), generationOf(newestOf(known))];
  // A plan that is out of date is refused as such.
  if (against !== undefined && against !== taken) return;
  if (latest && compared(to, latest) < 0) throw older(to, latest);
  if (to.release === latest?.release || against !== undefined) return;
  const given = (known.promotions ?? [known.last]).findLast((one) => one?.release === to.release);
  if (given?.abandoned) throw givenUp(to, given, taken);
  if (!latest) return;
  const before = [...(known.promotions ?? []), known.state.previous]
    .filter((one) => one?.release === to.release && generationOf(one) < latest.generation)
    .at(-1);
  if (before) throw left(to, before, latest);
}

/** Orders by version, then by build where both are known. */
function compared(to: Destination, { release, tag }: Promotion): number {
  const [a, b] = [to.release, release].map((text) => ({ ...parseReleaseTag(text), build: 1 }));
  const versions = a && b ? compareBuildTags(a, b) : 0;
  return versions === 0 && to.tag !== undefined
    ? compareBuildTags(parseBuildTag(to.tag), parseBuildTag(tag))
    : versions;
}

function older({ channel, release, tag }: Destination, latest: Promotion): UserError {
  const name = release === latest.release ? `${release} (${tag})` : release;
  return new UserError(
    "ReleaseOlder",
    `${channel} is at ${latest.release} (${latest.tag}), generation ${latest.generation}, and ${name} is older.`,
    "Go back with `smeshnet demote --reason TEXT`, or release a newer version.",
  );
}

function left({ channel, release }: Destination, before: Promotion, latest: Promotion): UserError {
  const { generation } = latest;
  return new UserError(
    "ReleaseLeft",
    `${channel} had ${release} (${before.tag}) with generation ${before.generation}, and left it for ` +
      `${latest.release} (${latest.tag}) with generation ${generation}.`,
    "Going back is `smeshnet demote`. If it is to come again, run " +
      `\`smeshnet promote ${release} --channel ${channel} --against ${generation}\`.`,
  );
}

function givenUp(
  { channel, release }: Destination,
  { generation, tag, abandoned }: Recorded,
  taken: number,
): UserError {
  return new UserError(
    "ReleaseAbandoned",
    `The promotion of ${channel} to ${release} (${tag}), generation ${generation}, was given up (${abandoned?.reason}).`,
    `If it is to come again, run \`smeshnet promote ${release} --channel ${channel} --against ${taken}\`.`,
  );
}

/**
 * What a promotion leads to. A release that does not lead forward is refused as such, also when its network is gone by
 * now.
 * @param target finds the build; it begins before the channel is known
 */
export async function forward(
  known: Promise<Known>,
  to: Destination,
  against: number | undefined,
  target: () => Promise<Target>,
): Promise<Target> {
  const [, found] = await together(
    known.then((one) => requireForward(one, to, against)),
    target(),
  );
  return found;
}
