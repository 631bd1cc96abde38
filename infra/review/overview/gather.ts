import { type ChannelView, holdOf } from "../../base/channel/holds";
import { promotionsOf } from "../../base/channel/records";
import { stateIn } from "../../base/channel/state";
import { recordedCommit } from "../../base/engine/printed";
import { type Exported, rootOutputs } from "../../base/engine/state";
import { UserError } from "../../base/lib/errors";
import { limiter } from "../../base/lib/limiter";
import type { Run } from "../../base/lib/run";
import { type BuildTag, buildTag, compareBuildTags, fromStackName, stackName } from "../../base/model/build-tag";
import type { DeploymentFailure } from "../../base/model/deployment-failure";
import { channelEndpoints, type Endpoints, hostsOf, networkEndpoints } from "../../base/model/endpoints";
import { isComplete } from "../../base/model/outputs";
import { isHalfDone, latestOf, newestOf, type Promotion, type Recorded } from "../../base/model/promotion";
import type { Settings } from "../../base/model/settings";
import type { Superseded } from "../../base/model/trailers";
import { announcementState, LONGEST_TRY } from "../../promote/announcement/announce";
import type { AnnouncementState } from "../../promote/announcement/records";
import { openedAtOf, stageOf } from "../../promote/stage";
import { replacedBy } from "../../retire/due";
import { patience } from "../../simmer/board";
import { SimmerLog } from "../../simmer/log";
import { type SimmerStatus, statusOf } from "../../simmer/status";
import { leavingBy } from "./leaving";
import type {
  ListedChannel,
  ListedHold,
  ListedMove,
  ListedNetwork,
  ListedSimmer,
  NetworkState,
  Overview,
  Unread,
} from "./model";
import { nextOfChannel, nextOfNetwork, nextOfOther } from "./next-step";
import { mayAskEdge, mayHaveFailed, successorsOf } from "./outcome";
import type { Sources } from "./sources";
import { aboutTag } from "./tags";

/** Reads at the same time. Each starts a process that takes most of a second on one core. */
const AT_ONCE = 4;

/** Number of networks that are read in about two seconds; more are worth a line of progress. */
const QUIET = 10;

/**
 * Reads all networks and channels, a few at a time. What cannot be read is named in its row, and the rest is there.
 * @throws {UserError} when the stacks of the backend cannot be listed
 */
export async function gather(settings: Settings, sources: Sources, run: Run): Promise<Overview> {
  const now = run.clock.now();
  const stacks = await sources.stacks();
  const builds = stacks.flatMap((name) => fromStackName(name) ?? []).sort((a, b) => compareBuildTags(b, a));
  if (builds.length > QUIET) run.say(`reading the state of ${builds.length} networks`);
  const reader = new Reader(run);
  const [tags, updating, channels, found] = await Promise.all([
    reader.read("the tags of the node repository", () => sources.tags()),
    reader.read("the processes of this machine", () => sources.updating()),
    Promise.all(settings.channels.map((name) => readChannel(name, stacks.includes(name), sources, reader))),
    Promise.all(builds.map((tag) => readNetwork(tag, sources, reader))),
  ]);
  const failures = mayAskEdge(found, stacks)
    ? await reader.read("the failures at the edge", () => sources.failures())
    : undefined;
  const deployed = found.filter(({ state }) => state !== "not deployed").map(({ tag }) => tag);
  const world = {
    settings,
    channels,
    tags: tags.value,
    updating: updating.value,
    failures: failures?.value,
    successors: successorsOf(found),
    builds,
    deployed,
    now,
  };
  return {
    schema: 1,
    at: iso(now),
    networks: found.map((one) => networkOf(one, world)),
    channels: channels.map((one) => channelOf(one, world)),
    others: stacks
      .filter((name) => name !== "edge" && !fromStackName(name) && !settings.channels.includes(name))
      .sort()
      .map((stack) => ({ stack, next: nextOfOther(stack) })),
    unread: [tags, updating, failures].flatMap((one) => one?.unread ?? []),
  };
}

/** A value, or why it could not be read. */
interface Reading<T> {
  readonly value?: T;
  readonly unread?: Unread;
}

class Reader {
  private readonly limit = limiter(AT_ONCE);

  constructor(private readonly run: Pick<Run, "signal">) {}

