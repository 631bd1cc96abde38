import type { KVNamespace } from "@cloudflare/workers-types";
import { newestRetirementFirst, type Retired, readRetired } from "./history";
import { type ListedNetwork, readNetwork } from "./networks";

/** As many values as KV gives in one read (Workers KV API, "Read key-value pairs"). */
const BULK = 100;

/** The networks that can be read, and the keys of those that cannot. */
export interface StoredNetworks {
  readonly networks: readonly ListedNetwork[];
  readonly broken: readonly string[];
}

/** Reads every network under `network:`, in no order; a value that is broken costs only itself. */
export async function storedNetworks(kv: KVNamespace): Promise<StoredNetworks> {
  const networks: ListedNetwork[] = [];
  const broken: string[] = [];
  for (const [name, value] of await valuesUnder(kv, "network:")) {
    const network = readNetwork(name, value);
    if (network) networks.push(network);
    else broken.push(`network:${name}`);
  }
  return { networks, broken };
}

/** The networks that are gone, the newest retirement first; with a name only those of that name. */
export async function storedHistory(kv: KVNamespace, name?: string): Promise<Retired[]> {
  const of = name === undefined ? "" : `${name}:`;
  const values = await valuesUnder(kv, `history:${of}`);
  return newestRetirementFirst([...values].flatMap(([key, value]) => readRetired(`${of}${key}`, value) ?? []));
}

/** Values by their names, without the prefix of their keys. */
async function valuesUnder(kv: KVNamespace, prefix: string): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const names = await namesUnder(kv, prefix);
  for (let i = 0; i < names.length; i += BULK) {
    const keys = names.slice(i, i + BULK).map((name) => `${prefix}${name}`);
    for (const [key, value] of await kv.get(keys, "text")) {
      if (value !== null) values.set(key.slice(prefix.length), value); // else removed between the list and the read
    }
  }
  return values;
}

/** The names of all keys with a prefix, without it. */
export async function namesUnder(kv: KVNamespace, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await kv.list({ prefix, cursor });
    names.push(...page.keys.map(({ name }) => name.slice(prefix.length)));
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  return names;
}
