import { type Exported, exportedStack, listStacks } from "../../base/engine/state";
import { atOnce } from "../../base/lib/at-once";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { buildTag } from "../../base/model/build-tag";
import { lackingFor, withoutBackend } from "./access";
import { commitHere } from "./commit";
import { type ChannelStack, channelStateOf, cycleChannels, cycleNetwork, type NetworkStack, simmersOf } from "./cycle";
import { look } from "./look";
import type { PreviewReport, StackPreview } from "./model";
import { type ChannelMove, movedChannel, planMove } from "./moves";
import type { Findings, PreviewOptions } from "./options";
import { Pool } from "./pool";
import type { Outcome } from "./stack";
import { type Target, targetsOf } from "./targets";
import { Ticker } from "./ticker";
import { unseenReport } from "./unseen";

/**
 * Previews every stack that a change of this checkout can touch, and tells where the release cycle stands. It changes
 * nothing. A stack that cannot be previewed is part of the report.
 */
export async function preview(options: PreviewOptions, run: Run): Promise<PreviewReport> {
  const pool = new Pool(options.worker, options.processes, run.signal);
  try {
    pool.warm();
    const [commit, names] = await Promise.all([commitHere(run), listStacks(run).catch(reported)]);
    const about = commit === undefined ? {} : { commit };
    if (names instanceof UserError) {
      const reason = withoutBackend(options.environment, names.what);
      return { schema: 1, ...about, ...(await unseenReport(options, reason, pool)) };
    }
    const findings = await seenReport(options, names, pool, run);
    run.signal.throwIfAborted(); // what an interrupted preview found is no report
    return { schema: 1, ...about, ...findings };
  } finally {
    pool.close();
  }
}

/** What the look at one stack found. */
interface Looked {
  readonly target: Target;
  readonly state: Exported | undefined;
  readonly found: readonly StackPreview[];
}

async function seenReport(options: PreviewOptions, names: readonly string[], pool: Pool, run: Run): Promise<Findings> {
  const { project, builds, releases, processes, environment } = options;
  const channels = project instanceof UserError ? [] : project.settings.channels;
  const moved = project instanceof UserError ? undefined : movedChannel(releases, options.channel, channels);
  const targets = targetsOf(names, channels, builds);
  const ticker = new Ticker(targets.length, processes, run);
  const states = statesOf(names, run);
  const move = moved === undefined ? undefined : plan(options, moved, run);
  const lacking = new Set<string>();

  const lookAt = async (target: Target): Promise<Looked> => {
    const state = await states(target.stack);
    const found = (outcome: Outcome | undefined): Looked["found"] => {
      const { stack, what, kind } = target;
      if (outcome) ticker.done(what, outcome);
      return outcome ? [{ stack, what, kind, outcome }] : [];
    };
    if (state instanceof UserError) return { target, state: undefined, found: found(failed(state.what)) };
    const missing = lackingFor(environment, state);
    for (const one of missing) lacking.add(one);
    const planned = target.stack === moved ? await move : undefined;
    if (planned?.refusal !== undefined) return { target, state, found: found(failed(planned.refusal)) };
    const outcome = await look({
      target,
      state,
      lacking: missing,
      promotion: planned?.promotion,
      stateOf: async (name) => unlessError(await states(name)),
      runJob: (job) => pool.run(job),
    });
    return { target, state, found: found(outcome) };
  };
  try {
    // One more than there are processes, so that the state of the next is there when one becomes free.
    const looked = await atOnce(targets, processes + 1, lookAt);
    const cycle = await cycleOf(looked, project);
    return {
      networks: cycle.networks,
      channels: cycle.channels,
      moves: movesIn(await move),
      stacks: looked.flatMap(({ found }) => found),
      unseen: [...[...lacking].sort(), ...cycle.unseen],
    };
  } finally {
    ticker.end();
  }
}

/** The states of stacks, each read once. */
function statesOf(names: readonly string[], run: Run): (name: string) => Promise<Exported | UserError | undefined> {
  const known = new Map<string, Promise<Exported | UserError | undefined>>();
  return (name) => {
    if (!names.includes(name)) return Promise.resolve(undefined);
    const state = known.get(name) ?? exportedStack(name, run).catch(reported);
    known.set(name, state);
    return state;
  };
}

const unlessError = <T>(given: T | UserError): T | undefined => (given instanceof UserError ? undefined : given);

/** An error that people can correct, as a value; any other is our bug. */
function reported(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

const failed = (reason: string): Outcome => ({ kind: "failed", reason });

async function plan({ project, releases }: PreviewOptions, channel: string, run: Run): Promise<ChannelMove> {
  const [release] = releases;
  if (project instanceof UserError || release === undefined) return { channel };
  return planMove(release, channel, project, run);
}

function movesIn(move: ChannelMove | undefined): PreviewReport["moves"] {
  if (!move?.promotion) return [];
  const { channel, release, tag } = move.promotion;
  return [{ channel, release, tag }];
}

/** Where the release cycle stands, and what of it could not be seen. */
async function cycleOf(
  looked: readonly Looked[],
  project: PreviewOptions["project"],
): Promise<Pick<PreviewReport, "networks" | "channels" | "unseen">> {
  const unseen: string[] = [];
  const channels = looked.flatMap(({ target, state }): ChannelStack[] => {
    if (target.kind !== "channel") return [];
    try {
      return [{ name: target.stack, state: channelStateOf(target.stack, state) }];
    } catch (error) {
      unseen.push(`where ${target.stack} points: ${reported(error).what}`);
      return [];
    }
  });
  const networks = looked.flatMap(({ target: { tag }, state }): NetworkStack[] =>
    tag && state?.deployment.resources?.length ? [{ tag, state }] : [],
  );
  const retireAfter = project instanceof UserError ? 0 : project.settings.retireAfter;
  const simmers = await simmersOf(networks, unlessError(project)?.store);
  if (simmers instanceof UserError) unseen.push(`how far the simmers are: ${simmers.what}`);
  return {
    networks: networks.map((network) => {
      const simmer = simmers instanceof UserError ? undefined : simmers.get(buildTag(network.tag));
      return { ...cycleNetwork(network, channels), ...(simmer ? { simmer } : {}) };
    }),
    channels: cycleChannels(channels, networks, retireAfter),
    unseen,
  };
}
