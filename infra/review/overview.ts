import { channelState } from "../base/channel/state";
import { exportedStack, listStacks } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag, compareBuildTags, fromStackName, stackName } from "../base/model/build-tag";
import { channelEndpoints, networkEndpoints } from "../base/model/endpoints";
import type { Settings } from "../base/model/settings";
import { type BuildStage, openedAtOf, stageOf } from "../promote/stage";

/** A network of this backend. */
export interface ListedNetwork {
  readonly tag: string;
  readonly stage: BuildStage;
  /** When its deployment began, RFC 3339; absent when it did not get that far. */
  readonly openedAt?: string;
  /** URL of its info page. */
  readonly page: string;
  /** Channels that point to it. */
  readonly channels: readonly string[];
}

/** A channel and where it points. */
export interface ListedChannel {
  readonly name: string;
  /** What it points to; absent before its first promotion. */
  readonly current?: { readonly release: string; readonly tag: string; readonly generation: number };
  /** When it arrived there, RFC 3339. */
  readonly movedAt?: string;
  /** URL of its info page. */
  readonly page: string;
}

/** All networks, newest first, and all channels of a backend. */
export interface Overview {
  readonly networks: readonly ListedNetwork[];
  readonly channels: readonly ListedChannel[];
}

/** Number of networks that are read in less than two seconds; more are worth a line of progress. */
const QUIET = 5;

/** Reads all networks and channels from their stacks. @throws {UserError} when a stack cannot be read */
export async function overview(settings: Settings, run: Run): Promise<Overview> {
  const names = await listStacks(run);
  const channels: ListedChannel[] = [];
  for (const name of settings.channels) channels.push(await channelOf(name, names.includes(name), settings, run));
  const tags = names.flatMap((name) => fromStackName(name) ?? []).sort((a, b) => compareBuildTags(b, a));
  if (tags.length > QUIET) run.say(`reading the state of ${tags.length} networks`);
  const networks: ListedNetwork[] = [];
  for (const tag of tags) networks.push(await networkOf(tag, channels, settings, run));
  return { networks, channels };
}

async function channelOf(name: string, exists: boolean, settings: Settings, run: Run): Promise<ListedChannel> {
  const { page } = channelEndpoints(name, 0, settings);
  const { promotion, movedAt } = exists ? await channelState(name, run) : {};
  if (!promotion) return { name, page };
  const { release, tag, generation } = promotion;
  return { name, current: { release, tag, generation }, ...(movedAt ? { movedAt } : {}), page };
}

async function networkOf(
  tag: BuildTag,
  channels: readonly ListedChannel[],
  settings: Settings,
  run: Run,
): Promise<ListedNetwork> {
  const text = buildTag(tag);
  const exported = await exportedStack(stackName(tag), run);
  const openedAt = exported && openedAtOf(exported);
  return {
    tag: text,
    stage: stageOf(exported),
    ...(openedAt ? { openedAt } : {}),
    page: networkEndpoints(tag, settings.poets, settings).page,
    channels: channels.filter(({ current }) => current?.tag === text).map(({ name }) => name),
  };
}

/**
 * The overview for people: a line for each network, then for each channel.
 * @param now milliseconds since 1970
 */
export function renderOverview({ networks, channels }: Overview, now: number): string[] {
  const rows = [
    ["NAME", "POINTS TO", "STATE", "AGE", "ADDRESS"],
    ...networks.map(({ tag, stage, openedAt, page, channels }) => [
      tag,
      "",
      [stage, ...channels].join(", "),
      ageOf(openedAt, now),
      page,
    ]),
    ...channels.map(({ name, current, movedAt, page }) => [
      name,
      current ? `${current.release} (${current.tag})` : "nothing",
      current ? `generation ${current.generation}` : "",
      ageOf(movedAt, now),
      page,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** `3 d`, `5 h`, `12 min`: whole units; nothing for an unknown time. */
function ageOf(since: string | undefined, now: number): string {
  if (since === undefined) return "";
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes >= 2 * 1440) return `${Math.floor(minutes / 1440)} d`;
  return minutes >= 120 ? `${Math.floor(minutes / 60)} h` : `${minutes} min`;
}
