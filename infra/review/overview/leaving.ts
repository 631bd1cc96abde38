import type { ChannelView } from "../../base/channel/holds";
import { type BuildTag, buildTag } from "../../base/model/build-tag";
import type { Recorded } from "../../base/model/promotion";

/** A channel, and its newest promotion when that was given up. */
interface Left {
  readonly name: string;
  /** Absent when its stack cannot be read. */
  readonly view?: ChannelView;
  readonly abandoned?: Recorded;
}

/** Whether a channel pointed to a network once and does not retire it: a demotion left it for people to look at. */
function hasLeft({ state, promotions }: ChannelView, tag: BuildTag): boolean {
  const text = buildTag(tag);
  if (state.promotion?.tag === text || state.replaced?.includes(text)) return false;
  return promotions.some((one) => one.tag === text && !one.abandoned);
}

/** How channels dealt with a network that none of them needs, as a phrase. */
export function leavingBy(channels: readonly Left[], tag: BuildTag): string | undefined {
  const left = channels.find(({ view }) => view && hasLeft(view, tag));
  if (left) return `${left.name} went back from it`;
  const gave = channels.find(({ abandoned }) => abandoned?.tag === buildTag(tag));
  return gave && `${gave.name} gave up its promotion (${gave.abandoned?.abandoned?.reason})`;
}
