/** What GitHub's contexts hold. */
export type Value = string | number | boolean | null | readonly Value[] | Known | Open;

/** A record whose names are all known, such as `inputs`: an expression that asks for another name is wrong. */
export class Known {
  constructor(readonly values: Readonly<Record<string, Value>>) {}
}

/** A record that may lack names, such as the payload of an event: a missing one is null, as at GitHub. */
export class Open {
  constructor(readonly values: Readonly<Record<string, Value>>) {}
}

/** A JSON document as a value. */
export function opened(document: unknown): Value {
  if (document === undefined || document === null) return null;
  if (typeof document === "string" || typeof document === "number" || typeof document === "boolean") return document;
  if (Array.isArray(document)) return document.map(opened);
  return new Open(Object.fromEntries(Object.entries(document).map(([key, value]) => [key, opened(value)])));
}

/** The contexts of one place in a workflow, by name: `github`, `inputs`, `secrets` ... */
export type Contexts = Readonly<Record<string, Known>>;

/** Where an expression stands. */
export interface Place {
  readonly contexts: Contexts;
  /** Whether the steps and jobs before it succeeded, for `success()` and the like. */
  readonly succeeded: boolean;
  /** Makes the hash of files in the workspace; absent where GitHub has no `hashFiles`. */
  readonly hashFiles?: (patterns: readonly string[]) => string;
}
