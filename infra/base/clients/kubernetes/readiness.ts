import { z } from "zod";
import { boundedText, LIMITS } from "../../lib/bounded";
import { UserError } from "../../lib/errors";
import { parsedJson } from "../../lib/json";
import type { Right } from "../../model/kubernetes-rights";
import { apiError } from "./client";
import { requestsTo } from "./request";
import { REVIEWS, Review, reviewed, reviewOf } from "./review";

const quantities = z.record(z.string(), z.string());
const requests = z.object({ requests: quantities.nullish() });

const Version = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });
export type ClusterVersion = Readonly<z.infer<typeof Version>>;

const Machine = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    unschedulable: z.boolean().nullish(),
    taints: z.array(z.object({ key: z.string(), effect: z.string() })).nullish(),
  }),
  status: z.object({ allocatable: quantities.nullish() }),
});
/** A machine of a cluster (core/v1, Node). */
export type Machine = Readonly<z.infer<typeof Machine>>;

const container = z.object({ resources: requests.nullish(), restartPolicy: z.string().nullish() });
const ScheduledPod = z.object({
  spec: z.object({
    nodeName: z.string().nullish(),
    containers: z.array(container),
    initContainers: z.array(container).nullish(),
    overhead: quantities.nullish(),
  }),
});
/** What a pod takes of a machine (core/v1, Pod). */
export type ScheduledPod = Readonly<z.infer<typeof ScheduledPod>>;

const StorageClass = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).nullish() }),
});
/** A class of disks (storage.k8s.io/v1). */
export type StorageClass = Readonly<z.infer<typeof StorageClass>>;

const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), metadata: z.object({ continue: z.string().nullish() }).nullish() });

/** What can be asked of a cluster before anything is made in it. Nothing changes there. */
export interface ClusterQuestions {
  version(): Promise<ClusterVersion>;
  /** Whether we may do something (authorization.k8s.io/v1, SelfSubjectAccessReview). */
  may(right: Right, namespace: string): Promise<boolean>;
  machines(): Promise<readonly Machine[]>;
  /** Pods of all namespaces that run, or are about to. */
  pods(): Promise<readonly ScheduledPod[]>;
  storageClasses(): Promise<readonly StorageClass[]>;
}

/** Objects in one answer, and the most answers of one list. */
const [PER_PAGE, MOST_PAGES] = [500, 200];

/** Pods that take nothing of a machine any more. */
const RUNNING = "status.phase!=Succeeded,status.phase!=Failed";

/**
 * Opens a cluster for questions, without a request. Each throws a {@link UserError} when the API does not answer.
 * @param kubeconfig as text
 * @param signal ends all requests
 * @throws {UserError} when the kubeconfig is not valid
 */
export function clusterQuestions(kubeconfig: string, signal: AbortSignal): ClusterQuestions {
  const send = requestsTo(kubeconfig, signal);
  const ask = async <T>(form: z.ZodType<T>, method: "GET" | "POST", path: string, body?: string): Promise<T> => {
    try {
      const text = await boundedText(
        await send({ method, path, body }),
        "The answer of the cluster's API",
        LIMITS.list,
      );
      const { success, data } = form.safeParse(parsedJson(text));
      if (success) return data;
    } catch (error) {
      throw apiError(`${method} ${path.split("?", 1)[0]} failed`, error);
    }
    throw new UserError(
      "ClusterApiFailed",
      `The answer of the cluster's API to ${method} ${path.split("?", 1)[0]} is not the expected one.`,
      "Check that the context names a Kubernetes API.",
    );
  };
  const all = async <T extends z.ZodType>(item: T, path: string, query: Readonly<Record<string, string>> = {}) => {
    const found: z.infer<T>[] = [];
    let next: string | undefined;
    for (let pages = 0; pages === 0 || (next !== undefined && pages < MOST_PAGES); pages++) {
      const words: Record<string, string> = { limit: `${PER_PAGE}`, ...query };
      if (next !== undefined) words.continue = next;
      const one = await ask(page(item), "GET", `${path}?${new URLSearchParams(words)}`);
      found.push(...one.items);
      next = one.metadata?.continue || undefined;
    }
    return found;
  };
  return {
    version: () => ask(Version, "GET", "/version"),
    may: async (right, namespace) => reviewed(await ask(Review, "POST", REVIEWS, reviewOf(right, namespace))),
    machines: () => all(Machine, "/api/v1/nodes"),
    pods: () => all(ScheduledPod, "/api/v1/pods", { fieldSelector: RUNNING }),
    storageClasses: () => all(StorageClass, "/apis/storage.k8s.io/v1/storageclasses"),
  };
}
