import { ok } from "node:assert";
import { BlockList, isIPv6 } from "node:net";
import type { Policy } from "../../infra/deploy/network/policies";
import { podOf } from "../../policy/checks/pods";
import { registeredObjects, type Wanted } from "./registered-objects";

type Spec = Policy["spec"];
type Labels = Readonly<Record<string, string>>;
/** Who speaks: a pod of the network's namespace, a pod of another one, or an address elsewhere. */
export type Party = { readonly labels: Labels; readonly inside: boolean } | { readonly address: string };
type Direction = "ingress" | "egress";
type Peer = NonNullable<NonNullable<Spec["ingress"]>[number]["from"]>[number];

export const INTERNET: Party = { address: "203.0.113.9" };
export const podWith = (labels: Labels): Party => ({ labels, inside: true });
export const stranger = (labels: Labels): Party => ({ labels, inside: false });

/** What a network plugin makes of the policies of a namespace. */
export class Reach {
  constructor(private readonly policies: readonly Spec[]) {}

  /** Whether a call arrives: the caller may make it, and the called one takes it. */
  reaches(from: Party, to: Party, port: number): boolean {
    return this.allows("egress", from, to, port) && this.allows("ingress", to, from, port);
  }

  /** What a network plugin decides (kubernetes.io, "Network Policies"): policies only add to each other. */
  allows(direction: Direction, pod: Party, other: Party, port: number, protocol = "TCP"): boolean {
    if (!this.isClosed(direction, pod)) return true;
    return this.selecting(pod)
      .flatMap((policy) => policy[direction] ?? [])
      .some(
        ({ from, to, ports }) =>
          (ports === undefined || ports.some((one) => one.port === port && one.protocol === protocol)) &&
          ((from ?? to) === undefined || (from ?? to ?? []).some((peer) => isPeer(peer, other))),
      );
  }

  /** Whether any policy selects a pod, so that only what policies open is open. */
  isClosed(direction: Direction, pod: Party): boolean {
    const type = direction === "ingress" ? "Ingress" : "Egress";
    return this.selecting(pod).some(({ policyTypes }) => policyTypes.includes(type));
  }

  private selecting(pod: Party): Spec[] {
    if (!("labels" in pod) || !pod.inside) return [];
    return this.policies.filter(({ podSelector }) => matches(podSelector.matchLabels ?? {}, pod.labels));
  }
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, party: Party): boolean {
  if ("labels" in party)
    return (
      podSelector !== undefined &&
      matches(podSelector.matchLabels ?? {}, party.labels) &&
      (party.inside || namespaceSelector !== undefined)
    );
  if (!ipBlock) return false;
  const within = (cidr: string): boolean => {
    const [net = "", length] = cidr.split("/");
    if (isIPv6(net) !== isIPv6(party.address)) return false;
    const list = new BlockList();
    const family = isIPv6(net) ? "ipv6" : "ipv4";
    list.addSubnet(net, Number(length), family);
    return list.check(party.address, family);
  };
  return within(ipBlock.cidr) && !ipBlock.except.some(within);
}

const matches = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

/** All pods that anything of ours registers, by the names of their Deployments. */
export async function partiesOf(way: Wanted | undefined): Promise<Map<string, Party>> {
  ok(way);
  const found = new Map<string, Party>();
  for (const resource of await registeredObjects(way)) {
    if (podOf(resource) === undefined) continue;
    const { template } = resource.properties.spec as { template: { metadata: { labels: Labels } } };
    found.set(resource.name, podWith(template.metadata.labels));
  }
  return found;
}
