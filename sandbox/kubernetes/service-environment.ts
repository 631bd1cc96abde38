import type { V1Service } from "@kubernetes/client-node";
import { loopbackOf } from "./address-plan";

/**
 * The variables by which a pod finds the services of its namespace, with the kubelet's names (kubernetes.io, "Service:
 * environment variables"; kubernetes pkg/kubelet/envvars) and the sandbox's addresses. The API server's own service is
 * left
 * out, because pods cannot reach it here.
 */
export function serviceEnvironment(services: Iterable<V1Service>): Record<string, string> {
  return Object.assign({}, ...[...services].filter(hasAddress).map(variablesOf)) as Record<string, string>;
}

/** Whether a service has an address of its own that the sandbox serves. */
export const hasAddress = ({ metadata, spec }: V1Service): boolean =>
  Boolean(spec?.clusterIP) &&
  spec?.clusterIP !== "None" &&
  !(metadata?.namespace === "default" && metadata.name === "kubernetes");

function variablesOf({ metadata, spec }: V1Service): Record<string, string> {
  const name = variable(metadata?.name ?? "");
  const host = loopbackOf(spec?.clusterIP ?? "");
  const ports = spec?.ports ?? [];
  const [first] = ports;
  if (!first) return {};
  const variables: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: host,
    [`${name}_SERVICE_PORT`]: String(first.port),
    [`${name}_PORT`]: `${protocolOf(first)}://${host}:${first.port}`,
  };
  for (const port of ports) {
    if (port.name) variables[`${name}_SERVICE_PORT_${variable(port.name)}`] = String(port.port);
    const prefix = `${name}_PORT_${port.port}_${protocolOf(port).toUpperCase()}`;
    variables[prefix] = `${protocolOf(port)}://${host}:${port.port}`;
    variables[`${prefix}_PROTO`] = protocolOf(port);
    variables[`${prefix}_PORT`] = String(port.port);
    variables[`${prefix}_ADDR`] = host;
  }
  return variables;
}

const variable = (name: string): string => name.toUpperCase().replaceAll("-", "_");

const protocolOf = ({ protocol = "TCP" }: { protocol?: string }): string => protocol.toLowerCase();
