import { z } from "zod";
import { promotionsOf } from "../base/channel/records";
import { parsedJson } from "../base/lib/json";
import type { Recorded } from "../base/model/promotion";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import type { RecapPromotion } from "./facts";

/** The first record of an announcement has the time of the promotion, as near as any record tells. */
const Intent = z.looseObject({ at: z.iso.datetime() });

/** The promotions of all channels, oldest first within a channel. @throws {UserError} when the store cannot be read */
export async function allPromotions(store: Store, channels: readonly string[]): Promise<Recorded[]> {
  return (await Promise.all(channels.map((channel) => promotionsOf(store, channel)))).flat();
}

/** A promotion as the document tells it. @throws {UserError} when the store cannot be read */
export async function toldPromotion(store: Store, promotion: Recorded): Promise<RecapPromotion> {
  const { channel, generation, kind, release, reason, abandoned } = promotion;
  const key = `announcements/${channel}/${generation}/intent-1.json`;
  const has = (await store.list(key)).includes(key);
  const at = has ? Intent.safeParse(parsedJson(await textOf(store.get(key)))).data?.at : undefined;
  return {
    channel,
    generation,
    kind,
    release,
    ...(reason !== undefined && { reason }),
    ...(abandoned && { abandoned: abandoned.reason }),
    ...(at !== undefined && { at }),
  };
}
