import type { KubernetesObject } from "@kubernetes/client-node";
import { parsedJson } from "../../lib/json";
import type { Right } from "../../model/kubernetes-rights";
import { ApiError, body, listIn, objectIn, orAbsent } from "./client";
import { requestsTo } from "./request";
import { REVIEWS, Review, reviewed, reviewOf } from "./review";

/** The field manager of what we apply. It owns the fields that we set, and others keep theirs. */
const MANAGER = "smeshnet";

/** The calls for objects of any kind, by their paths. Each throws ApiError for an answer that is no success. */
export interface ObjectApi {
  /** @returns undefined when there is no such object */
  find<T extends object>(path: string): Promise<T | undefined>;
  list<T extends object>(path: string): Promise<T[]>;
  /** Creates an object. @throws ApiError 409 when its name is taken */
  create<T extends object>(path: string, object: T): Promise<T>;
  /** Makes an object be as it is here, by server-side apply. Another manager's field of the same name is taken over. */
  apply<T extends KubernetesObject>(path: string, object: T): Promise<T>;
  /** Deletes an object, and what it owns first. The uid makes sure that it is the one that was seen. */
  remove(path: string, uid: string): Promise<void>;
  /** Whether we have a right, in a namespace that need not exist. */
  may(right: Right, namespace: string): Promise<boolean>;
}

/** Creates an object, or leaves the one of its name as it is. @returns whether it was created */
export async function createOnce(api: Pick<ObjectApi, "create">, path: string, object: object): Promise<boolean> {
  try {
    await api.create(path, object);
    return true;
  } catch (error) {
    // A run that was broken off made it. To replace it would need a right that nothing else needs.
    if (error instanceof ApiError && error.status === 409) return false;
    throw error;
  }
}

/** Opens the API of a cluster, without a request. @throws {UserError} when the kubeconfig is not valid */
export function objectApi(kubeconfig: string, signal?: AbortSignal): ObjectApi {
  const send = requestsTo(kubeconfig, signal);
  const read = async <T extends object>(path: string) => objectIn<T>(await body(await send({ method: "GET", path })));
  return {
    find: (path) => orAbsent(read(path)),
    list: async <T extends object>(path: string) => listIn<T>(await body(await send({ method: "GET", path }))).items,
    create: async <T extends object>(path: string, object: T) =>
      objectIn<T>(await body(await send({ method: "POST", path, body: JSON.stringify(object) }))),
    apply: async <T extends KubernetesObject>(path: string, object: T) => {
      const query = new URLSearchParams({ fieldManager: MANAGER, force: "true" });
      const ask = { method: "PATCH", path: `${path}?${query}`, body: JSON.stringify(object) } as const;
      return objectIn<T>(await body(await send(ask)));
    },
    async may(right, namespace) {
      const text = await body(await send({ method: "POST", path: REVIEWS, body: reviewOf(right, namespace) }));
      const { data } = Review.safeParse(parsedJson(text));
      if (data) return reviewed(data);
      throw new ApiError(200, "not an answer about a right");
    },
    async remove(path, uid) {
      const options = { propagationPolicy: "Foreground", preconditions: { uid } };
      await body(await send({ method: "DELETE", path, body: JSON.stringify(options) }));
    },
  };
}
