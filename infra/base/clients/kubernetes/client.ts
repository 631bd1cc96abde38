import type * as http from "node:http";
import type { CoreV1Event, V1ConfigMap, V1Deployment, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { boundedText, LIMITS } from "../../lib/bounded";
import { UserError } from "../../lib/errors";
import { lastLine } from "../../lib/exec";
import { isObject, parsedJson, parsedObject } from "../../lib/json";
import { parseKubeconfig } from "./kubeconfig";
import { ApiError, requestsTo } from "./request";

export { ApiError };

interface InNamespace {
  readonly namespace: string;
}

interface Named extends InNamespace {
  readonly name: string;
}

interface List<T> {
  readonly items: T[];
}

/** Which log: that of a container's current run, or of its run before the last restart. */
export interface ContainerLog extends InNamespace {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/**
 * The calls of a cluster's API that we use, with the names and types of @kubernetes/client-node, but times are text. To
 * load the 800 generated models of that package would cost each command 0.7 s and 100 MB, so only its types are used.
 */
export interface ClusterApi {
  /** The namespace of the kubeconfig, which is that of the network. */
  readonly namespace: string;
  readonly core: {
    readNamespacedConfigMap(object: Named): Promise<V1ConfigMap>;
    createNamespacedConfigMap(object: InNamespace & { readonly body: V1ConfigMap }): Promise<V1ConfigMap>;
    listNamespacedConfigMap(place: InNamespace): Promise<List<V1ConfigMap>>;
    readNamespacedService(object: Named): Promise<V1Service>;
    listNamespacedService(place: InNamespace): Promise<List<V1Service>>;
    listNamespacedPod(place: InNamespace): Promise<List<V1Pod>>;
    listNamespacedEvent(place: InNamespace): Promise<List<CoreV1Event>>;
    listNode(): Promise<List<V1Node>>;
  };
  readonly apps: {
    listNamespacedDeployment(place: InNamespace): Promise<List<V1Deployment>>;
  };
  /** Streams a log, with a time before each line. The stream fails when it breaks off. */
  log(log: ContainerLog): Promise<http.IncomingMessage>;
  /** What the kubelet of a node measures of its pods (kubelet/pkg/apis/stats/v1alpha1, Summary); the caller parses it. */
  statsOf(node: string): Promise<object>;
}

/**
 * Opens the API of a cluster, without a request.
 * @param kubeconfig text of a kubeconfig
 * @param signal ends all requests
 * @throws {UserError} when the kubeconfig is not valid
 */
export function clusterApi(kubeconfig: string, signal?: AbortSignal): ClusterApi {
  const send = requestsTo(kubeconfig, signal);
  const read = async <T extends object>(path: string): Promise<T> =>
    objectIn<T>(await body(await send({ method: "GET", path })));
  const list = async <T extends object>(path: string) => listIn<T>(await body(await send({ method: "GET", path })));
  const core = ({ namespace }: InNamespace, kind: string) => `/api/v1/namespaces/${namespace}/${kind}`;
  return {
    namespace: parseKubeconfig(kubeconfig).namespace,
    core: {
      readNamespacedConfigMap: (object) => read(`${core(object, "configmaps")}/${object.name}`),
      createNamespacedConfigMap: async (object) =>
        objectIn(
          await body(
            await send({ method: "POST", path: core(object, "configmaps"), body: JSON.stringify(object.body) }),
          ),
        ),
      listNamespacedConfigMap: (place) => list(core(place, "configmaps")),
      readNamespacedService: (object) => read(`${core(object, "services")}/${object.name}`),
      listNamespacedService: (place) => list(core(place, "services")),
      listNamespacedPod: (place) => list(core(place, "pods")),
      listNamespacedEvent: (place) => list(core(place, "events")),
      listNode: () => list("/api/v1/nodes"),
    },
    apps: {
      listNamespacedDeployment: ({ namespace }) => list(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    },
    log: (log) => {
      const query = new URLSearchParams({ container: log.container, previous: `${log.previous}`, timestamps: "true" });
      return send({ method: "GET", path: `${core(log, "pods")}/${log.pod}/log?${query}` });
    },
    statsOf: (node) => read(`/api/v1/nodes/${node}/proxy/stats/summary`),
  };
}

export const body = (answer: http.IncomingMessage): Promise<string> =>
  boundedText(answer, "The answer of the cluster's API", LIMITS.list);

/**
 * An object of the API. The API server has checked its fields against its schema, so they are not checked again.
 * @throws {ApiError} when the text holds no object
 */
export function objectIn<T extends object>(body: string): T {
  const value = parsedJson(body);
  if (isApiObject<T>(value)) return value;
  throw new ApiError(200, "not a JSON object");
}

/** A list of objects of the API. @throws {ApiError} when the text holds none */
export function listIn<T extends object>(body: string): List<T> {
  const list = parsedObject(body);
  const items = list?.items;
  if (Array.isArray(items) && items.every(isApiObject<T>)) return { ...list, items };
  throw new ApiError(200, "not a list");
}

const isApiObject = <T extends object>(value: unknown): value is T => isObject(value);

/** Gives undefined for an object that does not exist. */
export async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Gives undefined for what the account may not see. */
export async function orForbidden<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 403) return undefined;
    throw error;
  }
}

/** HTTP status of an API error, if it is one. */
export const statusOf = (error: unknown): number | undefined => (error instanceof ApiError ? error.status : undefined);

/**
 * The user's error for a failed call of the API.
 * @param problem says what failed, as the beginning of a sentence: `The logs could not be collected`
 */
export function apiError(problem: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const status = statusOf(error);
  const text = lastLine(error instanceof Error ? error.message : String(error));
  return new UserError(
    "ClusterApiFailed",
    `${problem}: the cluster's API ${status ? `answered ${status}` : "did not answer"} (${text}).`,
    "Check the cluster and your permissions there, then run the command again.",
  );
}
