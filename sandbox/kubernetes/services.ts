import type { V1EndpointSlice, V1Service } from "@kubernetes/client-node";
import { type AddressPlan, loadBalancerAddress } from "./address-plan";
import type { KubernetesApi } from "./api";
import { frontendsOf } from "./frontends";
import { NetworkFaults } from "./network-faults";
import { Proxies } from "./proxy";
import { type Reflector, reflect } from "./reflector";

/** The cluster's services while they are served. */
export interface ServedServices {
  /** By `NAMESPACE/NAME`. */
  readonly objects: ReadonlyMap<string, V1Service>;
  /** Forgets the faults of a removed network. */
  forget(namespace: string): void;
  stop(): void;
}

/**
 * Serves the cluster's services: gives addresses to load balancers and proxies every service to its ready endpoints.
 */
export function serveServices(api: KubernetesApi, plan: AddressPlan, clusterFolder: string): ServedServices {
  const proxies = new Proxies();
  let isDue = false;
  // Collects a burst of changes, e.g. of ten pods that become ready, into one change of the proxies.
  const changed = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      proxies.apply(frontendsOf(services.objects.values(), slices.objects.values(), plan));
    });
  };
  const services: Reflector<V1Service> = reflect<V1Service>(api, "/api/v1/services", {
    changed(service) {
      changed();
      giveAddress(service);
    },
    deleted: changed,
  });
  const slices: Reflector<V1EndpointSlice> = reflect<V1EndpointSlice>(api, "/apis/discovery.k8s.io/v1/endpointslices", {
    changed,
    deleted: changed,
  });

  /** Addresses of load balancers by the service's key, including those not yet visible in its status. */
  const given = new Map<string, string>();
  const faults = new NetworkFaults(clusterFolder, (namespace) => {
    for (const service of services.objects.values())
      if (service.metadata?.namespace === namespace) giveAddress(service);
  });
  const giveAddress = ({ metadata, spec, status }: V1Service) => {
    const path = `/api/v1/namespaces/${metadata?.namespace}/services/${metadata?.name}`;
    if (spec?.type !== "LoadBalancer" || status?.loadBalancer?.ingress?.length || metadata?.deletionTimestamp) return;
    if (faults.of(metadata?.namespace ?? "default").noAddress) return;
    for (const key of given.keys()) if (!isPresent(services, key)) given.delete(key);
    const key = `${metadata?.namespace}/${metadata?.name}`;
    const address = given.get(key) ?? freeAddress(plan, new Set(given.values()));
    given.set(key, address);
    api
      .patch(`${path}/status`, { status: { loadBalancer: { ingress: [{ ip: address }] } } })
      .catch((error: Error) => console.error(`load balancer of ${key}: ${error.message}`));
  };
  return {
    objects: services.objects,
    forget: (namespace) => faults.forget(namespace),
    stop() {
      for (const part of [services, slices, faults]) part.stop();
    },
  };
}

const isPresent = (services: Reflector<V1Service>, key: string): boolean => services.objects.has(key);

/** The first free load balancer address of the plan. */
export function freeAddress(plan: AddressPlan, taken: ReadonlySet<string>): string {
  for (let index = 1; ; index++) {
    const address = loadBalancerAddress(plan, index);
    if (!taken.has(address)) return address;
  }
}
