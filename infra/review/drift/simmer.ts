import { buildTag, fromStackName } from "../../base/model/build-tag";
import type { Known } from "../../base/model/promotion";
import type { Settings } from "../../base/model/settings";
import type { SimmerSummary } from "../../base/model/simmer-summary";
import * as mend from "./mend";
import type { Finding } from "./model";
import { type Here, handOn, type SeenStack } from "./standing";

/**
 * A network that stalls or is split for longer than the settings allow, and that its watcher has not retired; undefined
 * for all others. A channel's network is not retired: its channel has to move first.
 */
export function failing(
  stack: SeenStack,
  summary: SimmerSummary | undefined,
  channels: ReadonlyMap<string, Known>,
  { simmerLimit }: Pick<Settings, "simmerLimit">,
  here: Here,
): Finding | undefined {
  const tag = fromStackName(stack.name);
  if (!tag || !summary || handOn(stack, here).kind !== "none") return undefined;
  const { verdict, since, layerDuration, watchedAt } = summary;
  if (verdict !== "stalled" && verdict !== "split") return undefined;
  // What was seen last counts, not how long nobody has looked since.
  if (Date.parse(watchedAt) - Date.parse(since) < simmerLimit * layerDuration * 1000) return undefined;
  const held = [...channels].find(([, { state }]) => state.promotion?.tag === buildTag(tag));
  return {
    kind: "needless",
    what: `stack ${stack.name}`,
    why: `its network is ${verdict} since ${since}${held ? `, and ${held[0]} points to it` : ""}`,
    mend: held
      ? `smeshnet demote --channel ${held[0]} --reason '${buildTag(tag)} is ${verdict}'`
      : mend.retire(tag, verdict),
  };
}
