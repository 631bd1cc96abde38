import { z } from "zod";
import type { Right } from "../../model/kubernetes-rights";

/** Where an API server answers what the caller may do. It changes nothing. */
export const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** The answer to a question for a right (authorization.k8s.io/v1, SelfSubjectAccessReview). */
export const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

export const reviewed = ({ status }: z.infer<typeof Review>): boolean => status.allowed;

/** The question for a right, as the body of a POST. @param namespace in which a right of scope `namespace` counts */
export function reviewOf({ group, resource: kind, verb, scope }: Right, namespace: string): string {
  const [resource, subresource] = kind.split("/");
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource !== undefined && { subresource }),
    ...(scope === "namespace" && { namespace }),
  };
  return JSON.stringify({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  });
}
