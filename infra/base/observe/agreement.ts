import { UserError } from "../lib/errors";
import { effectiveGenesis } from "../model/network-facts";
import type { NodeStatus } from "../model/sample";
import type { Settings } from "../model/settings";
import { isAheadOfClock } from "../verdict/plausible";
import { amissOf, leastLayer } from "../verdict/services";
import { clockSlack, lateStart, lateStartInWords, latestStart } from "../verdict/thresholds";

/** What the nodes of a network say behind its gateway. */
export interface NodesSay {
  /** Hexadecimal. */
  readonly genesisId: string;
  readonly status: NodeStatus;
}

/** What an explorer or a dashboard shows. */
export interface Shown {
  /** Hexadecimal. */
  readonly genesisId: string;
  /** Newest layer; absent when it does not tell. */
  readonly layer?: number;
}

/** By how much views may differ. Of a network that was deployed with other settings, its layers may be shorter. */
export type Limits = Pick<Settings, "layerDuration" | "layersPerEpoch" | "simmerLag" | "simmerStall" | "simmerLimit">;

/**
 * Checks that an explorer or a dashboard shows what the nodes say, by the rule of the simmer's judge.
 * @param nodes undefined when they do not answer; then there is nothing to compare
 * @throws {UserError} with the difference
 */
export function requireAgreement(who: string, shown: Shown, nodes: NodesSay | undefined, limits: Limits): void {
  if (shown.layer !== undefined && shown.layer <= 0) throw disagreement(`${who} shows no layers`);
  if (!nodes) return;
  const { genesisId } = nodes;
  const top = nodes.status.topLayer;
  const amiss = amissOf({ reachable: true, ...shown }, nodes, least(limits, top));
  if (amiss === "another genesis")
    throw disagreement(`${who} shows genesis ${shown.genesisId}, the nodes tell ${genesisId}`);
  if (amiss === "behind" && shown.layer !== undefined)
    throw disagreement(`${who} shows layer ${shown.layer}, ${counted(top - shown.layer)} behind the nodes`);
}

/**
 * Checks that the nodes behind a gateway follow their network. Whether a network is slow or stands, one look cannot
 * tell; so only a stall counts after which the simmer would retire the network.
 * @throws {UserError} with what is wrong
 */
export function requireFollowing({ status }: NodesSay, limits: Limits): void {
  const { connectedPeers, isSynced, topLayer, syncedLayer, verifiedLayer } = status;
  if (isAheadOfClock(verifiedLayer, topLayer, limits))
    throw disagreement(`layer ${verifiedLayer} is verified, while the node's clock is at layer ${topLayer}`);
  if (isAheadOfClock(syncedLayer, topLayer, limits))
    throw disagreement(
      `the node is synced to layer ${syncedLayer}, while its clock is at layer ${topLayer}: a peer's clock is fast`,
    );
  if (connectedPeers === 0) throw disagreement("the node has no peers");
  if (!isSynced) {
    const follows = verifiedLayer >= least(limits, topLayer) && verifiedLayer >= effectiveGenesis(limits);
    const though = follows ? `, though it follows: layer ${verifiedLayer} is verified` : "";
    throw disagreement(`the node is not synced, at layer ${topLayer}${though}`);
  }
  // A network that has not begun to verify may need more layers than a limit allows.
  if (topLayer <= latestStart(limits)) return;
  const limit = limits.simmerLag + limits.simmerLimit + clockSlack(limits);
  const behind = topLayer - verifiedLayer;
  if (behind > limit)
    throw disagreement(`layer ${verifiedLayer} is verified, ${counted(behind)} behind layer ${topLayer}`);
}

/** What a node's answer does not prove yet, in words; undefined once it proves that the network verifies layers. */
export function unproven({ topLayer, verifiedLayer }: NodeStatus, limits: Limits): string | undefined {
  const first = effectiveGenesis(limits);
  if (topLayer < first) return `nothing is proved before the effective genesis, layer ${first}`;
  if (verifiedLayer >= first || topLayer > latestStart(limits)) return undefined;
  const late = lateStart(limits, topLayer);
  return late ? `no block yet: ${lateStartInWords(late)}` : "no block yet";
}

/**
 * Checks that a node has the genesis that its network's config makes.
 * @param who the node, or where nodes answer
 * @param own genesis id as the driver computed it, hexadecimal; undefined where nobody did
 * @throws {UserError} with both ids
 */
export function requireOwnGenesis(who: string, genesisId: string, own: string | undefined): void {
  if (own === undefined || genesisId === own.toLowerCase()) return;
  throw new UserError(
    "GenesisDiffers",
    `${who} has genesis ${genesisId}, while the network's config makes ${own}.`,
    "Check the image and the config of the nodes. One of the two is not the deployed one.",
  );
}

/** The lowest layer that may be shown at a layer of the network's clock. */
const least = (limits: Limits, top: number): number =>
  leastLayer(limits, { usualLag: limits.simmerLag, stall: limits.simmerStall }, top);

const counted = (layers: number): string => `${layers.toLocaleString("en-US")} layers`;

const disagreement = (what: string): UserError =>
  new UserError(
    "ViewsDisagree",
    `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
    "Check the pods of the service and of the nodes that it asks.",
  );
