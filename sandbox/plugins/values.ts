/**
 * Property values as they travel between the engine and a plugin: JSON, in which some objects carry a tag that says
 * what they stand for. The tags are those of Pulumi's SDKs (pulumi sdk/go/common/resource/properties.go).
 */
export type Value = null | boolean | number | string | readonly Value[] | Properties;

/** The properties of a resource by name; `undefined` is the same as absent. */
export interface Properties {
  readonly [name: string]: Value | undefined;
}

/** The property that holds the tag. */
const TAG = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What a preview says of a value that only the update will know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is an object, a tagged one included. */
export const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether an object stands for something else, such as an asset or a secret. */
export const isTagged = (value: Properties): boolean => value[TAG] !== undefined;

const isSecret = (value: Value | undefined): value is Properties => isObject(value) && value[TAG] === SECRET;

/** Marks a value as secret, so that the engine encrypts it in the state. */
export const secret = (value: Value): Properties => ({ [TAG]: SECRET, value });

/** A file as an asset, with the SHA-256 of its content in hex. */
export const fileAsset = (path: string, hash: string): Properties => ({ [TAG]: ASSET, path, hash });

/** An archive of named assets. */
export const assetArchive = (assets: Properties): Properties => ({ [TAG]: ARCHIVE, assets });

/** The same value without the marks of secrets, for use. */
export function plain(value: Value): Value {
  if (isSecret(value)) return plain(value.value ?? null);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? plainProperties(value) : value;
}

/** The same properties without the marks of secrets and without absent values. */
export function plainProperties(properties: Properties): Properties {
  const entries = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, plain(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** Whether a value is, or holds, a secret. */
export function hasSecret(value: Value | undefined): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** The text of a property, or undefined when it is absent or no text. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list property; undefined when it is absent. */
export function texts(properties: Properties, name: string): readonly string[] | undefined {
  const value = properties[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Whether two values are the same; assets and archives are compared by what they hold, not by where they lie. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  if (a[TAG] !== undefined && a[TAG] === b[TAG] && a.hash !== undefined) return a.hash === b.hash;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => same(a[name], b[name]));
}
