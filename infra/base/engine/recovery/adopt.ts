import { type CloudflareObject, cloudflareObjects } from "../../clients/cloudflare";
import type { PendingOperation } from "../state";

/** How an object that Cloudflare would not create a second time, and that must not be removed, is found. */
interface Lookup {
  /** The collection it would be in. */
  readonly path: (inputs: Inputs) => string;
  /** Inputs in which it must be the same as what we were creating; Cloudflare's names for them are equal. */
  readonly same: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;

/** Kinds whose id is Cloudflare's to give. DNS records are not among them: see strays.ts. The others are put at paths of our own. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace": {
    path: ({ accountId }) => `accounts/${accountId}/storage/kv/namespaces?per_page=100`,
    same: ["title"],
  },
};

/** Ids, by URN, of the objects that were being created and do exist. */
export async function createdIds(pending: readonly PendingOperation[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { type, resource } of pending) {
    const lookup = LOOKUPS[resource.type];
    if (type !== "creating" || !lookup) continue;
    const inputs = resource.inputs ?? {};
    const found = theOne(await cloudflareObjects(lookup.path(inputs)), inputs, lookup.same);
    if (found) ids.set(resource.urn, found.id);
  }
  return ids;
}

/** The object that is the same in the given inputs; somebody else's is not. Pure. */
export const theOne = (
  objects: readonly CloudflareObject[],
  inputs: Inputs,
  same: readonly string[],
): CloudflareObject | undefined => objects.find((object) => same.every((key) => object[key] === inputs[key]));
