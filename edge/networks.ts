import { isObject, parsedObject } from "../infra/base/lib/json";
import { buildTag, compareBuildTags, fromStackName, isBuildTag, parseBuildTag } from "../infra/base/model/build-tag";

/** An entry of the network list, with its keys in the order in which they were stored. */
export type NetworkEntry = Readonly<Record<string, unknown>>;

/** A network of the list. */
export interface ListedNetwork {
  /** Name in keys and paths, `1_2_3_1`. */
  readonly name: string;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  readonly entry: NetworkEntry;
}

/** Reads a stored value, `{"tag":"v1.2.3+1","entry":{...}}`; undefined when it has another form. */
export function readNetwork(name: string, stored: string): ListedNetwork | undefined {
  const { tag, entry } = parsedObject(stored) ?? {};
  return typeof tag === "string" && isBuildTag(tag) && isObject(entry) ? { name, tag, entry } : undefined;
}

/** The networks in the order of the list: the newest build tag first, by version and then by build number. */
export const newestFirst = (networks: readonly ListedNetwork[]): ListedNetwork[] =>
  networks
    .map((network) => ({ network, tag: parseBuildTag(network.tag) }))
    .sort((a, b) => compareBuildTags(b.tag, a.tag))
    .map(({ network }) => network);

/** Sorts names of pages: networks, the newest first, and channels by their names. */
export function sortNames(names: readonly string[]): { networks: string[]; channels: string[] } {
  const networks = names.flatMap((name) => {
    const tag = fromStackName(name);
    return tag ? [{ name, tag }] : [];
  });
  return {
    networks: networks.sort((a, b) => compareBuildTags(b.tag, a.tag)).map(({ name }) => name),
    channels: names.filter((name) => !fromStackName(name)).sort(),
  };
}

/** `v1.2.3+1` for the name of a network, `1_2_3_1`; any other name stays as it is. */
export function tagOfName(name: string): string {
  const tag = fromStackName(name);
  return tag ? buildTag(tag) : name;
}
