import { STEPS } from "../../infra/base/model/steps";
import { privateRoutes } from "./caddyfile";
import { containersOf, podOf } from "./pods";
import { at, type Check, entriesAt, itemsAt, type Resource, textAt, UNKNOWN } from "./value";

/** What the gateway's containers serve the public at: plain HTTP and TLS (infra/deploy/gateway/caddyfile.ts). */
export const PUBLIC_PORTS: readonly unknown[] = [8080, 8443, "http", "https"];

/** The label by which Services find the gateway's pods. */
const POD_LABEL = "app.kubernetes.io/name";

/** The gateway is the one entrance to a network: no other Service, and no Ingress, has a public address. */
export const oneEntrance: Check = (resource) => {
  const { type } = resource;
  if (/^kubernetes:(networking\.k8s\.io|extensions)\/.*:Ingress$/.test(type) || /^kubernetes:gateway\./.test(type)) {
    return [`${kindOf(resource)} ${nameOf(resource)} is a second entrance. Add its route to the gateway's Caddyfile.`];
  }
  const opening = openingOf(resource);
  if (!opening || (opening === "LoadBalancer" && nameOf(resource) === STEPS.gateway)) return [];
  return [
    `Service ${nameOf(resource)} is a second entrance (${opening}). Make it a ClusterIP, and route to it in the gateway.`,
  ];
};

/**
 * The private API of a node stays inside the cluster. A node's private calls (smeshing, admin, shutdown) share the port
 * of its public ones up to go-spacemesh v1.0, and have ports of their own, 9093 and 9094, after that. So only the
 * gateway's pods get a public address, and its Caddyfile passes public calls only. No pod opens a port of its machine.
 */
export const nodeApiPrivate: Check = (resource) => [
  ...wrongTarget(resource),
  ...openOnMachine(resource),
  ...configTexts(resource).flatMap(privateRoutes),
];

/** A Service with a public address leads to the gateway's own ports and pods. */
function wrongTarget(resource: Resource): string[] {
  if (!openingOf(resource)) return [];
  const name = nameOf(resource);
  const { properties } = resource;
  const selector = at(properties, "spec", "selector");
  const pods = entriesAt(selector);
  const leadsToGateway = pods.some(([label, value]) => label === POD_LABEL && value === STEPS.gateway);
  const ports = itemsAt(properties, "spec", "ports").map((port) => at(port, "targetPort") ?? at(port, "port"));
  const others = ports.filter((port) => port !== UNKNOWN && !PUBLIC_PORTS.includes(port));
  return [
    ...(selector === UNKNOWN || leadsToGateway
      ? []
      : [`Service ${name} is public and leads past the gateway. Select the pods of ${STEPS.gateway} only.`]),
    ...others.map(
      (port) => `Service ${name} opens port ${port} to the public. Only the gateway's ports 8080 and 8443 are public.`,
    ),
  ];
}

function openOnMachine(resource: Resource): string[] {
  const onHost = at(podOf(resource), "hostNetwork") === true;
  const ports = containersOf(resource).flatMap(({ spec }) =>
    itemsAt(spec, "ports").map((port) => at(port, "hostPort")),
  );
  return [
    ...(onHost ? ["The pod uses its machine's network. Remove hostNetwork."] : []),
    ...ports
      .filter((port) => port !== undefined)
      .map((port) => `The pod opens port ${String(port)} of its machine. Remove hostPort.`),
  ];
}

/** How a Service gets a public address; undefined for Services inside the cluster and all other resources. */
function openingOf({ type, properties }: Resource): string | undefined {
  if (!/^kubernetes:core\/v1:Service(Patch)?$/.test(type)) return undefined;
  const kind = textAt(properties, "spec", "type");
  if (kind === "LoadBalancer" || kind === "NodePort") return kind;
  return itemsAt(properties, "spec", "externalIPs").length > 0 ? "externalIPs" : undefined;
}

/** The texts of a ConfigMap that are a Caddyfile. */
const configTexts = ({ type, properties }: Resource): string[] =>
  /^kubernetes:core\/v1:ConfigMap(Patch)?$/.test(type)
    ? entriesAt(properties, "data").flatMap(([, text]) =>
        typeof text === "string" && /^[ \t]*reverse_proxy\s/m.test(text) ? [text] : [],
      )
    : [];

const kindOf = ({ type }: Resource): string => type.split(":").at(-1) ?? type;

const nameOf = ({ properties, name }: Resource): string => textAt(properties, "metadata", "name") ?? name;
