import type { V1Deployment, V1Node, V1Pod, V1PodList, V1Service } from "@kubernetes/client-node";
import type { KubernetesApi } from "../kubernetes/api";
import { say } from "./console";
import { nextTick } from "./ticks";

/** Path of the objects of a kind in namespace `default`. */
export const CORE = "/api/v1/namespaces/default";
export const APPS = "/apis/apps/v1/namespaces/default";

/** Creates a Deployment and waits without limit until its pod is ready. Returns the pod. */
export async function deploy(api: KubernetesApi, object: V1Deployment): Promise<V1Pod> {
  const name = object.metadata?.name ?? "";
  await api.create(`${APPS}/deployments`, object);
  say(`creating ${name} deployment`);
  for (;;) {
    await nextTick();
    const { status } = await api.get<V1Deployment>(`${APPS}/deployments/${name}`);
    say(`waiting for ${name} deployment`);
    if (status?.readyReplicas === 1) break;
  }
  say(`finished ${name} deployment`);
  return podOf(api, name);
}

/** Creates the services of a workload and returns the node port of one of them. */
export async function expose(api: KubernetesApi, name: string, services: V1Service[], port: string): Promise<number> {
  say(`creating ${name} service`);
  const [first] = await Promise.all(services.map((one) => api.create<V1Service>(`${CORE}/services`, one)));
  say(`created ${name} service`);
  return nodePort(first, port);
}

/** The node port of a service by the port's name. @throws with go-spacecraft's text without such a port */
export function nodePort(service: V1Service | undefined, port: string): number {
  const found = service?.spec?.ports?.find(({ name }) => name === port)?.nodePort;
  if (found === undefined) throw new Error("port not found");
  return found;
}

/** The external address of a node. @throws with go-spacecraft's text without one */
export async function externalAddress(api: KubernetesApi, node: string): Promise<string> {
  const { status } = await api.get<V1Node>(`/api/v1/nodes/${node}`);
  const address = status?.addresses?.find(({ type }) => type === "ExternalIP")?.address;
  if (!address) throw new Error("public ip of node not found");
  return address;
}

/** The names of the cluster's nodes. */
export async function nodeNames(api: KubernetesApi): Promise<string[]> {
  const { items } = await api.list<V1Node>("/api/v1/nodes");
  return items.map(({ metadata }) => metadata?.name ?? "");
}

/** The pod of a Deployment. */
async function podOf(api: KubernetesApi, deployment: string): Promise<V1Pod> {
  const { items } = await api.get<V1PodList>(`${CORE}/pods?labelSelector=name%3D${deployment}`);
  const [pod] = items;
  if (!pod) throw new Error("pod not found");
  return pod;
}

/** Reads a node's identity from its log, repeatedly until it appears (go-spacecraft k8s/sm.go, getNodeId). */
export async function nodeIdentity(api: KubernetesApi, pod: string): Promise<string> {
  for (;;) {
    await nextTick();
    const log = await api.text(`${CORE}/pods/${pod}/log`);
    const identity = identityIn(log);
    if (identity) return identity;
    say(`${pod}: identity not found. Re-fetching logs. \n ${log}`);
  }
}

/** The identity in a log, in one of two forms, up to the next quotation mark. */
export const identityIn = (log: string): string | undefined =>
  /Local node identity >> ([^"]*)/.exec(log)?.[1] ?? /","identity":"([^"]*)/.exec(log)?.[1];
