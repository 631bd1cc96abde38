import { isIPv4 } from "node:net";
import type { V1Node, V1Service } from "@kubernetes/client-node";
import type { Run } from "../lib/run";
import type { NetworkFacts } from "../model/network-facts";
import { quorumOf } from "../verdict/thresholds";

/** The objects of a cluster that tell where its pods are reached from outside. */
export interface ExposingObjects {
  readonly nodes: readonly V1Node[];
  readonly services: readonly V1Service[];
}

/** External IPv4 addresses of a cluster's machines. One with both kinds may publish its IPv6 address first. */
export const outsideAddresses = (nodes: readonly V1Node[]): string[] =>
  nodes.flatMap(
    ({ status }) =>
      status?.addresses?.find(({ type, address }) => type === "ExternalIP" && isIPv4(address))?.address ?? [],
  );

/**
 * Where a port of a Service such as `miner-3` is reached from outside; undefined when it is not. Every machine forwards
 * every node port, so the Services are spread over the machines.
 */
export function exposedAt({ nodes, services }: ExposingObjects, name: string, port: string): string | undefined {
  const service = services.find(({ metadata }) => metadata?.name === name);
  const given = service?.spec?.ports?.find((one) => one.name === port);
  if (service?.spec?.type === "LoadBalancer") return balancedAt(service, given?.port);
  const outside = outsideAddresses(nodes);
  const addresses = outside.length > 0 ? outside : insideAddresses(nodes);
  const address = addresses[(Number(/-(\d+)$/.exec(name)?.[1] ?? 1) - 1) % addresses.length];
  return address === undefined || given?.nodePort === undefined ? undefined : `${address}:${given.nodePort}`;
}

/** The addresses of machines without external ones: such a cluster is reached from its own network, as kind is. */
const insideAddresses = (nodes: readonly V1Node[]): string[] =>
  nodes.flatMap(
    ({ status }) =>
      status?.addresses?.find(({ type, address }) => type === "InternalIP" && isIPv4(address))?.address ?? [],
  );

/** Where a load balancer serves a port; undefined while it has no address that everybody reaches. */
function balancedAt({ status }: V1Service, port: number | undefined): string | undefined {
  const hosts = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
  const host = hosts.find((one) => !one.includes(":"));
  return host === undefined || port === undefined ? undefined : `${host}:${port}`;
}

/** The parts of a network that are reached at addresses of its machines. */
export type Whereabouts = Pick<NetworkFacts, "nodes" | "poets">;

/** A network where its cluster exposes it now. What the cluster does not tell stays where it was. */
export const exposedNow = ({ nodes, poets }: Whereabouts, objects: ExposingObjects): Whereabouts => ({
  nodes: nodes.map((node) => ({
    name: node.name,
    grpc: exposedAt(objects, node.name, "grpcport") ?? node.grpc,
    json: exposedAt(objects, node.name, "jsonport") ?? node.json,
  })),
  poets: poets.map(({ name, rest }) => ({ name, rest: exposedAt(objects, name, "restport") ?? rest })),
});

/**
 * The whereabouts of today, if they are others than those of the deployment. A cloud upgrades and repairs machines by
 * itself, so that within a week every address may be another one. Says how many nodes have moved.
 * @param found undefined where nobody can tell
 * @returns undefined when nothing has moved
 */
export function movedTo(
  tag: string,
  before: Whereabouts,
  found: Partial<Whereabouts> | undefined,
  { say }: Pick<Run, "say">,
): Whereabouts | undefined {
  const nodes = before.nodes.map((node) => found?.nodes?.find(({ name }) => name === node.name) ?? node);
  const poets = before.poets.map((poet) => found?.poets?.find(({ name }) => name === poet.name) ?? poet);
  const count = nodes.filter(({ grpc }, i) => grpc !== before.nodes[i]?.grpc).length;
  const hasMoved = count > 0 || poets.some(({ rest }, i) => rest !== before.poets[i]?.rest);
  if (count > 0) say(`${tag}: ${count} of ${nodes.length} nodes have other addresses than before`);
  return hasMoved ? { nodes, poets } : undefined;
}

/** Whether so few nodes answer that they may be somewhere else. */
export const isLost = (samples: readonly { readonly reachable: boolean }[]): boolean =>
  samples.filter(({ reachable }) => reachable).length < quorumOf({ nodes: samples });
