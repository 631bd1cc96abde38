import { promises as dns } from "node:dns";
import type { V1Service } from "@kubernetes/client-node";
import { codeOf } from "../../base/clients/dns";
import { apiError, clusterApi } from "../../base/clients/kubernetes/client";
import { parseKubeconfig } from "../../base/clients/kubernetes/kubeconfig";
import { UserError } from "../../base/lib/errors";
import { isLoopback, isPrivate, recordTypeOf } from "../../base/model/addresses";

/** The gateway's Service as the cluster's API shows it. @throws {UserError} when it cannot be read */
export async function gatewayService(kubeconfig: string): Promise<V1Service> {
  try {
    const { core, namespace } = clusterApi(kubeconfig);
    return await core.readNamespacedService({ name: "gateway", namespace });
  } catch (error) {
    throw apiError("The gateway's Service cannot be read", error);
  }
}

/**
 * Published address of a LoadBalancer Service: an IPv4 address, or a host where the cloud publishes one; undefined while
 * there is none. Of several, the first in the published order that can be used counts. IPv6 addresses are passed over,
 * since names of a network must work for everybody.
 * @param isLocal whether the cluster runs on this machine, so that its addresses are those of this machine
 * @throws {UserError} when there are addresses, and none that a public name may lead to
 */
export function addressOf({ status }: Pick<V1Service, "status">, isLocal = false): string | undefined {
  const published = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
  const usable = published.filter((address) => recordTypeOf(address) !== "AAAA");
  const found = usable.find((address) => !isUnreachable(address, isLocal));
  if (found !== undefined || published.length === 0) return found;
  const [unusable] = usable;
  if (unusable !== undefined) throw addressPrivate(unusable);
  throw new UserError(
    "GatewayWithoutIpv4",
    `The gateway's load balancer has only IPv6 addresses (${published.join(", ")}), and its names need an IPv4 address.`,
    "Let the cluster's network and its load balancers have IPv4 addresses.",
  );
}

/** Whether the public cannot reach an address. A cluster on this machine is reached at this machine's addresses. */
const isUnreachable = (address: string, isLocal: boolean): boolean =>
  isPrivate(address === "localhost" ? "127.0.0.1" : address) && !(isLocal && isLoopback(address));

/** A public name must not lead to an address that means another machine in each network. */
const addressPrivate = (address: string): UserError =>
  new UserError(
    "GatewayAddressPrivate",
    `The gateway's load balancer has the address ${address}, which only its own network reaches.`,
    "Let the cluster have load balancers with public addresses, then run the command again.",
  );

/** Whether waiting for another address is of no use. */
export const isHopeless = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === "GatewayAddressPrivate";

/** Whether a cluster runs on this machine, by the address of its API. @throws {UserError} when it is no kubeconfig */
export function isOnThisMachine(kubeconfig: string): boolean {
  const { server } = parseKubeconfig(kubeconfig).cluster;
  const host = URL.canParse(server) ? new URL(server).hostname : "";
  return isLoopback(host.replace(/^\[|\]$/g, ""));
}

/** @throws {UserError} when the public cannot reach the address that a published host leads to */
export function requireReachable(address: string, isLocal: boolean): void {
  if (isUnreachable(address, isLocal)) throw addressPrivate(address);
}

/** IPv4 address of a published address. @throws {UserError} when the published host does not resolve */
export async function gatewayAt(published: string): Promise<string> {
  try {
    return (await dns.lookup(published, { family: 4 })).address;
  } catch (error) {
    throw new UserError(
      "NameUnresolved",
      `The gateway's host ${published} does not resolve (${codeOf(error)}).`,
      "Run the command again in a minute.",
    );
  }
}
