import type { KVNamespace } from "@cloudflare/workers-types";
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
  const names = await namesUnder(kv, "network:");
  for (let i = 0; i < names.length; i += BULK) {
    const keys = names.slice(i, i + BULK).map((name) => `network:${name}`);
    for (const [key, value] of await kv.get(keys, "text")) {
      if (value === null) continue; // retired between the list and the read
      const network = readNetwork(key.slice("network:".length), value);
      if (network) networks.push(network);
      else broken.push(key);
    }
  }
  return { networks, broken };
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
