import { nanoseconds } from "./go-duration";
import { nodeValues } from "./node-rules";

/**
 * Why a network of nodes that all start would stand still, or never call itself synced. No node says any of it
 * (go-spacemesh 1.8.3, as run: 28 Nov 2026).
 */
export function nodeTroubles(config: unknown, flags: Readonly<Record<string, string>> = {}): string[] {
  const values = nodeValues(config, flags);
  const time = (path: string): bigint => nanoseconds(values(path)) ?? 0n;
  const count = (path: string): bigint => BigInt(Math.trunc(Number(values(path) ?? 0)));
  const layer = time("main.layer-duration");
  const layers = count("main.layers-per-epoch");
  const epoch = layer * layers;
  const vote = time("beacon.beacon-voting-round-duration") + time("beacon.beacon-weak-coin-round-duration");
  const beacon =
    time("beacon.beacon-proposal-duration") +
    time("beacon.beacon-first-voting-round-duration") +
    (count("beacon.beacon-rounds-number") - 1n) * vote;
  const [shift, gap] = [time("poet.phase-shift"), time("poet.cycle-gap")];
  const grace = time("poet.grace-period");
  const troubles: readonly (readonly [boolean, string])[] = [
    [beacon >= epoch, "beacon is not calculated for this epoch"],
    [shift >= epoch || gap >= epoch, "no poet round fits into an epoch"],
    [gap < 5_000_000_000n, "atxs are published an epoch late"],
    [grace >= shift, "the challenge is built before its epoch"],
    [time("poet.positioning-atx-selection-timeout") >= grace, "no time to register after the positioning atx"],
    [
      5n * time("syncer.interval") > layer || 2n * time("syncer.gossipduration") >= layer,
      "never synced after a restart",
    ],
    [layers > 4n && Number(values("syncer.tallyvotesfrequency") ?? 0) !== 0, "never synced after a missed layer"],
    [count("hare3.enable-layer") > 2n * layers, "no hare in the first layers with proposals"],
    [values("p2p.p2p-private-network") !== true, "pods are not dialled"],
  ];
  return troubles.flatMap(([isSo, trouble]) => (isSo ? [trouble] : []));
}
