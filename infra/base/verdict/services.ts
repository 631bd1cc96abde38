import type { NetworkSample, ServiceSample } from "../model/sample";
import { clockSlack, type JudgedNetwork, type Thresholds } from "./thresholds";

/** What is wrong with a public service. */
export type Amiss = "silent" | "another genesis" | "behind";

const SERVICES = ["gateway", "explorer", "dashboard"] as const;

/**
 * The public services that do not show the network as it is. Nodes alone decide about the network, since a service may
 * fail while the network is well; but its visitors should know.
 * @param top layer of the network's clock, if a quorum agrees on one
 */
export function servicesAmiss(
  network: JudgedNetwork,
  thresholds: Thresholds,
  sample: NetworkSample,
  top: number | undefined,
): { readonly services?: Readonly<Record<string, Amiss>> } {
  const least = top === undefined ? undefined : leastLayer(network, thresholds, top);
  const amiss: Record<string, Amiss> = {};
  for (const name of SERVICES) {
    const why = amissOf(sample[name], network, least);
    if (why) amiss[name] = why;
  }
  return Object.keys(amiss).length > 0 ? { services: amiss } : {};
}

/** The lowest layer that a service may show while the network's clock is at `top`. */
export const leastLayer = (
  network: Pick<JudgedNetwork, "layerDuration">,
  { usualLag, stall }: Thresholds,
  top: number,
): number => top - usualLag - stall - clockSlack(network);

/** What is wrong with a service. @param least layer that it may show; undefined when nobody knows the network's clock */
export function amissOf(
  service: ServiceSample,
  { genesisId }: Pick<JudgedNetwork, "genesisId">,
  least: number | undefined,
): Amiss | undefined {
  if (!service.reachable) return "silent";
  if (service.genesisId !== undefined && service.genesisId !== genesisId) return "another genesis";
  return service.layer !== undefined && least !== undefined && service.layer < least ? "behind" : undefined;
}