  /** @param what is read, as a phrase: `stack testnet` */
  read<T>(what: string, act: () => Promise<T>): Promise<Reading<T>> {
    return this.limit(async () => {
      this.run.signal.throwIfAborted();
      try {
        return { value: await act() };
      } catch (error) {
        if (!(error instanceof UserError) || this.run.signal.aborted) throw error;
        return { unread: { what, code: error.code, why: error.what.replace(/\.$/, ""), fix: error.fix } };
      }
    });
  }
}

/** What was read of a network. */
interface FoundNetwork {
  readonly tag: BuildTag;
  readonly state: NetworkState;
  readonly exported?: Exported;
  readonly simmer?: SimmerStatus;
  readonly unread: readonly Unread[];
}

async function readNetwork(tag: BuildTag, sources: Sources, reader: Reader): Promise<FoundNetwork> {
  const stack = stackName(tag);
  const { value: exported, unread } = await reader.read(`stack ${stack}`, () => sources.state(stack));
  if (unread) return { tag, state: "unknown", unread: [unread] };
  const state = stageOf(exported);
  const outputs = exported && rootOutputs(exported);
  if (!isComplete(outputs)) return { tag, state, exported, unread: [] };
  const simmer = await reader.read(`the simmer log of ${buildTag(tag)}`, () =>
    simmerOf(new SimmerLog(sources.store(), buildTag(tag), String(outputs?.genesisId))),
  );
  return { tag, state, exported, simmer: simmer.value, unread: simmer.unread ? [simmer.unread] : [] };
}

/** Undefined when nobody ever watched the network. */
async function simmerOf(log: SimmerLog): Promise<SimmerStatus | undefined> {
  await log.open();
  return log.last && statusOf(log);
}

/** What was read of a channel. */
interface FoundChannel {
  readonly name: string;
  /** Absent when its stack cannot be read. */
  readonly view?: ChannelView;
  readonly latest?: Promotion;
  /** The newest promotion, when it was given up. */
  readonly abandoned?: Recorded;
  readonly isHalfDone: boolean;
  readonly announcements: readonly { readonly generation: number; readonly state: AnnouncementState }[];
  readonly unread: readonly Unread[];
}

async function readChannel(name: string, exists: boolean, sources: Sources, reader: Reader): Promise<FoundChannel> {
  // In this order, since a promotion is recorded before the stack knows it.
  const records = await reader.read(`the promotions of ${name}`, () => promotionsOf(sources.store(), name));
  const stack = await reader.read(`stack ${name}`, async () =>
    stateIn(name, exists ? await sources.state(name) : undefined),
  );
  const unread = [records, stack].flatMap((one) => one.unread ?? []);
  const promotions = records.value ?? [];
  const state = stack.value;
  const last = promotions.at(-1);
  if (state?.promotion && records.value && (last?.generation ?? 0) < state.promotion.generation)
    unread.push(otherStore(name, state.promotion.generation));
  const known = { state: state ?? {}, last };
  const latest = latestOf(known);
  const newest = newestOf(known);
  const generations = new Set([latest, state?.promotion].flatMap((one) => one?.generation ?? []));
  const announcements = [];
  for (const generation of generations) {
    const what = `the announcement of generation ${generation}`;
    const read = await reader.read(what, () => announcementState(sources.store(), name, generation));
    if (read.value) announcements.push({ generation, state: read.value });
    if (read.unread) unread.push(read.unread);
  }
  return {
    name,
    ...(state && { view: { channel: name, state, promotions, aliases: [] } }),
    ...(latest && { latest }),
    ...(newest?.abandoned && { abandoned: newest }),
    isHalfDone: isHalfDone(known),
    announcements,
    unread,
  };
}

/** Every promotion is recorded before it moves anything, so a store without the record is another one, or is away. */
const otherStore = (channel: string, generation: number): Unread => ({
  what: `the promotions of ${channel}`,
  code: "StoreOfOthers",
  why: `the store holds no record of generation ${generation}, at which ${channel} is`,
  fix: "Check the setting archive.",
});

/** What all rows are made from. */
interface World {
  readonly settings: Settings;
  readonly channels: readonly FoundChannel[];
  /** Absent when the node repository cannot be read. */
  readonly tags?: ReadonlyMap<string, string>;
  readonly updating?: ReadonlySet<string>;
  /** Absent when they were not asked for, or the edge does not answer. */
  readonly failures?: ReadonlyMap<string, DeploymentFailure>;
  readonly successors: ReadonlyMap<string, Superseded>;
  /** Builds that have a stack, and those of them that are not gone. */
  readonly builds: readonly BuildTag[];
  readonly deployed: readonly BuildTag[];
  readonly now: number;
}

