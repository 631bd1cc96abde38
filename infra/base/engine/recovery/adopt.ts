import type { Cloudflare, CloudflareObject } from "../../clients/cloudflare";
import { sameKnown } from "../../lib/same-known";
import type { PendingOperation } from "../state";

/** How to find an object that Cloudflare would not create a second time, and that must not be removed. */
interface Lookup {
  /** All objects among which it would be. */
  readonly objects: (cloudflare: Cloudflare, inputs: Inputs) => Promise<CloudflareObject[]>;
  /** Inputs that identify it. Pulumi and Cloudflare have the same names for them. */
  readonly same: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;

/**
 * The kinds of objects that get their id from Cloudflare. DNS records are not among them (see stray-records.ts). All
 * other kinds have ids of our own.
 */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace": {
    objects: (cloudflare, { accountId }) => cloudflare.kvNamespaces(String(accountId)),
    same: ["title"],
  },
};

/** Ids, by URN, of the objects whose creation had begun and that do exist. */
export async function createdIds(
  pending: readonly PendingOperation[],
  cloudflare: Cloudflare,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { type, resource } of pending) {
    const lookup = LOOKUPS[resource.type];
    if (type !== "creating" || !lookup) continue;
    const inputs = resource.inputs ?? {};
    const found = sameObject(await lookup.objects(cloudflare, inputs), inputs, lookup.same);
    if (found) ids.set(resource.urn, found.id);
  }
  return ids;
}

/** The object that has the given inputs; undefined when all belong to somebody else. */
export const sameObject = (
  objects: readonly CloudflareObject[],
  inputs: Inputs,
  same: readonly string[],
): CloudflareObject | undefined => objects.find((object) => same.every((key) => sameKnown(object[key], inputs[key])));
