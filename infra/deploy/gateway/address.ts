import { promises as dns } from "node:dns";
import type { V1Service } from "@kubernetes/client-node";
import { codeOf } from "../../base/clients/dns";
import { apiError, clusterApi } from "../../base/clients/kubernetes/client";
import { UserError } from "../../base/lib/errors";
import { waitFor } from "../../base/lib/wait";
import { IN_NAMESPACE } from "../../base/model/ownership";

/** Waits for the public address of a LoadBalancer Service. @throws {UserError} when it gets none in time. */
export async function gatewayAddress(
  kubeconfig: string,
  service: string,
  limit: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const { core } = clusterApi(kubeconfig);
  return waitFor<string>(
    async () => {
      const found = await read(() => core.readNamespacedService({ name: service, namespace: IN_NAMESPACE }));
      const value = addressOf(found);
      return value ? { value } : { seen: "the load balancer has none yet" };
    },
    { what: `the address of ${service}`, limit, signal, say },
  );
}

/** An IP address, or a host where the cloud gives one. Pure. */
export function addressOf({ status }: V1Service): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname;
}

async function read<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw apiError("the gateway's service cannot be read", error);
  }
}

/** IPv4 address of a gateway, for which some clouds publish a host. @throws {UserError} when that does not resolve. */
export async function gatewayAt(published: string): Promise<string> {
  try {
    return (await dns.lookup(published, { family: 4 })).address;
  } catch (error) {
    throw new UserError(`the gateway's host ${published} does not resolve (${codeOf(error)}): run this again later`);
  }
}
