import { findChannel } from "../base/channel/state";
import type { Cloudflare } from "../base/clients/cloudflare";
import { openStack } from "../base/engine/open";
import { recover } from "../base/engine/recovery/recover";
import { engineUp } from "../base/engine/run";
import { exportedStack, holdsNothing } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { ABANDONED_VARIABLE } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { ChannelHands } from "./abandon";

/** What the hands reach. */
export interface HandsOptions {
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  /** File that gets the engine's events. */
  readonly events?: string;
}

/** The hands at a channel's stack. */
export function handsOfChannel(
  channel: string,
  { settings, store, cloudflare, events }: HandsOptions,
  run: Run,
): ChannelHands {
  const { zoneId } = settings;
  return {
    known: async () => (await findChannel(channel, store, run)).known,
    holdsAnything: async () => !holdsNothing(await exportedStack(channel, run)),
    async quiet() {
      // Without a stack nobody has moved anything, and the program of whoever makes it finds the record.
      const state = await exportedStack(channel, run);
      if (state) await recover({ stack: channel, zoneId, cloudflare }, run, { always: true, state });
    },
    async putBack(abandoned) {
      // Without a promotion that is asked for, the program deploys the one of its outputs.
      const stack = await openStack(channel, true);
      const variables = { [ABANDONED_VARIABLE]: `${abandoned}` };
      await engineUp({ stack, what: channel, zoneId, cloudflare, events, refresh: true, variables }, run);
    },
  };
}
