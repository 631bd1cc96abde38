import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./checkout";

/** What states from before the command `smeshnet` hold of their steps: command lines and names of variables. */
type StoredSteps = Readonly<
  Record<string, { readonly create?: string; readonly delete?: string; readonly variables: readonly string[] }>
>;

interface State {
  readonly deployment: { readonly resources: readonly Resource[] };
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Names that variables had then. */
const OLD_NAMES: Readonly<Record<string, string>> = { VERSIONS: "MANIFEST" };

/**
 * A state as it was stored when steps were files in scripts/: with those command lines, and only with the variables of
 * then. The fixture was read from the version stack of commit 326973b.
 * @param exported what `pulumi stack export` printed
 */
export function asStoredByScripts(exported: string, tag: string): string {
  const file = join(CHECKOUT, "test/fixtures/stored-lines-of-scripts.json");
  const steps = JSON.parse(readFileSync(file, "utf8").replaceAll("v1.2.3+1", tag)) as StoredSteps;
  const state = JSON.parse(exported) as State;
  for (const { urn, type, inputs, outputs } of state.deployment.resources) {
    const stored = steps[urn.split("::").at(-1) as string];
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
