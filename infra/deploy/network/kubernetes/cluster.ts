import type { V1Namespace } from "@kubernetes/client-node";
import { z } from "zod";
import { apiError } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { UserError } from "../../../base/lib/errors";

/** The oldest version of Kubernetes whose server-side apply and probes we rely on. */
const OLDEST = 25;

const Version = z.object({ major: z.string(), minor: z.string() });

/** Tells which cluster an API serves. @throws {UserError} when it does not answer, or is too old */
export async function identityOf(api: Pick<ObjectApi, "find">, context: string): Promise<string> {
  try {
    const [version, system] = await Promise.all([
      api.find<object>("/version"),
      api.find<V1Namespace>("/api/v1/namespaces/kube-system"),
    ]);
    requireVersion(version, context);
    const uid = system?.metadata?.uid;
    if (uid) return uid;
  } catch (error) {
    throw apiError(`The cluster of the context ${context} cannot be reached`, error);
  }
  throw new UserError(
    "ClusterUnexpected",
    `The cluster of the context ${context} has no namespace kube-system, by which it is known.`,
    "Check the setting kubeContext and KUBECONFIG.",
  );
}

function requireVersion(found: object | undefined, context: string): void {
  const { success, data } = Version.safeParse(found);
  if (success && (Number(data.major) > 1 || Number.parseInt(data.minor, 10) >= OLDEST)) return;
  const version = success ? `${data.major}.${data.minor}` : "an unknown version";
  throw new UserError(
    "ClusterTooOld",
    `The cluster of the context ${context} has Kubernetes ${version}, and 1.${OLDEST} is needed.`,
    "Upgrade the cluster, or choose another context.",
  );
}
