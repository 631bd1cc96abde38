/**
 * Property values as the engine and plugins exchange them: JSON in which a tag marks special objects. The tags are
 * those of
 * Pulumi's SDKs (pulumi sdk/go/common/resource/properties.go).
 */
export type Value = null | boolean | number | string | readonly Value[] | Properties;

/** Properties of a resource by name; `undefined` means absent. */
export interface Properties {
  readonly [name: string]: Value | undefined;
}

/** Name of the property that holds the tag. */
const TAG = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Value in a preview that only the update will know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is an object, including a tagged one. */
export const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether an object is tagged, e.g. as an asset or a secret. */
export const isTagged = (value: Properties): boolean => value[TAG] !== undefined;

const isSecret = (value: Value | undefined): value is Properties => isObject(value) && value[TAG] === SECRET;

/** Marks a value as secret, so that the engine encrypts it in the state. */
export const secret = (value: Value): Properties => ({ [TAG]: SECRET, value });

/** A file as an asset, with the SHA-256 of its content in hex. */
export const fileAsset = (path: string, hash: string): Properties => ({ [TAG]: ASSET, path, hash });

/** An archive of named assets. */
export const assetArchive = (assets: Properties): Properties => ({ [TAG]: ARCHIVE, assets });

/** The value without marks of secrets. */
export function plain(value: Value): Value {
  if (isSecret(value)) return plain(value.value ?? null);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? plainProperties(value) : value;
}

/** The properties without marks of secrets and without absent values. */
export function plainProperties(properties: Properties): Properties {
  const entries = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, plain(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** Whether a value is a secret or contains one. */
export function hasSecret(value: Value | undefined): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** The text of a property; undefined when it is absent or not a text. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list property; undefined when it is absent. */
export function texts(properties: Properties, name: string): readonly string[] | undefined {
  const value = properties[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Whether two values are equal. Assets and archives are compared by content, not by path. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  if (a[TAG] !== undefined && a[TAG] === b[TAG] && a.hash !== undefined) return a.hash === b.hash;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => same(a[name], b[name]));
}
