import { type BuildTag, buildTag, releaseTag, stackName } from "../../base/model/build-tag";
import type { DeploymentFailure } from "../../base/model/deployment-failure";
import type { Promotion, Recorded } from "../../base/model/promotion";
import { type Source, tagMoved } from "../../base/model/source";
import { utc } from "../../base/web/format";
import type { AnnouncementState } from "../../promote/announcement/records";
import type { ListedHold, ListedSimmer, NetworkState, NextStep } from "./model";

/** Digits by which people name a commit. */
const DIGITS = 12;

/** What decides about the next step of a network. */
export interface NetworkSituation {
  readonly tag: BuildTag;
  readonly state: NetworkState;
  /** What was deployed, and what the tag names now; absent when either is not known. */
  readonly source?: Source;
  /** The newest build of the same version after this one, if there is one. */
  readonly newer?: { readonly tag: string; readonly isDeployed: boolean };
  /** Build number that no tag and no stack of this version has. */
  readonly freeBuild: number;
  /** Commit of the release tag of this version, if it has one; absent when the tags are not known. */
  readonly release?: { readonly commit?: string };
  /** How its deployment failed; absent when nobody knows. */
  readonly failure?: DeploymentFailure;
  readonly simmer?: ListedSimmer;
  readonly holds: readonly ListedHold[];
  /** How a channel left it for people to look at, as a phrase: `testnet went back from it`. */
  readonly leftBy?: string;
  /** What could not be read of the network or of what may hold it, e.g. `stack testnet`. */
  readonly unread: readonly string[];
}

/** What comes next for a network in the release cycle. @param now milliseconds since 1970 */
export function nextOfNetwork(situation: NetworkSituation, now: number): NextStep {
  const { tag, state } = situation;
  const text = buildTag(tag);
  switch (state) {
    case "unknown":
      return step("look", "its stack cannot be read", `pulumi stack --stack ${stackName(tag)}`);
    case "not deployed":
      return situation.failure ? nextOfPart(situation, false) : step("nothing", "nothing of it exists");
    case "being deployed":
      return step("wait", "its deployment runs");
    case "being retired":
      return step("retire", "its retirement began; continue it if it does not run", `smeshnet retire ${text}`);
    case "complete":
      return nextOfComplete(situation, now);
    default:
      return nextOfPart(situation, state === "smoke test not passed");
  }
}

/** A tag that names another commit than the network runs stops the next deployment and every promotion. */
function afterMove(source: Source | undefined): NextStep | undefined {
  if (!source || !tagMoved(source)) return undefined;
  const { tag, deployed, tagged } = source;
  const commit = deployed.slice(0, DIGITS);
  if (tagged === undefined)
    return step("fix", "its tag is gone; restore it", `git tag ${tag} ${commit}`, `git push origin ${tag}`);
  return step(
    "fix",
    `its tag moved to ${tagged.slice(0, DIGITS)}; move it back, and tag the new commit as the next build`,
    `git tag --force ${tag} ${commit}`,
    `git push --force origin ${tag}`,
  );
}

/** The next step of a network of which only a part exists. */
function nextOfPart({ tag, source, newer, freeBuild, failure }: NetworkSituation, isSmoke: boolean): NextStep {
  const text = buildTag(tag);
  const stopped = isSmoke ? "the smoke test did not pass" : "its deployment stopped before its end";
  const trouble = failure ? `its deployment failed at ${failure.cause.step}` : stopped;
  if (newer?.isDeployed)
    return step("retire", `${trouble}, and ${newer.tag} follows`, retire(text, `${newer.tag} replaces it`));
  if (newer) return step("deploy", `${trouble}, and ${newer.tag} is tagged`, `smeshnet deploy ${newer.tag}`);
  const moved = afterMove(source);
  if (moved) return moved;
  if (failure?.mend === "next build")
    return step("fix", `${trouble}; fix the cause in the next build`, failure.next.command);
  if (failure) return step("deploy", `${trouble}; fix the cause, then continue it`, failure.again);
  if (!isSmoke) return step("deploy", `${trouble}; continue it if it does not run`, `smeshnet deploy ${text}`);
  const next = buildTag({ ...tag, build: freeBuild });
  return step("fix", `${trouble}; unless it still runs, fix the cause in the next build`, ...newTag(next));
}

function nextOfComplete(situation: NetworkSituation, now: number): NextStep {
  const { tag, source, simmer, holds, unread } = situation;
  const text = buildTag(tag);
  const [needed] = holds.filter(({ until }) => until === undefined);
  if (unread.length > 0 && !needed) return step("look", `unknown, since ${unread.join(" and ")} cannot be read`);
  const isInTrouble = simmer?.verdict === "stalled" || simmer?.verdict === "split";
  if (needed && isInTrouble) {
    const { channel, why } = needed;
    const back = `smeshnet demote --channel ${channel} --reason TEXT`;
    return step("promote", `it is ${simmer.verdict}, and ${why}; promote another build, or go back`, back);
  }
  if (needed) return afterMove(source) ?? step("nothing", needed.why);
  const ends = holds.map(({ until = "" }) => Date.parse(until));
  if (ends.length > 0) {
    const due = Math.max(...ends);
    const command = "smeshnet retire --due";
    if (due > now) return { ...step("retire", "no channel needs it then", command), at: iso(due) };
    return step("retire", "no channel needs it any more", command);
  }
  if (situation.leftBy !== undefined) {
    const why = `${situation.leftBy}; look at it, then retire it`;
    return step("retire", why, `smeshnet retire ${text} --why TEXT`);
  }
  if (isInTrouble) {
    const why = `it is ${simmer.verdict} since ${utc(simmer.since)}; unless it recovers, retire it and fix the next build`;
    return step("retire", why, `smeshnet retire ${text} --verdict ${simmer.verdict} --why TEXT`);
  }
  return afterMove(source) ?? nextOfSimmer(situation, simmer);
}

