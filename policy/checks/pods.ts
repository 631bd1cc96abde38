import { at, itemsAt, type Resource, textAt, UNKNOWN } from "./value";

/** A container of a pod, and the pod's own part. */
export interface Container {
  readonly name: string;
  /** The list of the pod that holds it, `containers` or `initContainers`. */
  readonly list: string;
  readonly spec: unknown;
  readonly pod: unknown;
}

/** Where the kinds of Kubernetes keep the spec of their pods; all other kinds keep it at `spec.template.spec`. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  PodTemplate: ["template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The spec of the pods that a resource makes; undefined for resources that make none. */
export function podOf({ type, properties }: Resource): unknown {
  if (!type.startsWith("kubernetes:")) return undefined;
  const kind =
    type
      .split(":")
      .at(-1)
      ?.replace(/Patch$/, "") ?? "";
  const spec = at(properties, ...(POD_SPECS[kind] ?? ["spec", "template", "spec"]));
  return spec === UNKNOWN || !Array.isArray(at(spec, "containers")) ? undefined : spec;
}

/** All containers that a resource runs, those included that run first or for debugging. */
export function containersOf(resource: Resource): readonly Container[] {
  const pod = podOf(resource);
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    itemsAt(pod, list).map((spec, i) => ({ name: textAt(spec, "name") ?? `${list}[${i}]`, list, spec, pod })),
  );
}
