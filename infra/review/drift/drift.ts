import { cloudflareUrl } from "../../base/clients/cloudflare-call";
import { previewRefresh } from "../../base/engine/refresh";
import type { Run } from "../../base/lib/run";
import { fromStackName } from "../../base/model/build-tag";
import { workersFor } from "../../retire/workers";
import { uncertain } from "./announcements";
import { foreignKeys, orphanedKeys, orphanedWorkers, retiredIn } from "./edge";
import { inTurns } from "./in-turns";
import { look, type Seen, type Systems } from "./look";
import * as mend from "./mend";
import { type Drift, type Finding, isSame, type Note, type Unseen } from "./model";
import { clusterGone, orphanedPlatform } from "./platform";
import { failing } from "./simmer";
import { halfDone, needless, unfinished, updatingStacks } from "./stacks";
import { type Here, handOn, resourcesOf, type SeenStack } from "./standing";
import { foreignRecords, orphanedRecords, type ZoneView } from "./zone";

/** Stacks that are compared with the world at the same time; each takes an engine and its plugins. */
const AT_ONCE = 2;

/** Milliseconds without a word; a longer look is worth a line of progress. */
const QUIET = 2000;

/**
 * Finds all that is not as the stacks say, and all that is ours and of no stack. Changes nothing. Whatever it finds, it
 * sees twice: what was under way at the first look has arrived, or is seen to be under way, at the second.
 * @throws {UserError} when the stacks cannot be listed
 */
export async function drift(systems: Systems, run: Run): Promise<Drift> {
  const tell = quiet(run);
  tell("looking at stacks, clusters, records and keys");
  const first = await look(systems, run);
  const differences = await differencesOf(first, tell, run);
  const found = findingsIn(first, systems);
  if (found.length === 0 && differences.found.length === 0) return report(first, [], differences.unseen, systems);
  tell("looking again at what was found");
  const second = await look(systems, run);
  const again = findingsIn(second, systems);
  const confirmed = [
    ...again.filter((finding) => found.some((one) => isSame(one, finding))),
    ...differences.found.filter(({ stack }) => isUnchanged(stack, second)).map(({ finding }) => finding),
  ];
  return report(second, confirmed, differences.unseen, systems);
}

/** Says a line once a look has taken a while. */
function quiet({ say, clock }: Run): (line: string) => void {
  const start = clock.now();
  return (line) => clock.now() - start >= QUIET && say(line);
}

interface Differences {
  readonly found: readonly { readonly stack: SeenStack; readonly finding: Finding }[];
  readonly unseen: readonly Unseen[];
}

/** Compares every settled stack with the world. */
async function differencesOf(seen: Seen, tell: (line: string) => void, run: Run): Promise<Differences> {
  const found: { stack: SeenStack; finding: Finding }[] = [];
  const unseen: Unseen[] = [];
  const settled = seen.stacks.filter((stack) => isSettled(stack, seen));
  let done = 0;
  await inTurns(settled, AT_ONCE, async (stack) => {
    done += 1;
    tell(`comparing ${mend.nameOf(stack.name)} with the world (${done} of ${settled.length})`);
    const gone = seen.platform && clusterGone(stack, seen.platform);
    if (gone) return void found.push({ stack, finding: gone });
    const refreshed = await previewRefresh(stack.name, run);
    if (refreshed.kind === "failed")
      unseen.push({
        what: `resources of ${mend.nameOf(stack.name)}`,
        why: refreshed.reason,
        fix: `Run \`pulumi refresh --preview-only --stack ${stack.name}\` to see more.`,
      });
    else found.push(...refreshed.differences.map((one) => ({ stack, finding: differenceIn(stack, one) })));
  });
  found.sort((a, b) => (a.finding.what < b.finding.what ? -1 : 1));
  return { found, unseen };
}

const isSettled = (stack: SeenStack, { here }: Seen): boolean =>
  resourcesOf(stack).length > 0 && handOn(stack, here).kind === "none" && unfinished(stack, here, []) === undefined;

/** A resource that is gone or changed. */
function differenceIn(
  { name }: SeenStack,
  {
    urn,
    how,
    properties,
  }: { readonly urn: string; readonly how: "gone" | "changed"; readonly properties: readonly string[] },
): Finding {
  const [, , types = "", resource = ""] = urn.split("::");
  const kind = types.split("$").at(-1)?.split(":").at(-1) ?? "";
  return {
    kind: "difference",
    what: `${kind} ${resource} of ${mend.nameOf(name)}`,
    why: how === "gone" ? "it does not exist any more" : `changed: ${properties.join(", ")}`,
    mend: mend.bringBack(name),
  };
}

/** Whether nobody touched a stack since. */
function isUnchanged(stack: SeenStack, { stacks, here }: Seen): boolean {
  const now = stacks.find(({ name }) => name === stack.name);
  return (
    now !== undefined && handOn(now, here).kind === "none" && JSON.stringify(now.state) === JSON.stringify(stack.state)
  );
}

/** Everything that one look found, but the differences. */
function findingsIn(seen: Seen, { settings, credentials }: Systems): Finding[] {
  const { stacks, here, living, keys, namespace } = seen;
  const { accountId, channels, retireAfter } = settings;
  const { channels: known } = seen;
  const ids = idsIn(stacks);
  const busy = busyIn(stacks, here);
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
    ...(seen.platform ? orphanedPlatform(seen.platform, living, busy) : []),
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
    ...orphanedWorkers({
      scripts: seen.scripts ?? [],
      domains: seen.domains ?? [],
      namespaces: seen.namespaces ?? [],
      ids,
      accountId,
      urlOf: (path) => cloudflareUrl(credentials, `${account}/${path}`),
    }),
    ...stacks.map((stack) => needless(stack, reasons, here)),
    ...stacks.map((stack) => failing(stack, seen.simmers.get(stack.name), known, settings, here)),
    ...(seen.announcements
      ? uncertain(
          seen.announcements,
          channels.filter((channel) => !busy.has(channel)),
        )
      : []),
  ];
  return found.filter((finding) => finding !== undefined);
}

/** The stacks that an engine is at; it may be removing what looks like an orphan. */
const busyIn = (stacks: readonly SeenStack[], here: Here): ReadonlySet<string> =>
  new Set(stacks.filter((stack) => handOn(stack, here).kind === "updating").map(({ name }) => name));

function zoneView(
  seen: Seen,
  { settings, credentials }: Pick<Systems, "settings" | "credentials">,
): ZoneView | undefined {
  const { records, living, stacks } = seen;
  if (!records) return undefined;
  const urlOf = (id: string) => cloudflareUrl(credentials, `zones/${settings.zoneId}/dns_records/${id}`);
  return { records, living, ids: idsIn(stacks), settings, urlOf };
}

/** Ids of all resources in all states, and of those that a killed engine was creating. */
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

function report(
  seen: Seen,
  findings: readonly Finding[],
  more: readonly Unseen[],
  { settings, credentials }: Systems,
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
