import { type InsideService, serviceAt } from "../../model/inside";
import { body } from "./client";
import { requestsTo } from "./request";

/** An HTTP request to a port of a Service. */
export interface ServiceCall extends InsideService {
  /** Name of the Service's port: `jsonport`. */
  readonly port: string;
  /** `/v1/info` */
  readonly path: string;
  /** JSON, sent with POST. Without it the request is a GET. */
  readonly body?: string;
  /** Time limit until the answer is complete, in milliseconds. */
  readonly timeout: number;
}

/** The Services of a cluster, as who has its kubeconfig reaches them: by the API server's proxy. */
export interface ServiceProxy {
  /**
   * @returns the body of a success
   * @throws {ApiError} for any other answer, of the Service or of the API server
   * @throws {UserError} without kubeconfig or credential
   */
  ask(call: ServiceCall): Promise<string>;
}

/** Where the kubeconfig of a network comes from. @throws {UserError} when there is none */
export type Kubeconfig = () => string | Promise<string>;

/**
 * The Services of a cluster by HTTP; the API server passes no gRPC on. The first question opens the cluster. When that
 * fails, the question fails, and the next one tries again.
 */
export function serviceProxy(kubeconfig: Kubeconfig, signal?: AbortSignal): ServiceProxy {
  let opened: Promise<ReturnType<typeof requestsTo>> | undefined;
  const open = async () => {
    opened ??= (async () => requestsTo(await kubeconfig(), signal))();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    async ask({ service, namespace, port, path, body: sent, timeout }) {
      const send = await open();
      const at = `/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy${path}`;
      const asked = { path: at, timeout } as const;
      const answer = await send(
        sent === undefined ? { method: "GET", ...asked } : { method: "POST", ...asked, body: sent },
      );
      return body(answer);
    },
  };
}

/** The Service of an address inside a cluster, with the way to it; undefined for an address outside. */
export function serviceBehind(address: string, proxy: ServiceProxy | undefined) {
  const service = serviceAt(address);
  if (!service) return undefined;
  if (!proxy) throw new Error(`${address} is inside a cluster, and who asks it has no kubeconfig`);
  return { service, proxy };
}
