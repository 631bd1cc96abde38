import { UserError } from "../base/lib/errors";
import { type ChannelState, generationOf, named, type Promotion, sameTarget } from "../base/model/promotion";

/** Where a channel points, and where a demotion would lead. */
export interface Advanced {
  readonly promotion: Promotion;
  readonly previous?: Promotion;
}

/**
 * What a channel's program makes: what the stack has, or the promotion that is handed in, if it is newer. Pure. Runs under
 * the stack's lock, so a promotion that was overtaken while it waited for the lock ends here.
 * @param channel name of the stack
 * @param given the promotion to go on to, if any
 * @throws {UserError} when there is none at all, or when another one has landed since
 */
export function advance(channel: string, has: ChannelState, given: Promotion | undefined): Advanced {
  const { promotion, previous } = has;
  if (!given && promotion) return { promotion, previous };
  if (!given) {
    throw new UserError(`${channel} points to no network yet: run node --import tsx scripts/promote.ts v1.2.3`);
  }
  if (given.channel !== channel) {
    throw new UserError(
      `this promotion is of channel ${given.channel}, not of ${channel}: run scripts/promote.ts again`,
    );
  }
  if (!promotion) return { promotion: given };
  const isOvertaken =
    generationOf(promotion) > given.generation ||
    (promotion.generation === given.generation && !sameTarget(promotion, given));
  if (isOvertaken) {
    throw new UserError(
      `${channel} is at ${named(promotion)} by now, and generation ${given.generation} (${given.release}) is overtaken: ` +
        "look at it with scripts/promote.ts --preview and run that again",
    );
  }
  if (promotion.generation === given.generation) return { promotion, previous };
  return { promotion: given, previous: promotion.tag === given.tag ? previous : promotion };
}

/**
 * The networks that a channel's promotions have replaced, once it has gone on. What a demotion has left is not among them:
 * it stays for those who look into it. Pure.
 */
export function replacedAfter(has: ChannelState, next: Promotion): readonly string[] {
  const { promotion, replaced = [] } = has;
  if (generationOf(promotion) === next.generation) return replaced;
  const others = replaced.filter((tag) => tag !== next.tag && tag !== promotion?.tag);
  const isReplaced = promotion && next.kind === "promotion" && promotion.tag !== next.tag;
  return isReplaced ? [...others, promotion.tag] : others;
}
