/** One entry of the public list, in the order of keys in which it was stored. */
export type NetworkEntry = Readonly<Record<string, unknown>>;

/** A network of the list. */
export interface ListedNetwork {
  /** Name in keys and paths, `1_2_3_1`. */
  readonly name: string;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  readonly entry: NetworkEntry;
}

const BUILD_TAG = /^v(\d+)\.(\d+)\.(\d+)\+(\d+)$/;
const NAME = /^\d+_\d+_\d+_\d+$/;

/** Reads a stored value, `{"tag":"v1.2.3+1","entry":{...}}`; undefined when it is anything else. */
export function readNetwork(name: string, stored: string): ListedNetwork | undefined {
  const value = parsed(stored);
  if (!isRecord(value) || !isRecord(value.entry)) return undefined;
  const { tag, entry } = value;
  return typeof tag === "string" && BUILD_TAG.test(tag) ? { name, tag, entry } : undefined;
}

/** The networks in the order of the list: the newest build tag first, by version and then by build number. */
export const newestFirst = (networks: readonly ListedNetwork[]): ListedNetwork[] =>
  networks.toSorted((a, b) => compareNumbers(numbersOf(b.tag), numbersOf(a.tag)));

/** The names of networks, newest first, and the names of channels among names of pages. */
export function sortNames(names: readonly string[]): { networks: string[]; channels: string[] } {
  const networks = names.filter((name) => NAME.test(name));
  return {
    networks: networks.sort((a, b) => compareNumbers(numbersOf(b), numbersOf(a))),
    channels: names.filter((name) => !NAME.test(name)).sort(),
  };
}

/** `v1.2.3+1` for the name of a network, `1_2_3_1`; any other name stays as it is. */
export const tagOfName = (name: string): string =>
  NAME.test(name) ? name.replace("_", ".").replace("_", ".").replace("_", "+").replace(/^/, "v") : name;

/** The numbers of `v1.2.3+1` or `1_2_3_1`. */
const numbersOf = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, i) => number !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
