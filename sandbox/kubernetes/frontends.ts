import type { V1EndpointSlice, V1Service, V1ServicePort } from "@kubernetes/client-node";
import { type AddressPlan, loopbackOf, nodeAddress } from "./address-plan";
import { NODES } from "./nodes";
import type { Endpoint, Frontend } from "./proxy";
import { hasAddress } from "./service-environment";

/**
 * TCP addresses of a cluster's services: the cluster address, the node ports on every node, and the load balancer's
 * addresses. A port without a ready endpoint has no frontend, so connections to it are refused.
 */
export function frontendsOf(
  services: Iterable<V1Service>,
  slices: Iterable<V1EndpointSlice>,
  plan: AddressPlan,
): Frontend[] {
  const slicesOf = groupByService(slices);
  return [...services].filter(hasAddress).flatMap((service) => {
    const own = slicesOf.get(serviceKey(service.metadata?.namespace, service.metadata?.name)) ?? [];
    return (service.spec?.ports ?? [])
      .filter(({ protocol = "TCP" }) => protocol === "TCP")
      .flatMap((port) => {
        const endpoints = own.flatMap((slice) => readyEndpoints(slice, port.name));
        return endpoints.length === 0 ? [] : addressesOf(service, port, plan).map((at) => ({ ...at, endpoints }));
      });
  });
}

function addressesOf({ spec, status }: V1Service, port: V1ServicePort, plan: AddressPlan): Endpoint[] {
  const nodes = Array.from({ length: NODES }, (_, i) => nodeAddress(plan, i + 1));
  const balancers = status?.loadBalancer?.ingress?.flatMap(({ ip }) => ip ?? []) ?? [];
  const { nodePort } = port;
  return [
    { address: loopbackOf(spec?.clusterIP ?? ""), port: port.port },
    ...(nodePort ? nodes.map((address) => ({ address, port: nodePort })) : []),
    ...balancers.map((address) => ({ address, port: port.port })),
  ];
}

/** Ready endpoints of a slice at the named port. An absent condition counts as ready. */
function readyEndpoints({ endpoints, ports }: V1EndpointSlice, portName = ""): Endpoint[] {
  const port = ports?.find(({ name }) => (name ?? "") === portName)?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses.map((address) => ({ address: loopbackOf(address), port })));
}

function groupByService(slices: Iterable<V1EndpointSlice>): ReadonlyMap<string, V1EndpointSlice[]> {
  const groups = new Map<string, V1EndpointSlice[]>();
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata ?? {};
    const key = serviceKey(namespace, labels?.["kubernetes.io/service-name"]);
    groups.set(key, [...(groups.get(key) ?? []), slice]);
  }
  return groups;
}

const serviceKey = (namespace = "", name = ""): string => `${namespace}/${name}`;
