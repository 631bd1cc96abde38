import { exportedStack, rootOutputs } from "../engine/state";
import type { Run } from "../lib/run";
import { readOutputs } from "../model/outputs";
import { ChannelState, type Known } from "../model/promotion";
import type { Store } from "../store/contract";
import { promotionsOf } from "./records";

/**
 * The outputs of a channel's stack; empty while there is no stack.
 * @throws {UserError} when the stack cannot be read, or an output is not valid
 */
export async function channelState(channel: string, run: Pick<Run, "signal">): Promise<ChannelState> {
  const exported = await exportedStack(channel, run);
  return exported ? readOutputs(ChannelState, channel, rootOutputs(exported)) : {};
}

/** What is known of a channel before it moves. @throws {UserError} when its stack or the store cannot be read */
export async function knownOf(channel: string, store: Store, run: Pick<Run, "signal">): Promise<Known> {
  const [state, promotions] = await Promise.all([channelState(channel, run), promotionsOf(store, channel)]);
  return { state, last: promotions.at(-1) };
}
