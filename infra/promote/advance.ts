import { UserError } from "../base/lib/errors";
import { type ChannelState, generationOf, named, type Promotion, sameTarget } from "../base/model/promotion";

/** Where a channel points, and where a demotion would lead. */
export interface Advanced {
  readonly promotion: Promotion;
  readonly previous?: Promotion;
}

/**
 * The promotion that a channel's program deploys: the current one of its stack, or a newer one that is requested. The
 * program runs under the stack's lock, so a promotion that was overtaken while it waited for the lock ends here.
 * @param channel name of the stack
 * @param current outputs of the stack
 * @param requested the promotion to move to, if any
 * @throws {UserError} when there is no promotion, or another one has landed since
 */
export function advance(channel: string, current: ChannelState, requested: Promotion | undefined): Advanced {
  const { promotion, previous } = current;
  if (!requested && promotion) return { promotion, previous };
  if (!requested) {
    throw new UserError(
      "ChannelEmpty",
      `${channel} points to no network yet.`,
      "Promote a release with `smeshnet promote v1.2.3`.",
    );
  }
  if (requested.channel !== channel) {
    throw new UserError(
      "PromotionOfOtherChannel",
      `This promotion is for channel ${requested.channel}, not for ${channel}.`,
      `Run \`smeshnet promote ${requested.release}\` again.`,
    );
  }
  if (!promotion) return { promotion: requested };
  const isOvertaken =
    generationOf(promotion) > requested.generation ||
    (promotion.generation === requested.generation && !sameTarget(promotion, requested));
  if (isOvertaken) {
    throw new UserError(
      "PromotionOvertaken",
      `${channel} has moved on to ${named(promotion)}. ` +
        `Generation ${requested.generation} (${requested.release}) is out of date.`,
      `Run \`smeshnet promote ${requested.release} --preview\` to see the new plan.`,
    );
  }
  if (promotion.generation === requested.generation) return { promotion, previous };
  return { promotion: requested, previous: promotion.tag === requested.tag ? previous : promotion };
}

/**
 * The networks that a channel's promotions replaced, after its next move. The network that a demotion leaves is not
 * among them: it keeps running so that people can investigate.
 */
export function replacedAfter(current: ChannelState, next: Promotion): readonly string[] {
  const { promotion, replaced = [] } = current;
  if (generationOf(promotion) === next.generation) return replaced;
  const others = replaced.filter((tag) => tag !== next.tag && tag !== promotion?.tag);
  const isReplaced = promotion && next.kind === "promotion" && promotion.tag !== next.tag;
  return isReplaced ? [...others, promotion.tag] : others;
}
