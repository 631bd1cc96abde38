import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { KubernetesObject, V1Status } from "@kubernetes/client-node";

/** Administrator's credentials for a cluster's API server; certificates and key as PEM. */
export interface Credentials {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An error answer of the API server. */
export class ApiError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface ObjectList<T> {
  readonly items: T[];
  readonly metadata: { readonly resourceVersion: string };
}

export type WatchEvent<T> = { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T };

type Query = Readonly<Record<string, string | number>>;

interface Body {
  readonly type: "application/json" | "application/merge-patch+json";
  readonly content: unknown;
}

/**
 * Client for the API of one cluster, with the types of @kubernetes/client-node. Loading the 800 generated models of
 * that
 * package would cost each process 0.7 s and 65 MB, more than everything else in the runner.
 */
export class KubernetesApi {
  private readonly agent: Agent;

  constructor(private readonly credentials: Credentials) {
    const { ca, cert, key } = credentials;
    this.agent = new Agent({ ca, cert, key, keepAlive: true });
  }

  /** Reads an object, or any JSON document, by its path, e.g. `/api/v1/nodes/one`. @throws {ApiError} */
  get<T>(path: string): Promise<T> {
    return this.json<T>("GET", path);
  }

  /** Like {@link get}, but undefined when the object does not exist. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Reads all objects of a kind. @throws {ApiError} */
  list<T>(path: string): Promise<ObjectList<T>> {
    return this.json<ObjectList<T>>("GET", path);
  }

  /** Reads a text such as a log. @throws {ApiError} */
  async text(path: string): Promise<string> {
    return text(await this.send("GET", path));
  }

  /** @throws {ApiError} with status 409 when the object exists. */
  create<T extends KubernetesObject>(path: string, object: T): Promise<T> {
    return this.json<T>("POST", path, { type: "application/json", content: object });
  }

  /** Applies a JSON merge patch. @throws {ApiError} */
  patch<T extends KubernetesObject>(path: string, patch: object): Promise<T> {
    return this.json<T>("PATCH", path, { type: "application/merge-patch+json", content: patch });
  }

  /** Deletes an object. @param options a DeleteOptions object @throws {ApiError} */
  async delete(path: string, options: object = {}): Promise<void> {
    await this.json("DELETE", path, { type: "application/json", content: options });
  }

  /**
   * Calls back with each change after a resource version, for objects of one kind. Resolves when the server ends the
   * watch.
   * @throws {ApiError} with status 410 when the version is too old
   */
  async watch<T>(
    path: string,
    resourceVersion: string,
    onEvent: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.send("GET", path, { watch: "true", resourceVersion }, undefined, signal);
    for await (const line of createInterface({ input: response })) {
      const event = JSON.parse(line) as WatchEvent<T> | { type: "ERROR"; object: V1Status };
      if (event.type === "ERROR") throw statusError(500, event.object);
      onEvent(event);
    }
  }

  /** Closes idle connections. */
  close(): void {
    this.agent.destroy();
  }

  private async json<T>(method: string, path: string, body?: Body): Promise<T> {
    return JSON.parse(await text(await this.send(method, path, {}, body))) as T;
  }

  private async send(
    method: string,
    path: string,
    query: Query = {},
    body?: Body,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const url = new URL(path, this.credentials.server);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const content = body && JSON.stringify(body.content);
      const headers = body && { "content-type": body.type, "content-length": Buffer.byteLength(content ?? "") };
      request(url, { method, agent: this.agent, headers, signal }, resolve).on("error", reject).end(content);
    });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw errorOf(statusCode, await text(response));
  }
}

function errorOf(statusCode: number, body: string): ApiError {
  try {
    return statusError(statusCode, JSON.parse(body) as V1Status);
  } catch {
    return new ApiError(statusCode, body.trim());
  }
}

const statusError = (statusCode: number, { code, message }: V1Status): ApiError =>
  new ApiError(code ?? statusCode, message ?? `HTTP status ${statusCode}`);
