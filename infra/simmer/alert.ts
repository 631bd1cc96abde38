import { beginningOf } from "../base/lib/cut";
import { isGood, type Verdict } from "../base/model/verdict";
import type { State, Terms } from "./entry";

/** Layers between two alerts of one network, at least. A verdict that comes and goes makes no storm. */
const PAUSE = 6;

/**
 * The verdict that people should hear of; undefined when there is nothing new. An alert goes out when a network gets
 * into trouble, and one when it is well again. The verdict must have held for a layer, and alerts keep a distance.
 */
export function alertDue({ memory, alert }: State, { network }: Pick<Terms, "network">): Verdict | undefined {
  const { verdict, since, time, verified } = memory;
  const { layerDuration } = network;
  if (verified === undefined && verdict === "blind") return undefined; // there was nothing to see yet
  if (time - since < layerDuration) return undefined;
  const wasGood = alert === undefined || isGood(alert.verdict);
  if (isGood(verdict) ? wasGood : alert?.verdict === verdict) return undefined;
  return alert && time - alert.time < PAUSE * layerDuration ? undefined : verdict;
}

/** Colours of messages at Discord. */
const COLOURS = { healthy: 0x2e8b57, slow: 0xd9a400, stalled: 0xc0392b, split: 0xc0392b, blind: 0x7f8c8d } as const;

/** Longest text of an alert, in characters. Discord takes 4096. */
const LONGEST = 2000;

/**
 * The message of an alert. It mentions nobody.
 * @param text what led to the verdict, and what happens next
 * @param page URL of the network's page
 */
export const alertMessage = (tag: string, verdict: Verdict, text: string, page: string) => ({
  embeds: [
    {
      title: `${tag} ${isGood(verdict) ? `is ${verdict} again` : `is ${verdict}`}`,
      url: page,
      description: beginningOf(text, LONGEST),
      color: COLOURS[verdict],
    },
  ],
  allowed_mentions: { parse: [] },
});
