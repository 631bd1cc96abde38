import type { AnsweredSample } from "../../base/model/sample";
import { agreedTop, isAheadOfClock } from "../../base/verdict/plausible";
import { clockSlack } from "../../base/verdict/thresholds";
import type { Expectation } from "./observation";

type Times = Pick<Expectation, "layersPerEpoch" | "layerDuration">;

/** Nodes whose layers cannot be true, each in words: verified above its own clock, or far from the other nodes. */
export function impossibleLayers(nodes: readonly AnsweredSample[], times: Times): string[] {
  const slack = clockSlack(times);
  const quorum = Math.floor(nodes.length / 2) + 1;
  const agreed = agreedTop(
    nodes.map(({ topLayer }) => topLayer),
    slack,
    quorum,
  );
  return nodes.flatMap(({ node, topLayer, verifiedLayer }) => {
    if (isAheadOfClock(verifiedLayer, topLayer, times))
      return [`${node} has verified layer ${verifiedLayer} at layer ${topLayer}`];
    if (!agreed) return [`${node} is at layer ${topLayer}, and no quorum agrees on one`];
    const isFar = topLayer < agreed.from || topLayer > agreed.to;
    return isFar ? [`${node} is at layer ${topLayer}, the network at ${agreed.top}`] : [];
  });
}

/** Nodes that call a layer synced which their own clock has not reached, each in words. */
export const aheadOfClock = (nodes: readonly AnsweredSample[], times: Times): string[] =>
  nodes
    .filter(({ syncedLayer, topLayer }) => isAheadOfClock(syncedLayer, topLayer, times))
    .map(({ node, syncedLayer, topLayer }) => `${node} is synced to layer ${syncedLayer} at layer ${topLayer}`);
