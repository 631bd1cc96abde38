import { type Exported, rootOutputs } from "../../base/engine/state";
import { UserError } from "../../base/lib/errors";
import { type BuildTag, buildTag } from "../../base/model/build-tag";
import { isComplete, readOutputs } from "../../base/model/outputs";
import { ChannelState } from "../../base/model/promotion";
import type { Store } from "../../base/store/contract";
import { stageOf } from "../../promote/stage";
import { replacedBy } from "../../retire/due";
import { certificateOf } from "../../simmer/certify";
import { SimmerLog } from "../../simmer/log";
import { statusOf } from "../../simmer/status";
import type { CycleChannel, CycleNetwork } from "./model";

/** The stack of a network, and its state. */
export interface NetworkStack {
  readonly tag: BuildTag;
  readonly state: Exported;
}

/** A channel, and what its stack says; empty while there is no stack. */
export interface ChannelStack {
  readonly name: string;
  readonly state: ChannelState;
}

/** What the stack of a channel says. @throws {UserError} when an output is not valid */
export const channelStateOf = (name: string, state: Exported | undefined): ChannelState =>
  state ? readOutputs(ChannelState, name, rootOutputs(state)) : {};

/**
 * The channels of the cycle.
 * @param retireAfter hours, as configured
 */
export function cycleChannels(
  channels: readonly ChannelStack[],
  networks: readonly NetworkStack[],
  retireAfter: number,
): CycleChannel[] {
  const alive = new Set(networks.map(({ tag }) => buildTag(tag)));
  const held = new Set(channels.map(({ state }) => state.promotion?.tag));
  return channels.map(({ name, state }) => {
    const { promotion } = state;
    const replaced = replacedBy(name, state, retireAfter).map(({ tag }) => buildTag(tag));
    return {
      name,
      ...(promotion ? { current: { release: promotion.release, tag: promotion.tag } } : {}),
      toRetire: replaced.filter((tag) => alive.has(tag) && !held.has(tag)),
    };
  });
}

/** A network of the cycle, without its simmer. */
export function cycleNetwork({ tag, state }: NetworkStack, channels: readonly ChannelStack[]): CycleNetwork {
  const text = buildTag(tag);
  const pointing = channels.filter((channel) => channel.state.promotion?.tag === text).map(({ name }) => name);
  return { tag: text, stage: stageOf(state), channels: pointing };
}

/**
 * How far the simmers of networks are, by build tag. Networks that nobody has watched are not among them.
 * @returns the error, when the store cannot be read
 */
export async function simmersOf(
  networks: readonly NetworkStack[],
  store: Store | undefined,
): Promise<ReadonlyMap<string, NonNullable<CycleNetwork["simmer"]>> | UserError> {
  const found = new Map<string, NonNullable<CycleNetwork["simmer"]>>();
  if (!store) return found;
  try {
    for (const network of networks) {
      const simmer = await simmerIn(store, network);
      if (simmer) found.set(buildTag(network.tag), simmer);
    }
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return found;
}

/** How far the simmer of a network is, by its log; undefined when nobody has watched it. */
async function simmerIn(store: Store, { tag, state }: NetworkStack): Promise<CycleNetwork["simmer"]> {
  const outputs = rootOutputs(state);
  const { genesisId } = outputs;
  if (!isComplete(outputs) || typeof genesisId !== "string") return undefined;
  const log = new SimmerLog(store, buildTag(tag), genesisId);
  await log.open();
  if (log.last === undefined) return undefined;
  const { day, days, verdict } = await statusOf(log);
  const certificate = await certificateOf(store, buildTag(tag), genesisId);
  return { day, of: days, verdict, certified: certificate !== undefined };
}
