import { exportedStack, rootOutputs } from "../engine/state";
import type { ChannelState, Known } from "../model/promotion";
import type { Store } from "../store/contract";
import { promotionsOf } from "./records";

/** What the stack of a channel says; nothing while it has no stack. @throws {UserError} when it cannot be read */
export async function channelState(channel: string, signal: AbortSignal): Promise<ChannelState> {
  const exported = await exportedStack(channel, signal);
  return exported ? (rootOutputs(exported) as ChannelState) : {};
}

/** What is known of a channel before it moves. @throws {UserError} when its stack or the store cannot be read */
export async function knownOf(channel: string, store: Store, signal: AbortSignal): Promise<Known> {
  const [state, promotions] = await Promise.all([channelState(channel, signal), promotionsOf(store, channel)]);
  return { state, last: promotions.at(-1) };
}
