import type { Clock } from "../lib/clock";
import type { Posted, Webhook } from "./discord";

/** Shortest time between two posts while Discord refuses them, in seconds: fewer than ten a minute. */
const SHORTEST_PAUSE = 7;

/**
 * A webhook for many who post by themselves, such as a watcher of 20 networks. After Discord limited one of them,
 * nobody posts until the limit is over.
 */
export class SharedWebhook {
  private until = 0;

  /** Posts a message, or says that the limit is not over, without a request. */
  async post(webhook: Pick<Webhook, "post">, message: unknown, { now }: Pick<Clock, "now">): Promise<Posted> {
    const left = (this.until - now()) / 1000;
    if (left > 0) return { outcome: "limited", retryAfter: Math.ceil(left) };
    const posted = await webhook.post(message);
    if (posted.outcome === "limited") this.until = now() + 1000 * Math.max(posted.retryAfter, SHORTEST_PAUSE);
    return posted;
  }
}
