import { promises as dns } from "node:dns";
import type { V1Service } from "@kubernetes/client-node";
import { codeOf } from "../../base/clients/dns";
import { apiError, clusterApi } from "../../base/clients/kubernetes/client";
import { UserError } from "../../base/lib/errors";
import { IN_NAMESPACE } from "../../base/model/ownership";

/** The gateway's Service as the cluster's API shows it. @throws {UserError} when it cannot be read */
export async function gatewayService(kubeconfig: string): Promise<V1Service> {
  try {
    return await clusterApi(kubeconfig).core.readNamespacedService({ name: "gateway", namespace: IN_NAMESPACE });
  } catch (error) {
    throw apiError("The gateway's Service cannot be read", error);
  }
}

/** Published address of a LoadBalancer Service: an IP address, or a host where the cloud publishes one. */
export function addressOf({ status }: Pick<V1Service, "status">): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname;
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
