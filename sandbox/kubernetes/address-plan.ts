/**
 * Where a cluster lives on the loopback network. Kubernetes refuses loopback addresses for pods and services, so these
 * have addresses in 10.N.0.0/16 for a cluster of number N, and are served at the same address in 127.N.0.0/16.
 */
export interface AddressPlan {
  /** Number of the cluster, from 1. */
  readonly number: number;
  /** The nodes' internal address, at which the runner serves the kubelet's API. */
  readonly kubelet: string;
  readonly podRange: string;
  readonly serviceRange: string;
  /** Ports of the control plane, all on 127.0.0.1. */
  readonly ports: ControlPlanePorts;
}

export interface ControlPlanePorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
}

/** Clusters are numbered from 1 to this; 127.250.0.0/16 belongs to the edge. */
export const LAST_CLUSTER = 249;

/** The port of a kubelet's API. Listening at it is the claim on a cluster's number. */
export const KUBELET_PORT = 10250;

/** Pod addresses are 10.N.1.1 to 10.N.63.255. */
export const POD_ADDRESSES = 63 * 256 - 1;

const FIRST_PORT = 20_000;
const PORTS_OF_A_CLUSTER = 10;

export function addressPlan(number: number): AddressPlan {
  const first = FIRST_PORT + number * PORTS_OF_A_CLUSTER;
  return {
    number,
    kubelet: `127.${number}.0.1`,
    podRange: `10.${number}.0.0/17`,
    serviceRange: `10.${number}.128.0/17`,
    ports: {
      etcd: first,
      etcdPeer: first + 1,
      apiServer: first + 2,
      controllerManager: first + 3,
      scheduler: first + 4,
    },
  };
}

/** Address of the pod with an index from 0 to {@link POD_ADDRESSES} - 1, as Kubernetes knows it. */
export function podAddress({ number }: AddressPlan, index: number): string {
  const host = 256 + 1 + index;
  return `10.${number}.${host >> 8}.${host & 255}`;
}

/** External address of the node with an index from 1, at which node ports are served. */
export const nodeAddress = ({ number }: AddressPlan, index: number): string => `127.${number}.64.${index}`;

/** Address of the load balancer with an index from 1. */
export const loadBalancerAddress = ({ number }: AddressPlan, index: number): string => `127.${number}.96.${index}`;

/** Where an address of a pod or service is served: the same with its first octet replaced by 127. */
export const loopbackOf = (address: string): string => address.replace(/^10\./, "127.");
