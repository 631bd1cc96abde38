/** A Service in a namespace of a cluster. */
export interface InsideService {
  readonly service: string;
  readonly namespace: string;
}

/**
 * `miner-1.v1-2-3-1.svc:9092`: where a Service answers inside its cluster (kubernetes.io, "DNS for Services and Pods").
 * It stands in the facts of a network whose nodes have no address outside. Such a place is asked by the cluster's API.
 */
export const insideAddress = ({ service, namespace }: InsideService, port: number): string =>
  `${service}.${namespace}.svc:${port}`;

/** The Service of an address inside a cluster; undefined for an address outside. No public name ends in `svc`. */
export function serviceAt(hostPort: string): InsideService | undefined {
  const [, service, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc:\d+$/.exec(hostPort) ?? [];
  return service === undefined || namespace === undefined ? undefined : { service, namespace };
}
