import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { expand } from "./expansion";

/** Data of ConfigMaps and Secrets by name, as text. Missing objects are absent. */
export interface ConfigSources {
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Input of a container's environment. */
export interface EnvironmentInput {
  readonly container: V1Container;
  readonly pod: V1Pod;
  /** Address of the pod's programs. */
  readonly address: string;
  /** Address of the pod's node. */
  readonly hostAddress: string;
  /** Variables of services. All other variables override them. */
  readonly services: Readonly<Record<string, string>>;
  readonly sources: ConfigSources;
}

/** The environment cannot be made yet. The kubelet reports this as CreateContainerConfigError. */
export class ContainerConfigError extends Error {
  override readonly name = "ContainerConfigError";
}

/** Names of the ConfigMaps and Secrets that a container's environment uses. */
export function sourcesOf({ env = [], envFrom = [] }: V1Container): { configMaps: string[]; secrets: string[] } {
  const named = (ref: { name?: string } | undefined): string[] => (ref?.name ? [ref.name] : []);
  return {
    configMaps: [
      ...envFrom.flatMap(({ configMapRef }) => named(configMapRef)),
      ...env.flatMap(({ valueFrom }) => named(valueFrom?.configMapKeyRef)),
    ],
    secrets: [
      ...envFrom.flatMap(({ secretRef }) => named(secretRef)),
      ...env.flatMap(({ valueFrom }) => named(valueFrom?.secretKeyRef)),
    ],
  };
}

/**
 * A container's variables: services first, then whole sources, then single variables. A single variable may use earlier
 * ones as `$(VAR)` (kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables).
 * @throws {ContainerConfigError} when a required source is missing
 */
export function containerEnvironment(input: EnvironmentInput): Record<string, string> {
  const { container, services, sources } = input;
  const variables: Record<string, string> = { ...services };
  for (const { configMapRef, secretRef, prefix = "" } of container.envFrom ?? []) {
    const data = configMapRef
      ? required("configmap", sources.configMaps.get(configMapRef.name ?? ""), configMapRef)
      : required("secret", sources.secrets.get(secretRef?.name ?? ""), secretRef ?? {});
    for (const [key, value] of Object.entries(data ?? {})) variables[prefix + key] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom ? referred(variable, input) : expand(variable.value ?? "", variables);
    if (value !== undefined) variables[variable.name] = value;
  }
  return variables;
}

interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
}

function required<T>(kind: string, found: T | undefined, { name, optional }: Reference): T | undefined {
  if (found === undefined && !optional) throw new ContainerConfigError(`${kind} "${name}" not found`);
  return found;
}

function referred({ name, valueFrom }: V1EnvVar, input: EnvironmentInput): string | undefined {
  if (valueFrom?.configMapKeyRef) return keyOf("configmap", valueFrom.configMapKeyRef, input.sources.configMaps);
  if (valueFrom?.secretKeyRef) return keyOf("secret", valueFrom.secretKeyRef, input.sources.secrets);
  if (valueFrom?.fieldRef) return fieldOf(valueFrom.fieldRef.fieldPath, input);
  throw new ContainerConfigError(`variable ${name} has a source that the sandbox does not support`);
}

function keyOf(
  kind: string,
  ref: Reference & { key: string },
  sources: ReadonlyMap<string, Readonly<Record<string, string>>>,
): string | undefined {
  const value = required(kind, sources.get(ref.name ?? ""), ref)?.[ref.key];
  if (value === undefined && !ref.optional) {
    throw new ContainerConfigError(`couldn't find key ${ref.key} in ${kind} ${ref.name}`);
  }
  return value;
}

function fieldOf(path: string, { pod, address, hostAddress }: EnvironmentInput): string {
  const { metadata, spec } = pod;
  const [, map, key] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (map && key) return metadata?.[map as "labels" | "annotations"]?.[key] ?? "";
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata?.name,
    "metadata.namespace": metadata?.namespace,
    "metadata.uid": metadata?.uid,
    "spec.nodeName": spec?.nodeName,
    "spec.serviceAccountName": spec?.serviceAccountName,
    "status.hostIP": hostAddress,
    "status.podIP": address,
    "status.podIPs": address,
  };
  const value = fields[path];
  if (value === undefined) throw new ContainerConfigError(`the sandbox does not support fieldRef ${path}`);
  return value;
}
