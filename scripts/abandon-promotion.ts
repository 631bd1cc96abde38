import { answer } from "../infra/base/cli/process";
import { requirePassphrase } from "../infra/base/engine/passphrase";
import { exportedStack } from "../infra/base/engine/state";
import type { Run } from "../infra/base/lib/run";
import { channelNamed } from "../infra/base/model/channel";
import { named } from "../infra/base/model/promotion";
import { abandon, placeOf, underWay } from "../infra/promote/abandon";
import { handsOfChannel } from "../infra/promote/channel-hands";
import type { ChannelFlags } from "./move-channel";
import { openProject, repair } from "./project";
import { storeOf } from "./store";

/** What `smeshnet promote RELEASE --abandon TEXT` is given. */
export interface AbandonFlags extends Omit<ChannelFlags, "against"> {
  readonly release: string;
  readonly reason: string;
}

/** Gives up the unfinished promotion of a channel to a release. */
export async function abandonPromotion(
  { channel: name, release, reason, preview, json, events }: AbandonFlags,
  run: Run,
): Promise<void> {
  const { settings, cloudflare } = await openProject(run);
  const store = storeOf(settings);
  const channel = channelNamed(name, settings.channels);
  await repair(run);
  const hands = handsOfChannel(channel, { settings, store, cloudflare, events }, run);
  if (preview) {
    const known = await hands.known();
    const begun = underWay(known, { channel, release });
    const { promotion } = known.state;
    const after = promotion ? `go back to ${named(promotion)}` : await placeOf(hands, known.state);
    run.say(`${channel}: would give up ${named(begun)}, and ${after}`);
    if (json) answer(begun);
    return;
  }
  await requirePassphrase(channel, await exportedStack(channel, run));
  const given = await abandon({ channel, release, reason }, { hands, store }, run);
  if (json) answer(given);
}
