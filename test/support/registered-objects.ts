import { stringify } from "yaml";
import type { Settings } from "../../infra/base/model/settings";
import { networkObjects } from "../../infra/deploy/network/kubernetes/objects";
import type { Resource } from "../../policy/checks/value";
import { madeWith } from "./kubernetes-api";
import { FACTS, FACTS_TODAY, VersionStack } from "./version-stack";

/** A network as some settings want it. */
export interface Wanted {
  readonly driver: Settings["driver"];
  readonly tls: boolean;
  readonly storageClass: string;
  readonly monitoring: boolean;
  readonly grafana: boolean;
  readonly priorityClass?: string;
}

/** Every way to make a network that changes its pods. */
export const WAYS: readonly Wanted[] = [
  { driver: "spacecraft", tls: true, storageClass: "default", monitoring: true, grafana: true },
  { driver: "spacecraft", tls: false, storageClass: "default", monitoring: false, grafana: false },
  { driver: "kubernetes", tls: true, storageClass: "default", monitoring: true, grafana: true },
  { driver: "kubernetes", tls: false, storageClass: "none", monitoring: true, grafana: false },
];

/**
 * All objects of Kubernetes that a version stack registers and that the driver `kubernetes` makes, as policies see
 * them. go-spacecraft's own are not ours.
 */
export async function registeredObjects({ driver, ...rest }: Wanted): Promise<Resource[]> {
  const changes = { ...rest, driver, kubeContext: "here", miners: 4, bootnodes: 2, poets: 2 };
  const stack = await VersionStack.make(changes, driver === "kubernetes" ? FACTS_TODAY : FACTS);
  const registered = stack.custom
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, name, urn, inputs }) => ({ type, name, urn, properties: inputs }));
  if (driver !== "kubernetes") return registered;
  const made = Object.values(networkObjects(await madeWith(changes))).flat();
  return [
    ...registered,
    ...made.map(({ path, object }) => ({
      type: `kubernetes:${object.apiVersion}:${object.kind}`,
      name: object.metadata?.name ?? "",
      urn: path,
      properties: { ...object },
    })),
  ];
}

/** Prints the objects as YAML, for tools that judge such files: `node --import tsx test/support/registered-objects.ts`. */
async function print(): Promise<void> {
  for (const way of WAYS)
    for (const { properties } of await registeredObjects(way))
      console.log(`---\n${stringify(properties, { aliasDuplicateObjects: false })}`);
}

if (require.main === module) void print();
