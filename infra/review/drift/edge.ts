import type { CloudflareObject } from "../../base/clients/cloudflare";
import { fromStackName } from "../../base/model/build-tag";
import { edgeKeys, edgePrefixes } from "../../base/model/edge";
import * as mend from "./mend";
import type { Finding, Note } from "./model";

/** Name of the Worker and title of the namespace, as stacks/edge.ts gives them. */
const NAME = "smeshnet-edge";

/** What decides whose a key of the edge is. */
export interface KeysView {
  readonly keys: readonly string[];
  /** Names of the stacks that own anything, or are about to. */
  readonly living: ReadonlySet<string>;
  /** The configured channels. */
  readonly channels: readonly string[];
  /** URL of a key's value at Cloudflare's API. */
  readonly urlOf: (key: string) => string;
}

/** Keys that go with their network. */
const OF_LIVING = [edgeKeys.network(""), edgeKeys.config(""), edgeKeys.failed("")];
/** Keys that stay when their network is retired, and is in the history. */
const STAYING = [edgeKeys.page(""), edgeKeys.simmer(""), edgeKeys.certificate("")];
const HISTORY = "history:";

/** The keys of networks and channels that are gone. */
export function orphanedKeys(view: KeysView): Finding[] {
  const retired = retiredIn(view.keys);
  return view.keys.flatMap((key) => {
    const why = whyOrphaned(key, view, retired);
    return why === undefined
      ? []
      : [{ kind: "orphan" as const, what: `key ${key}`, why, mend: mend.removeAtCloudflare(view.urlOf(key), "kv") }];
  });
}

/** The stacks of networks that have a line in the history. */
export const retiredIn = (keys: readonly string[]): ReadonlySet<string> =>
  new Set(keys.filter((key) => key.startsWith(HISTORY)).map((key) => key.split(":")[1] ?? ""));

function whyOrphaned(key: string, { living, channels }: KeysView, retired: ReadonlySet<string>): string | undefined {
  const [, passing] = split(key, OF_LIVING);
  if (passing !== undefined && fromStackName(passing) && !living.has(passing))
    return `${mend.nameOf(passing)} has no living stack`;
  const [prefix, staying] = split(key, STAYING);
  if (staying === undefined || !isName(staying) || living.has(staying) || retired.has(staying)) return undefined;
  if (fromStackName(staying)) return `${mend.nameOf(staying)} has no living stack, and is not in the history`;
  return prefix === edgeKeys.page("") && !channels.includes(staying)
    ? `no channel ${staying} is configured`
    : undefined;
}

/** The names by which keys of ours can be called: stacks and channels. */
const isName = (name: string): boolean => fromStackName(name) !== undefined || /^[a-z][a-z0-9-]*$/.test(name);

function split(key: string, prefixes: readonly string[]): readonly [prefix?: string, rest?: string] {
  const prefix = prefixes.find((one) => key.startsWith(one));
  return prefix === undefined ? [] : [prefix, key.slice(prefix.length)];
}

/** The keys that nobody of us writes. */
export const foreignKeys = ({ keys }: Pick<KeysView, "keys">): Note[] =>
  keys
    .filter((key) => split(key, [...OF_LIVING, ...STAYING, HISTORY, edgePrefixes.recap])[1] === undefined)
    .map((key) => ({ what: `key ${key}`, why: "no step of ours writes such a key" }));

/** What decides whose Workers, hosts and namespaces are. */
export interface WorkersView {
  readonly scripts: readonly CloudflareObject[];
  readonly domains: readonly CloudflareObject[];
  readonly namespaces: readonly CloudflareObject[];
  /** Ids of all resources in all states. */
  readonly ids: ReadonlySet<string>;
  readonly accountId: string;
  /** URL of a path below the account at Cloudflare's API. */
  readonly urlOf: (path: string) => string;
}

/** The Workers, hosts and namespaces of ours that no stack knows. The Worker's name is ours in its account. */
export function orphanedWorkers({ scripts, domains, namespaces, ids, accountId, urlOf }: WorkersView): Finding[] {
  const orphan = (what: string, why: string, command: string): Finding => ({
    kind: "orphan",
    what,
    why,
    mend: command,
  });
  return [
    ...scripts
      .filter(({ id }) => isOurs(id) && !ids.has(id))
      .map(({ id }) =>
        orphan(
          `Worker ${id}`,
          "no stack knows it",
          mend.removeAtCloudflare(urlOf(`workers/scripts/${encodeURIComponent(id)}`), "workers"),
        ),
      ),
    ...domains
      .filter(({ id, service }) => isOurs(String(service)) && !ids.has(id))
      .map(({ id, hostname, service }) =>
        orphan(
          `host ${hostname} of Worker ${service}`,
          "no stack knows it",
          mend.removeAtCloudflare(urlOf(`workers/domains/${id}`), "workers"),
        ),
      ),
    // It may hold the pages and the history of all networks, so it is taken back and never deleted.
    ...namespaces
      .filter(({ id, title }) => title === NAME && !ids.has(id))
      .map(({ id }) =>
        orphan(`KV namespace ${NAME} (${id})`, "no stack knows it", mend.takeBackNamespace(accountId, id)),
      ),
  ];
}

/** The Worker of the edge, and one of another name that begins like it, such as a second one for a trial. */
const isOurs = (name: string): boolean => name === NAME || name.startsWith(`${NAME}-`);
