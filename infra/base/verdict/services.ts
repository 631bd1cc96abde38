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
  const usual = thresholds.usualLag + thresholds.stall + clockSlack(network);
  const amiss: Record<string, Amiss> = {};
  for (const name of SERVICES) {
    const why = amissOf(sample[name], network, top === undefined ? undefined : top - usual);
    if (why) amiss[name] = why;
  }
  return Object.keys(amiss).length > 0 ? { services: amiss } : {};
}

function amissOf(service: ServiceSample, { genesisId }: JudgedNetwork, least: number | undefined): Amiss | undefined {
  if (!service.reachable) return "silent";
  if (service.genesisId !== undefined && service.genesisId !== genesisId) return "another genesis";
  return service.layer !== undefined && least !== undefined && service.layer < least ? "behind" : undefined;
}
