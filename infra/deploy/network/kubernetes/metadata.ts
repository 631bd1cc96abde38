import type { KubernetesObject } from "@kubernetes/client-node";
import { imageTag, parseBuildTag } from "../../../base/model/build-tag";
import { OWNER } from "./names";
import type { KubernetesNetworkSpec } from "./spec";

/** An object, and where the API server keeps it. */
export interface Placed {
  readonly path: string;
  readonly object: KubernetesObject;
}

export type Component = "node" | "poet" | "bootstrap";

/** Metadata of one of our objects, with the labels that Kubernetes recommends. */
export function metadata({ tag, namespace }: KubernetesNetworkSpec, name: string, component?: Component) {
  return {
    name,
    namespace,
    labels: {
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/instance": namespace,
      "app.kubernetes.io/part-of": "smeshnet",
      "app.kubernetes.io/managed-by": "smeshnet",
      "app.kubernetes.io/version": imageTag(parseBuildTag(tag)),
      ...(component && { "app.kubernetes.io/component": component }),
    },
    annotations: { [OWNER]: tag },
  };
}

/** Pods carry these labels of go-spacecraft too, by which archive, smoke test and Services find them. */
export const podLabels = (name: string): Record<string, string> => ({ name, app: name.replace(/-\d+$/, "") });
