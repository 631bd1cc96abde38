import { cloudflareUrl } from "../../base/clients/cloudflare-call";
import { fromStackName } from "../../base/model/build-tag";
import { workersFor } from "../../retire/workers";
import { uncertain } from "./announcements";
import { foreignKeys, orphanedKeys, orphanedWorkers, retiredIn } from "./edge";
import type { Seen, Systems } from "./look";
import * as mend from "./mend";
import type { Drift, Finding, Note, Unseen } from "./model";
import { orphanedPlatform } from "./platform";
import { failing } from "./simmer";
import { halfDone, needless, unfinished, updatingStacks } from "./stacks";
import { handOn, resourcesOf, type SeenStack } from "./standing";
import { foreignRecords, orphanedRecords, type ZoneView } from "./zone";

/** Where it was looked. */
type Place = Pick<Systems, "settings" | "credentials">;

/** Everything that one look found, but the differences. */
export function findingsIn(seen: Seen, { settings, credentials }: Place): Finding[] {
  const { stacks, here, living, keys, namespace, channels: known } = seen;
  const { accountId, channels, retireAfter } = settings;
  const ids = idsIn(stacks);
  const unjudged = unjudgedIn(seen);
  const account = `accounts/${accountId}`;
  const reasons = { configured: channels, channels: known, retireAfter, ...(keys && { retired: retiredIn(keys) }) };
  const zone = zoneView(seen, { settings, credentials });
  const found: (Finding | undefined)[] = [
    ...stacks.map((stack) => unfinished(stack, here, leftOf(stack, seen))),
    ...channels.map((channel) =>
      halfDone(
        channel,
        known.get(channel) ?? { state: {} },
        stacks.find(({ name }) => name === channel),
        here,
      ),
    ),
    ...seen.plugins.map(({ pid, args }) => ({
      kind: "unfinished" as const,
      what: `process ${pid}`,
      why: `${/pulumi-resource-[a-z]+/.exec(args)?.[0] ?? args} lost its engine`,
      mend: mend.end(pid),
    })),
    ...(seen.platform ? orphanedPlatform(seen.platform, living, unjudged) : []),
    ...(zone ? orphanedRecords(zone) : []),
    ...(keys && namespace
      ? orphanedKeys({
          keys,
          living,
          channels,
          urlOf: (key) =>
            cloudflareUrl(
              credentials,
              `${account}/storage/kv/namespaces/${namespace.namespaceId}/values/${encodeURIComponent(key)}`,
            ),
        })
      : []),
    ...(unjudged.has("edge")
      ? []
      : orphanedWorkers({
          scripts: seen.scripts ?? [],
          domains: seen.domains ?? [],
          namespaces: seen.namespaces ?? [],
          ids,
          accountId,
          urlOf: (path) => cloudflareUrl(credentials, `${account}/${path}`),
        })),
    ...stacks.map((stack) => needless(stack, reasons, here)),
    ...stacks.map((stack) => failing(stack, seen.simmers.get(stack.name), known, settings, here)),
    ...(seen.announcements
      ? uncertain(
          seen.announcements,
          channels.filter((channel) => !unjudged.has(channel)),
        )
      : []),
  ];
  return found.filter((finding) => finding !== undefined);
}

/** The stacks that an engine is at, which may just be making or removing things, and those that cannot be read. */
const unjudgedIn = ({ stacks, here }: Seen): ReadonlySet<string> =>
  new Set(
    stacks
      .filter((stack) => stack.state === undefined || handOn(stack, here).kind === "updating")
      .map(({ name }) => name),
  );

function zoneView(seen: Seen, { settings, credentials }: Place): ZoneView | undefined {
  const { records, living, stacks } = seen;
  if (!records) return undefined;
  const urlOf = (id: string) => cloudflareUrl(credentials, `zones/${settings.zoneId}/dns_records/${id}`);
  return { records, living, unjudged: unjudgedIn(seen), ids: idsIn(stacks), settings, urlOf };
}

/** Ids of all resources in all states. */
const idsIn = (stacks: readonly SeenStack[]): ReadonlySet<string> =>
  new Set(stacks.flatMap((stack) => resourcesOf(stack).flatMap(({ id }) => id ?? [])));

/** What is left of a network outside its state. */
function leftOf({ name }: SeenStack, { platform = [], processes }: Seen): string[] {
  const tag = fromStackName(name);
  if (!tag) return [];
  const text = mend.nameOf(name);
  const things = platform.filter((one) => one.tag === text);
  const cluster = things.find(({ isRoot }) => isRoot)?.name ?? "";
  const working = workersFor({ tag: text, cluster }, processes, process.pid);
  return [
    ...things.map((one) => `${one.kind} ${one.name} (${one.state})`),
    ...working.map(({ pid, args }) => `process ${pid}: ${args}`),
  ];
}

/** What a look tells, with the findings that were confirmed. */
export function report(
  seen: Seen,
  findings: readonly Finding[],
  more: readonly Unseen[],
  { settings, credentials }: Place,
): Drift {
  const { stacks, here, living, keys = [] } = seen;
  const zone = zoneView(seen, { settings, credentials });
  const foreign: Note[] = [...(zone ? foreignRecords(zone) : []), ...foreignKeys({ keys })];
  return {
    schema: 1,
    looked: {
      edge: living.has("edge"),
      channels: stacks
        .map(({ name }) => name)
        .filter((name) => living.has(name) && name !== "edge" && !fromStackName(name)),
      networks: stacks
        .map(({ name }) => name)
        .filter((name) => living.has(name) && fromStackName(name))
        .map(mend.nameOf),
    },
    findings,
    unseen: [...seen.unseen, ...more],
    updating: updatingStacks(stacks, here),
    foreign,
  };
}
