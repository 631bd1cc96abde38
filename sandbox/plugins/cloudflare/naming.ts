import { isObject, type Properties, type Value } from "../values";

/** Converts Pulumi's names to the API's, e.g. `privateRouting` to `private_routing`, including nested names. */
export const toApi = (value: Value): Value => renamed(value, snakeCase);

/** Converts the API's names to Pulumi's, e.g. `created_on` to `createdOn`. Null values become absent. */
export const fromApi = (result: unknown): Properties => renamed(result as Properties, camelCase) as Properties;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function renamed(value: Value, rename: (name: string) => string): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined || inner === null ? [] : [[rename(name), renamed(inner, rename)] as const],
  );
  return Object.fromEntries(entries);
}
