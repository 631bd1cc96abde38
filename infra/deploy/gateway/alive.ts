import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { apiError, clusterApi } from "../../base/clients/kubernetes/client";
import { runningImages } from "../../base/clients/kubernetes/running-images";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { waitFor } from "../../base/lib/wait";
import type { Endpoints } from "../../base/model/endpoints";
import type { NetworkFacts } from "../../base/model/network-facts";
import type { RunningImage } from "../../base/model/running-image";
import { BY_CLIENTS, type ServiceCalls, servicesAnswer } from "../../base/observe/services";
import { addressOf, gatewayAt, gatewayService, isHopeless, isOnThisMachine, requireReachable } from "./address";

export interface AliveOptions {
  /** Kubeconfig of the cluster; a secret. */
  readonly kubeconfig: string;
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** Longest wait for each, in seconds. */
  readonly limit: number;
}

/** The cluster's API, and the way to the public services. */
export interface GatewayWorld {
  service(): Promise<Pick<V1Service, "status">>;
  /** All pods of the network's namespace. */
  pods(): Promise<readonly V1Pod[]>;
  /** IPv4 address of a published address. */
  at(published: string): Promise<string>;
  readonly calls: ServiceCalls;
  /** Whether the cluster runs on this machine. */
  readonly isLocal: boolean;
}

export interface AliveGateway {
  /** Its public address: IPv4, or a host. */
  readonly address: string;
  /** As the nodes tell it, hexadecimal. */
  readonly genesisId: string;
  /** What the network's pods run, by digest. */
  readonly images: readonly RunningImage[];
}

/**
 * Waits for the public address of a network's gateway, and until gRPC, JSON, explorer, dashboard and poets answer there
 * at their public names, from outside the cluster. Then it looks which images run.
 */
export async function gatewayAlive(
  { kubeconfig, endpoints, facts, limit }: AliveOptions,
  run: Run,
  world: GatewayWorld = cloudWorld(kubeconfig),
): Promise<AliveGateway> {
  const look = async () => {
    try {
      const value = addressOf(await world.service(), world.isLocal);
      return value ? { value } : { seen: "the load balancer has no address yet" };
    } catch (error) {
      if (isHopeless(error)) return { value: error };
      throw error;
    }
  };
  const published = await waitFor<string | UserError>(look, { what: "the address of the gateway", limit }, run);
  if (published instanceof UserError) throw published;
  const address = await world.at(published);
  requireReachable(address, world.isLocal);
  const genesisId = await servicesAnswer({ endpoints, facts, address }, limit, run, world.calls);
  run.say(`the gateway at ${published} answers for gRPC, JSON, explorer, dashboard and poets`);
  return { address: published, genesisId, images: await imagesNow(world, limit, run) };
}

/** The images of the pods that stay. A pod that ends may still run what was replaced. */
export async function imagesNow(world: Pick<GatewayWorld, "pods">, limit: number, run: Run): Promise<RunningImage[]> {
  const look = async () => ({ value: await world.pods() });
  const pods = await waitFor(look, { what: "the list of pods", limit }, run);
  return runningImages(pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined));
}

function cloudWorld(kubeconfig: string): GatewayWorld {
  const isLocal = isOnThisMachine(kubeconfig); // refuses text that is not a kubeconfig before anything is awaited
  const pods = async () => {
    try {
      const api = clusterApi(kubeconfig);
      return (await api.core.listNamespacedPod(api)).items;
    } catch (error) {
      throw apiError("The pods of the network cannot be listed", error);
    }
  };
  return { service: () => gatewayService(kubeconfig), pods, at: gatewayAt, calls: BY_CLIENTS, isLocal };
}
