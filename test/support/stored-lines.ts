import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./checkout";

/** What states from before the command `smeshnet` hold of their steps: command lines and names of variables. */
type StoredSteps = Readonly<
  Record<string, { readonly create?: string; readonly delete?: string; readonly variables: readonly string[] }>
>;

interface State {
  readonly deployment: { resources: readonly Resource[] };
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  dependencies?: readonly string[];
  propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

/** Names that variables had then. */
const OLD_NAMES: Readonly<Record<string, string>> = { VERSIONS: "MANIFEST" };

/**
 * A state as it was stored when steps were files in scripts/: with those command lines, only with the variables of then,
 * and without steps that came later. The fixture was read from the version stack of commit 326973b.
 * @param exported what `pulumi stack export` printed
 */
export function asStoredByScripts(exported: string, tag: string): string {
  const file = join(CHECKOUT, "test/fixtures/stored-lines-of-scripts.json");
  const steps = JSON.parse(readFileSync(file, "utf8").replaceAll("v1.2.3+1", tag)) as StoredSteps;
  const state = JSON.parse(exported) as State;
  const { deployment } = state;
  const storedOf = ({ urn }: Resource) => steps[urn.split("::").at(-1) as string];
  const isLater = (resource: Resource) => resource.type === "command:local:Command" && !storedOf(resource);
  const later = new Set(deployment.resources.filter(isLater).map(({ urn }) => urn));
  const earlier = (urns: readonly string[] | null | undefined) => urns?.filter((urn) => !later.has(urn)) ?? [];
  deployment.resources = deployment.resources.filter(({ urn }) => !later.has(urn));
  for (const resource of deployment.resources) {
    resource.dependencies = earlier(resource.dependencies);
    resource.propertyDependencies = Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {}).map(([name, urns]) => [name, earlier(urns)]),
    );
    const { type, inputs, outputs } = resource;
    const stored = storedOf(resource);
    if (type !== "command:local:Command" || !stored) continue;
    for (const part of [inputs, outputs]) {
      if (!part) continue;
      part.create = stored.create;
      part.delete = stored.delete;
      const variables = Object.entries((part.environment ?? {}) as Record<string, unknown>);
      const old = variables.map(([name, value]) => [OLD_NAMES[name] ?? name, value] as const);
      part.environment = Object.fromEntries(old.filter(([name]) => stored.variables.includes(name)));
    }
  }
  return JSON.stringify(state);
}
