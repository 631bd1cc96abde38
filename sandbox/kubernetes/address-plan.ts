/**
 * Addresses of a cluster on the loopback network. Kubernetes refuses loopback addresses for pods and services.
 * Therefore
 * cluster N gives them addresses in 10.N.0.0/16 and serves them at the same address in 127.N.0.0/16.
 */
export interface AddressPlan {
  /** Number of the cluster, from 1. */
  readonly number: number;
  /** Internal address of the nodes. The runner serves the kubelet's API there. */
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

/** Highest number of a cluster. 127.250.0.0/16 belongs to the edge. */
export const LAST_CLUSTER = 249;

/** Port of a kubelet's API. A process claims a cluster's number by listening at it. */
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

/** Kubernetes' address of a pod. @param index from 0 to {@link POD_ADDRESSES} - 1 */
export function podAddress({ number }: AddressPlan, index: number): string {
  const host = 256 + 1 + index;
  return `10.${number}.${host >> 8}.${host & 255}`;
}

/** External address of a node, which serves the node ports. @param index from 1 */
export const nodeAddress = ({ number }: AddressPlan, index: number): string => `127.${number}.64.${index}`;

/** Address of a load balancer. @param index from 1 */
export const loadBalancerAddress = ({ number }: AddressPlan, index: number): string => `127.${number}.96.${index}`;

/** The address that serves a pod's or service's address: its first octet becomes 127. */
export const loopbackOf = (address: string): string => address.replace(/^10\./, "127.");
