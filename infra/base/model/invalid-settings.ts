import type { ZodError } from "zod";
import { shown, UserError } from "../lib/errors";
import { valueAt } from "../lib/json";

/** Namespace of the keys in Pulumi's config. */
export const NAMESPACE = "smeshnet";

/** One mistake in the settings: the fault and its fix, both as sentences. */
export interface Mistake {
  readonly what: string;
  readonly fix: string;
}

/** One or more settings are wrong. A single mistake is the message; several are its further lines. */
export class InvalidSettings extends UserError {
  override readonly lines: readonly string[];

  constructor(readonly mistakes: readonly Mistake[]) {
    const [first, ...others] = mistakes;
    const isOne = first !== undefined && others.length === 0;
    super(
      "SettingsInvalid",
      isOne ? first.what : `${mistakes.length} settings are wrong:`,
      isOne ? first.fix : "", // each line has its own
      2,
    );
    this.lines = isOne ? [] : mistakes.map(({ what, fix }) => `${what} ${fix}`);
    this.name = "InvalidSettings";
  }
}

/** `nodeRepository` -> `SMESHNET_NODE_REPOSITORY`. */
export const variableOf = (key: string): string =>
  `${NAMESPACE}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();

/** The mistake of a setting that has a wrong value or none. @param name of the setting, `port` or `versions.poet` */
export function wrong(name: string, value: unknown, expected: string): Mistake {
  const state = value === undefined ? "is not set" : `is ${shown(value)}`;
  const [key = name] = name.split(".");
  return {
    what: `${NAMESPACE}:${name} ${state}, expected ${expected}.`,
    fix: `Set it in Pulumi.yaml or ${variableOf(key)}.`,
  };
}

const unknown = (name: string, known: readonly string[]): Mistake => ({
  what: `${NAMESPACE}:${name} is not a known component. Known: ${known.join(", ")}.`,
  fix: "Remove it from Pulumi.yaml.",
});

interface Expectations {
  /** The expected value at a path. */
  expected(path: readonly PropertyKey[]): string | undefined;
  /** Names of the components that a setting may hold; undefined for a setting that holds others than components. */
  known(setting: PropertyKey | undefined): readonly string[] | undefined;
}

/** The mistakes that a schema found, one for each setting. */
export function mistakesOf(error: ZodError, raw: unknown, { expected, known }: Expectations): Mistake[] {
  const found = new Map<string, Mistake>();
  for (const issue of error.issues) {
    if (issue.code === "unrecognized_keys") {
      const components = known(issue.path[0]);
      for (const key of issue.keys) {
        const path = [...issue.path, key];
        const name = path.join(".");
        const one = components
          ? unknown(name, components)
          : wrong(name, valueAt(raw, path), expected(issue.path.slice(0, 1)) ?? issue.message);
        found.set(name, one);
      }
    } else {
      const path = existingPart(raw, issue.path);
      const name = path.join(".");
      found.set(name, wrong(name, valueAt(raw, path), expected(path) ?? issue.message));
    }
  }
  return [...found.values()];
}

/** A path, as far as it leads into objects and lists: a list that was given as text is shown as that text. */
function existingPart(raw: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  const end = path.findIndex((_, i) => {
    const part = valueAt(raw, path.slice(0, i));
    return typeof part !== "object" || part === null;
  });
  return end < 0 ? path : path.slice(0, end);
}
