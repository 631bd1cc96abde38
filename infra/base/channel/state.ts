import { type Exported, exportedStack, rootOutputs } from "../engine/state";
import type { Run } from "../lib/run";
import { together } from "../lib/together";
import { readOutputs } from "../model/outputs";
import { ChannelState, type Known } from "../model/promotion";
import type { Store } from "../store/contract";
import { promotionsOf } from "./records";

/**
 * The outputs of a channel's stack; empty while there is no stack.
 * @throws {UserError} when the stack cannot be read, or an output is not valid
 */
export async function channelState(channel: string, run: Pick<Run, "signal">): Promise<ChannelState> {
  return stateIn(channel, await exportedStack(channel, run));
}

/** The outputs of a channel's stack in its exported state; empty without one. @throws {UserError} when one is not valid */
export const stateIn = (channel: string, exported: Exported | undefined): ChannelState =>
  exported ? readOutputs(ChannelState, channel, rootOutputs(exported)) : {};

/** What is known of a channel before it moves, and the state of its stack, if there is one. */
export interface Found {
  readonly known: Known;
  readonly stack?: Exported;
}

/** Looks a channel up. @throws {UserError} when its stack or the store cannot be read */
export async function findChannel(channel: string, store: Store, run: Pick<Run, "signal">): Promise<Found> {
  const [stack, promotions] = await together(exportedStack(channel, run), promotionsOf(store, channel));
  return { known: { state: stateIn(channel, stack), last: promotions.at(-1), promotions }, stack };
}