/** The next step of a complete network that nothing holds. */
function nextOfSimmer({ tag, release, source }: NetworkSituation, simmer: ListedSimmer | undefined): NextStep {
  const text = buildTag(tag);
  if (simmer?.certifiedAt !== undefined) {
    const name = releaseTag(tag);
    if (release?.commit === undefined)
      return step("release", "certified", `git tag -a ${name} "${text}^{}"`, `git push origin ${name}`);
    if (source && release.commit !== source.deployed)
      return step(
        "retire",
        `${name} releases another commit`,
        retire(text, `${name} releases ${release.commit.slice(0, DIGITS)}`),
      );
    return step("promote", `certified, and ${name} is tagged`, `smeshnet promote ${name}`);
  }
  if (!simmer) return step("watch", "nobody watches it, so no day counts", "smeshnet simmer watch");
  if (simmer.missing.length === 0) return step("certify", "its days are full", `smeshnet simmer certify ${text}`);
  if (!simmer.isWatched) {
    const since = simmer.watchedAt ? ` since ${utc(simmer.watchedAt)}` : "";
    return step("watch", `nobody watches it${since}, so no day counts`, "smeshnet simmer watch");
  }
  if (simmer.verdict === "blind" && simmer.day > 0)
    return step("look", "too few of its nodes answer", `smeshnet status ${text}`);
  const wait = step("wait", `it simmers; it lacks ${simmer.missing.join(", ")}`);
  return simmer.fullAt === undefined ? wait : { ...wait, at: simmer.fullAt };
}

/** What decides about the next step of a channel. */
export interface ChannelSituation {
  readonly name: string;
  /** The last promotion or demotion, completed or not. */
  readonly latest?: Promotion;
  /** The newest promotion, when it was given up. */
  readonly abandoned?: Recorded;
  /** Whether it is recorded but not completed. */
  readonly isHalfDone: boolean;
  /** The announcements of generations that matter, the latest first. */
  readonly announcements: readonly { readonly generation: number; readonly state: AnnouncementState }[];
  readonly unread: readonly string[];
}

/**
 * What comes next for a channel.
 * @param now milliseconds since 1970
 * @param longestTry time in which one try to announce ends, in seconds
 */
export function nextOfChannel(situation: ChannelSituation, now: number, longestTry: number): NextStep {
  const { name, latest, abandoned, isHalfDone, announcements, unread } = situation;
  for (const { generation, state } of announcements) {
    if (state.state !== "doubt") continue;
    const end = Date.parse(state.since) + longestTry * 1000;
    const why = `whether generation ${generation} was announced is uncertain`;
    if (now < end) return { ...step("wait", `generation ${generation} is being announced`), at: iso(end) };
    const command = `smeshnet announce ${name} ${generation}`;
    const check = `${why}; check the Discord channel, then run one of the two`;
    return step("settle", check, `${command} --sent MESSAGE_ID`, `${command} --not-sent`);
  }
  if (unread.length > 0) return step("look", `unknown, since ${unread.join(" and ")} cannot be read`);
  if (abandoned?.abandoned && abandoned.abandoned.backAt === undefined) {
    const why = `its ${abandoned.kind} to ${abandoned.tag} was given up, and its names may still lead there`;
    return step("promote", why, `smeshnet promote ${abandoned.release} --channel ${name} --abandon TEXT`);
  }
  if (!latest) return step("promote", "no release was promoted yet", `smeshnet promote RELEASE --channel ${name}`);
  const again =
    latest.kind === "promotion"
      ? `smeshnet promote ${latest.release} --channel ${name}`
      : `smeshnet demote --channel ${name} --reason TEXT`;
  if (isHalfDone)
    return step("promote", `its ${latest.kind} to ${latest.tag} did not end; continue it if it does not run`, again);
  const [last] = announcements;
  if (last?.state.state === "not-sent")
    return step("promote", `generation ${last.generation} is not announced (${last.state.why})`, again);
  return step("nothing", `it points to ${latest.tag}`);
}

/** What to do about a stack that no setting names. */
export const nextOfOther = (stack: string): NextStep =>
  step(
    "look",
    "no network, and no channel of the settings; add it to smeshnet:channels, or remove what it holds",
    `pulumi stack --stack ${stack}`,
  );

const step = (action: NextStep["action"], why: string, ...commands: string[]): NextStep => ({ action, why, commands });

const newTag = (tag: string): [string, string] => [`git tag ${tag}`, `git push origin ${tag}`];

const retire = (tag: string, why: string): string => `smeshnet retire ${tag} --why "${why}"`;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
