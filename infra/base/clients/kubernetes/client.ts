import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import type { CoreV1Event, V1ConfigMap, V1Deployment, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { UserError } from "../../lib/errors";
import { lastLine } from "../../lib/exec";
import { credentialsOf, parseKubeconfig } from "./kubeconfig";

interface InNamespace {
  readonly namespace: string;
}

interface Named extends InNamespace {
  readonly name: string;
}

interface List<T> {
  readonly items: T[];
}

/** One container's log: that of now, or of its run before the last restart. */
export interface ContainerLog extends InNamespace {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/**
 * What we ask of one cluster. Calls are named as in @kubernetes/client-node, whose types they have (but times are text, as
 * the API sends them). Loading that package's 800 generated models costs each verb 0.7 s and 100 MB, so it is not loaded.
 */
export interface ClusterApi {
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
  /** A log as it comes, each line after its time; it fails when it breaks off. */
  log(log: ContainerLog): Promise<http.IncomingMessage>;
}

/** Longest silence of the API before a request counts as lost, in milliseconds. */
const SILENCE = 120_000;

/** An answer of the API that is no success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The API of the cluster that a kubeconfig's text leads to. @param signal ends whatever is under way */
export function clusterApi(kubeconfig: string, signal?: AbortSignal): ClusterApi {
  const send = sender(kubeconfig, signal);
  const read = async <T>(path: string): Promise<T> => JSON.parse(await text(await send("GET", path))) as T;
  const core = ({ namespace }: InNamespace, kind: string) => `/api/v1/namespaces/${namespace}/${kind}`;
  return {
    core: {
      readNamespacedConfigMap: (object) => read(`${core(object, "configmaps")}/${object.name}`),
      createNamespacedConfigMap: async (object) =>
        JSON.parse(await text(await send("POST", core(object, "configmaps"), JSON.stringify(object.body)))),
      listNamespacedConfigMap: (place) => read(core(place, "configmaps")),
      readNamespacedService: (object) => read(`${core(object, "services")}/${object.name}`),
      listNamespacedService: (place) => read(core(place, "services")),
      listNamespacedPod: (place) => read(core(place, "pods")),
      listNamespacedEvent: (place) => read(core(place, "events")),
      listNode: () => read("/api/v1/nodes"),
    },
    apps: {
      listNamespacedDeployment: ({ namespace }) => read(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    },
    log: (log) => {
      const query = new URLSearchParams({ container: log.container, previous: `${log.previous}`, timestamps: "true" });
      return send("GET", `${core(log, "pods")}/${log.pod}/log?${query}`);
    },
  };
}

/** Sends requests, each over a connection of its own, and gives the answer when it is a success. */
function sender(kubeconfig: string, signal: AbortSignal | undefined) {
  const config = parseKubeconfig(kubeconfig);
  const { server, "certificate-authority-data": ca, "insecure-skip-tls-verify": unverified } = config.cluster;
  const tls = { ca: ca && Buffer.from(ca, "base64"), rejectUnauthorized: unverified !== true };
  const credentials = credentialsOf(config);
  const { request } = server.startsWith("https:") ? https : http;

  return async (method: "GET" | "POST", path: string, body?: string): Promise<http.IncomingMessage> => {
    const { token, cert, key } = await credentials(signal);
    const headers = {
      accept: "application/json, */*",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const sent = request(server.replace(/\/$/, "") + path, {
        method,
        headers,
        agent: false,
        timeout: SILENCE,
        signal,
        ...tls,
        cert,
        key,
      });
      sent.once("timeout", () => sent.destroy(timedOut()));
      sent.once("response", (response) => {
        sent.removeAllListeners("timeout").once("timeout", () => response.destroy(timedOut()));
        resolve(response);
      });
      sent.on("error", reject).end(body);
    });
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw new ApiError(statusCode, messageOf(await text(answer)) || `status ${statusCode}`);
  };
}

const timedOut = (): Error => Object.assign(new Error(`nothing came for ${SILENCE / 1000} s`), { code: "ETIMEDOUT" });

/** The message of a Status object; some answers are plain text. */
function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? "";
  } catch {
    return body;
  }
}

/** Gives undefined for an object that is not there. */
export async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** HTTP status of an API error, if it is one. */
export const statusOf = (error: unknown): number | undefined => (error instanceof ApiError ? error.status : undefined);

/** One line for an error of the API or of the way to it. */
export function apiError(what: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const status = statusOf(error);
  const said = lastLine(error instanceof Error ? error.message : String(error));
  return new UserError(`${what}: the cluster's API ${status ? `answered ${status}` : "did not answer"} (${said})`);
}
