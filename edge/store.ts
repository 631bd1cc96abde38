import type { KVNamespace } from "@cloudflare/workers-types";
import { type DeploymentFailure, readDeploymentFailure } from "../infra/base/model/deployment-failure";
import { edgeKeys, edgePrefixes } from "../infra/base/model/edge";
import { readRecapLink } from "../infra/base/model/recap-link";
import { readSimmerSummary, type SimmerSummary } from "../infra/base/model/simmer-summary";
import { newestRetirementFirst, type Retired, readRetired } from "./history";
import { type ListedNetwork, readNetwork } from "./networks";

/** Number of values that KV gives in one read (Workers KV API, "Read key-value pairs"). */
const BULK = 100;

/** The networks that are readable, and the keys of values that are not. */
export interface StoredNetworks {
  readonly networks: readonly ListedNetwork[];
  readonly broken: readonly string[];
}

/** Reads all networks, in no order. A broken value does not affect the others. */
export async function storedNetworks(kv: KVNamespace): Promise<StoredNetworks> {
  const networks: ListedNetwork[] = [];
  const broken: string[] = [];
  for (const [name, value] of await valuesUnder(kv, edgePrefixes.network)) {
    const network = readNetwork(name, value);
    if (network) networks.push(network);
    else broken.push(`${edgePrefixes.network}${name}`);
  }
  return { networks, broken };
}

/** The retired networks with their stories, the newest retirement first. @param name of one network; all networks by default */
export async function storedHistory(kv: KVNamespace, name?: string): Promise<Retired[]> {
  const values = await valuesUnder(kv, edgePrefixes.history(name));
  const ofName = name === undefined ? "" : `${name}:`;
  const records = [...values].map(([key, value]) => [`${ofName}${key}`, value] as const);
  const keys = records.map(([key]) => key);
  const stories = await valuesOf(kv, edgePrefixes.recap, keys);
  return newestRetirementFirst(
    records.flatMap(([key, value]) => {
      const retired = readRetired(key, value);
      const story = readRecapLink(stories.get(key) ?? "");
      return retired ? [{ ...retired, ...(story && { story }) }] : [];
    }),
  );
}

/** The simmers of some networks, by their names. A name without a valid summary has none. */
export async function storedSimmers(kv: KVNamespace, names: readonly string[]): Promise<Map<string, SimmerSummary>> {
  const values = await valuesOf(kv, edgeKeys.simmer(""), names);
  return new Map(
    [...values].flatMap(([name, value]) => {
      const simmer = readSimmerSummary(value);
      return simmer ? [[name, simmer] as const] : [];
    }),
  );
}

/** The failures of deployments, by the names of their networks. A value that is no failure is left out. */
export async function storedFailures(kv: KVNamespace): Promise<Map<string, DeploymentFailure>> {
  const values = await valuesUnder(kv, edgePrefixes.failed);
  return new Map(
    [...values].flatMap(([name, value]) => {
      const failure = readDeploymentFailure(value);
      return failure ? [[name, failure] as const] : [];
    }),
  );
}

/** Values by their names, without the prefix of their keys. */
const valuesUnder = async (kv: KVNamespace, prefix: string): Promise<Map<string, string>> =>
  valuesOf(kv, prefix, await namesUnder(kv, prefix));

async function valuesOf(kv: KVNamespace, prefix: string, names: readonly string[]): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (let i = 0; i < names.length; i += BULK) {
    const keys = names.slice(i, i + BULK).map((name) => `${prefix}${name}`);
    for (const [key, value] of await kv.get(keys, "text")) {
      if (value !== null) values.set(key.slice(prefix.length), value); // a null value was removed between list and read
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
