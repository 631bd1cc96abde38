import { status as Code } from "@grpc/grpc-js";
import { UserError } from "../../lib/errors";
import { parsedObject } from "../../lib/json";
import type { InsideService } from "../../model/inside";
import { ApiError } from "../kubernetes/request";
import type { ServiceProxy } from "../kubernetes/service-proxy";
import { CallError, type Connection } from "./connection";
import type { Message } from "./messages";

/** A node that only its cluster's API server reaches. */
export interface JsonTarget {
  /** `HOST:PORT` inside the cluster, as an error names it. */
  readonly address: string;
  readonly service: InsideService;
  readonly proxy: ServiceProxy;
  /** Time limit of one answer, in milliseconds. */
  readonly timeout: number;
}

/** The node's JSON API, by the API server's proxy, which passes no gRPC on. Each call has a connection of its own. */
export class JsonConnection implements Connection {
  constructor(private readonly target: JsonTarget) {}

  async call(path: string, request: Message = {}, signal?: AbortSignal): Promise<Message> {
    signal?.throwIfAborted();
    const { address, service, proxy, timeout } = this.target;
    const text = await proxy
      .ask({ ...service, port: "jsonport", path: jsonPath(path), body: JSON.stringify(request), timeout })
      .catch((error: unknown) => {
        // Without a credential nothing is known of the node, and after an interrupt nobody wants to know.
        if (error instanceof UserError || !(error instanceof Error) || error.name === "AbortError") throw error;
        throw new CallError(address, path, statusOf(error), error.message);
      });
    const answer = parsedObject(text);
    if (answer) return answer;
    throw new CallError(address, path, Code.INTERNAL, "not a JSON object");
  }

  async list(path: string): Promise<Message[]> {
    throw new CallError(this.target.address, path, Code.UNIMPLEMENTED, "the API server's proxy is asked no streams");
  }

  close(): void {}
}

/**
 * The path of a method: v1 has short ones of its own, later generations the full names (spacemeshos/api, the
 * annotations `google.api.http`). A node takes POST for all of them.
 */
export function jsonPath(path: string): string {
  const [, service, method] = /^spacemesh\.v1\.(\w+)Service\/(\w+)$/.exec(path) ?? [];
  return service === undefined ? `/${path}` : `/v1/${service}/${method}`.toLowerCase();
}

/** Status of gRPC for a failure. A node says 404 or 501 to a method that it lacks; the API server gives a reason. */
function statusOf(error: Error): Code {
  if (!(error instanceof ApiError)) return "code" in error && error.code === "ETIMEDOUT" ? LATE : Code.UNAVAILABLE;
  if (error.reason === undefined) return [404, 501].includes(error.status) ? Code.UNIMPLEMENTED : Code.UNKNOWN;
  return error.status === 403 ? Code.PERMISSION_DENIED : Code.UNAVAILABLE;
}

const LATE = Code.DEADLINE_EXCEEDED;
