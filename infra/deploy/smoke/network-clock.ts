import { UserError } from "../../base/lib/errors";
import type { NetworkFacts } from "../../base/model/network-facts";
import type { NodeSample } from "../../base/model/sample";
import { agreedTop } from "../../base/verdict/plausible";
import { clockSlack, quorumOf } from "../../base/verdict/thresholds";

/** What a network's layers are counted by. */
export type LayerTimes = Pick<NetworkFacts, "genesisTime" | "layerDuration">;

/** Layer of a network's clock at a time in milliseconds; 0 before genesis. */
export const layerAt = ({ genesisTime, layerDuration }: LayerTimes, time: number): number =>
  Math.max(0, Math.floor((time - Date.parse(genesisTime)) / (layerDuration * 1000)));

/** The layer on which a quorum of the nodes agrees; undefined while no quorum answers. */
export function layerOfNodes(
  { nodes, layerDuration }: Pick<NetworkFacts, "nodes" | "layerDuration">,
  samples: readonly NodeSample[],
): number | undefined {
  const tops = samples.flatMap((sample) => (sample.reachable ? [sample.topLayer] : []));
  return agreedTop(tops, clockSlack({ layerDuration }), quorumOf({ nodes }))?.top;
}

/**
 * What is wrong with the clock of this machine, by the layer of the nodes. Layers count by the nodes, so a wrong clock
 * here changes no verdict; but certificates and logs carry its times.
 * @param time of this machine, in milliseconds since 1970
 * @returns a sentence; undefined when the clocks agree
 */
export function wrongClock(times: LayerTimes, layer: number, time: number): string | undefined {
  const genesis = Date.parse(times.genesisTime);
  const here = layerAt(times, time);
  const slack = 1 + clockSlack(times);
  if (Math.abs(here - layer) <= slack) return undefined;
  // Before genesis a node's layer is 0, which tells no time.
  const off = layer === 0 ? time - genesis : time - (genesis + layer * times.layerDuration * 1000);
  const amount = Math.round(Math.abs(off) / 60_000);
  return (
    `the clock of this machine is about ${amount} min ${off > 0 ? "fast" : "slow"}: ` +
    `the nodes are at layer ${layer}, this clock at ${here}; layers count by the nodes`
  );
}

/** The longest `genesisDelay`, a day, and as much again for clocks in other time zones, in milliseconds. */
const LATEST_GENESIS = 2 * 86_400_000;

/**
 * Checks before any wait that a network's genesis can be awaited.
 * @param now milliseconds since 1970
 * @throws {UserError} when genesis is no time, or far from now
 */
export function requireGenesis({ genesisTime }: Pick<NetworkFacts, "genesisTime">, now: number): void {
  const genesis = Date.parse(genesisTime);
  if (genesis > 0 && genesis <= now + LATEST_GENESIS) return;
  throw new UserError(
    "GenesisImplausible",
    `The genesis of this network is at ${genesisTime}, while this machine's clock shows ${new Date(now).toISOString()}.`,
    "Check `genesisTime` in the nodes' config, and the clock of this machine.",
  );
}
