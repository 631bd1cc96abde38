/** The value of a JSON text; undefined when the text is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value of a JSON text, with each text in it replaced. @throws {SyntaxError} when the text is not JSON */
export const jsonWithTexts = (text: string, replaced: (text: string) => string): unknown =>
  JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? replaced(value) : value));

/** The object of a JSON text; undefined when the text holds none. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(text);
  return isObject(value) ? value : undefined;
}

/**
 * The value of a JSON text that has a form; undefined when it has not. Nothing is changed, left out or put into another
 * order, unlike in what a form's `parse` gives.
 */
export function jsonOf<T>(text: string, form: Form<T>): T | undefined {
  const value = parsedJson(text);
  return fits(value, form) ? value : undefined;
}

/** A form of values: a schema of zod, of which no part transforms. */
interface Form<T> {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: T };
}

const fits = <T>(value: unknown, form: Form<T>): value is T => form.safeParse(value).success;

/** Whether a value is an object with keys: neither a list nor null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a path within a JSON document; undefined where the path leads nowhere. */
export const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    document,
  );