function networkOf(found: FoundNetwork, world: World): ListedNetwork {
  const { tag, exported, unread } = found;
  const { settings, channels, now } = world;
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const openedAt = exported && openedAtOf(exported);
  const commit = recordedCommit(exported);
  const simmer = found.simmer && listedSimmer(found.simmer, now);
  const holds = channels.flatMap(({ view }) => (view ? holdsBy(view, tag, settings, now) : []));
  const state = stateNow(found, world.updating);
  const failure = mayHaveFailed(state) ? world.failures?.get(buildTag(tag)) : undefined;
  const supersededBy = world.successors.get(buildTag(tag));
  const row = {
    tag: buildTag(tag),
    state,
    ...(openedAt !== undefined && { openedAt }),
    ...(commit !== undefined && { commit }),
    ...(failure && { failure }),
    ...(supersededBy && { supersededBy }),
    ...(simmer && { simmer }),
    holds,
    page: endpoints.page,
    hosts: hostsOf(endpoints),
  };
  const unseen = [...channels.flatMap((one) => one.unread), ...unread].map(what);
  const leftBy = leavingBy(channels, tag);
  const about = aboutTag(tag, commit, settings.nodeRepository, world);
  const next = nextOfNetwork({ tag, state, failure, ...about, simmer, holds, leftBy, unread: unseen }, now);
  return { ...row, next, unread };
}

function stateNow({ tag, state }: FoundNetwork, updating: ReadonlySet<string> | undefined): NetworkState {
  const isDone = state === "complete" || state === "being retired" || state === "unknown";
  return !isDone && updating?.has(stackName(tag)) ? "being deployed" : state;
}

/** How a hold ends that time ends; the field `until` says the same. */
const SECONDS_LEFT = / for \d+ s$/;

/** Why a channel keeps a network: it needs it, or a replaced network stays up for some hours. The longest reason wins. */
function holdsBy(view: ChannelView, tag: BuildTag, { retireAfter }: Settings, now: number): ListedHold[] {
  const { channel } = view;
  const hold = holdOf(tag, view, now);
  const replaced = replacedBy(channel, view.state, retireAfter).find((one) => buildTag(one.tag) === buildTag(tag));
  if (hold && hold.until === undefined) return [{ channel, why: hold.why }];
  const { until = 0, why = "" } = hold ?? {};
  if (replaced && replaced.due >= until) return [{ channel, why: replaced.why, until: iso(replaced.due) }];
  return hold ? [{ channel, why: why.replace(SECONDS_LEFT, ""), until: iso(until) }] : [];
}

function listedSimmer(status: SimmerStatus, now: number): ListedSimmer {
  const { verdict, since, day, days, missing, watchedAt, every, fullAt, certifiedAt } = status;
  const silence = watchedAt === undefined ? Number.POSITIVE_INFINITY : (now - Date.parse(watchedAt)) / 1000;
  return {
    verdict,
    since,
    day,
    days,
    missing,
    isWatched: every !== undefined && silence <= patience(every),
    ...(watchedAt !== undefined && { watchedAt }),
    ...(fullAt !== undefined && { fullAt }),
    ...(certifiedAt !== undefined && { certifiedAt }),
  };
}

function channelOf(found: FoundChannel, { settings, now }: World): ListedChannel {
  const { name, view, latest, abandoned, isHalfDone, announcements, unread } = found;
  const { promotion, movedAt } = view?.state ?? {};
  const endpoints: Endpoints = channelEndpoints(name, 0, settings);
  const situation = { name, latest, abandoned, isHalfDone, announcements, unread: unread.map(what) };
  return {
    name,
    ...(promotion && { current: move(promotion) }),
    ...(movedAt !== undefined && { movedAt }),
    ...(isHalfDone && latest && { moving: move(latest) }),
    ...(abandoned?.abandoned && { abandoned: { ...move(abandoned), ...abandoned.abandoned } }),
    page: endpoints.page,
    hosts: hostsOf(endpoints),
    next: nextOfChannel(situation, now, LONGEST_TRY),
    unread,
  };
}

const move = ({ release, tag, generation }: Promotion): ListedMove => ({ release, tag, generation });

const what = (unread: Unread): string => unread.what;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
