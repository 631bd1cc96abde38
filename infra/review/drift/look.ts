import { promotionsOf } from "../../base/channel/records";
import type { Cloudflare, CloudflareObject, KvNamespace } from "../../base/clients/cloudflare";
import { hereWith } from "../../base/engine/recovery/here";
import { judgeFile } from "../../base/engine/recovery/lock";
import { orphanedPlugins } from "../../base/engine/recovery/orphans";
import { type Exported, exportedStack, listStacks, rootOutputs } from "../../base/engine/state";
import { atOnce } from "../../base/lib/at-once";
import { UserError } from "../../base/lib/errors";
import { listProcesses, type Process } from "../../base/lib/processes";
import type { Run } from "../../base/lib/run";
import { ofThisWorld } from "../../base/lib/worlds";
import { fromStackName } from "../../base/model/build-tag";
import type { Credentials } from "../../base/model/credentials";
import { edgeKeys } from "../../base/model/edge";
import { EdgeOutputs, readOutputs } from "../../base/model/outputs";
import { ChannelState, type Known, type Recorded } from "../../base/model/promotion";
import { type Settings, settingsUnder } from "../../base/model/settings";
import { readSimmerSummary, type SimmerSummary } from "../../base/model/simmer-summary";
import type { Store } from "../../base/store/contract";
import type { NetworkDriver, PlatformObject } from "../../deploy/network/driver";
import { commandsAt } from "./commands-at";
import { type Locks, readLocks } from "./locks";
import type { Unseen } from "./model";
import { allPlatforms } from "./platform";
import { type Here, isLiving, type SeenStack } from "./standing";

/** The systems that drift looks at. */
export interface Systems {
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Pick<
    Cloudflare,
    "allDnsRecords" | "workerScripts" | "workerDomains" | "kvNamespaces" | "listKv" | "getKv"
  >;
  readonly driverOf: (kind: Settings["driver"]) => Pick<NetworkDriver, "inventory">;
  readonly credentials: Credentials;
  /** `PULUMI_BACKEND_URL` */
  readonly backendUrl: string | undefined;
}

/** All that one look saw. What is undefined could not be looked at, and `unseen` says why. */
export interface Seen {
  readonly here: Here;
  readonly stacks: readonly SeenStack[];
  /** Names of the stacks that own anything, or are about to. */
  readonly living: ReadonlySet<string>;
  readonly platform?: readonly PlatformObject[];
  readonly records?: readonly CloudflareObject[];
  readonly scripts?: readonly CloudflareObject[];
  readonly domains?: readonly CloudflareObject[];
  readonly namespaces?: readonly CloudflareObject[];
  /** The edge's namespace; undefined without an edge. */
  readonly namespace?: KvNamespace;
  readonly keys?: readonly string[];
  /** What is known of the configured channels, but those that could not be looked at. */
  readonly channels: ReadonlyMap<string, Known>;
  /** All keys of the announcements' records. */
  readonly announcements?: readonly string[];
  /** Summaries of the living networks' simmers, by stack. */
  readonly simmers: ReadonlyMap<string, SimmerSummary>;
  /** Plugins of this world whose engine is dead. */
  readonly plugins: readonly Process[];
  /** All processes of this machine. */
  readonly processes: readonly Process[];
  readonly unseen: readonly Unseen[];
}

/** What a driver's inventory holds. */
const PLATFORM: Readonly<Record<Settings["driver"], string>> = {
  spacecraft: "clusters, disks and addresses",
  kubernetes: "namespaces",
};

/** Stacks that are read at the same time. */
const AT_ONCE = 3;

/**
 * Looks at everything once. Things come before the stacks that own them: a deployment makes its stack first, so what it
 * has made since is never seen without its stack.
 * @throws {UserError} when the stacks cannot be listed; then nothing can be judged
 */
export async function look(systems: Systems, run: Run): Promise<Seen> {
  const { settings, store, cloudflare } = systems;
  const { zoneId, accountId } = settings;
  const unseen: Unseen[] = [];
  const attempt = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof UserError)) throw error;
      unseen.push({ what, why: error.what.replace(/\.$/, ""), fix: error.fix });
      return undefined;
    }
  };
  const inventoryOf = (kind: Settings["driver"]) =>
    attempt(PLATFORM[kind], async () => systems.driverOf(kind).inventory(settingsUnder(kind, settings), run));
  const namespace = await attempt("the stack edge", () => namespaceOf(accountId, run));
  const [ofToday, records, scripts, domains, namespaces, keys] = await Promise.all([
    inventoryOf(settings.driver),
    attempt("DNS records", () => cloudflare.allDnsRecords(zoneId)),
    attempt("Workers", () => cloudflare.workerScripts(accountId)),
    attempt("hosts of Workers", () => cloudflare.workerDomains(accountId)),
    attempt("KV namespaces", () => cloudflare.kvNamespaces(accountId)),
    namespace && attempt("keys of the edge", () => cloudflare.listKv(namespace, "")),
  ]);
  const announcements = await attempt("announcements", () => store.list("announcements/"));
  const promotions = new Map<string, readonly Recorded[] | undefined>();
  for (const channel of settings.channels)
    promotions.set(channel, await attempt(`promotions of ${channel}`, () => promotionsOf(store, channel)));

  const names = (await listStacks(run)).sort();
  const processes = await listProcesses(run.signal);
  const locks = await attempt("locks of the stacks", () => readLocks(systems.backendUrl, systems.credentials, run));
  const now = run.clock.now();
  const here: Here = {
    judge: (stack, lock) => judgeFile(lock, hereWith((locks?.engines ?? []).filter((one) => one.stack === stack)), now),
    now,
    longestUpdate: longestUpdate(settings),
  };
  const ours = await ofThisWorld(processes.filter(({ args }) => /smeshnet|pulumi|go-spacecraft/.test(args)));
  const stacks = await atOnce(names, AT_ONCE, async (name): Promise<SeenStack> => {
    const state = await attempt(`stack ${name}`, () => exportedStack(name, run));
    return { name, state, ...handsOf(name, locks), workers: commandsAt(name, settings.channels, ours) };
  });
  const platform = await allPlatforms(stacks, { [settings.driver]: ofToday }, inventoryOf);
  const living = new Set(stacks.filter((stack) => isLivingOrUnknown(stack, here, unseen)).map(({ name }) => name));
  const channels = new Map<string, Known>();
  for (const name of settings.channels) {
    const stack = stacks.find((one) => one.name === name);
    const state = await attempt(`outputs of ${name}`, async () => stateIn(name, stack?.state));
    const recorded = promotions.get(name);
    const isUnread = stack !== undefined && stack.state === undefined;
    if (state && recorded && !isUnread) channels.set(name, { state, last: recorded.at(-1) });
  }
  const simmers = new Map<string, SimmerSummary>();
  for (const name of living) {
    if (!namespace || !fromStackName(name) || !keys?.includes(edgeKeys.simmer(name))) continue;
    const text = await attempt(`simmer of ${name}`, () => cloudflare.getKv(namespace, edgeKeys.simmer(name)));
    const summary = text === undefined ? undefined : readSimmerSummary(text);
    if (summary) simmers.set(name, summary);
  }
  const plugins = (await orphanedPlugins(processes)).filter(({ pid }) => ours.some((one) => one.pid === pid));
  return {
    here,
    stacks,
    living,
    ...{ platform, records, scripts, domains, namespaces, namespace, keys },
    ...{ channels, announcements, simmers, plugins, processes: ours, unseen },
  };
}

/** A stack that could not be read may own anything. */
const isLivingOrUnknown = (stack: SeenStack, here: Here, unseen: readonly Unseen[]): boolean =>
  isLiving(stack, here) || unseen.some(({ what }) => what === `stack ${stack.name}`);

const handsOf = (name: string, locks: Locks | undefined): Pick<SeenStack, "locks" | "isUpdating"> =>
  // Without a look at the locks, any stack may be in the hands of an engine.
  locks === undefined
    ? { locks: [], isUpdating: true }
    : { locks: locks.held.get(name) ?? [], isUpdating: locks.updating.has(name) };

const stateIn = (channel: string, exported: Exported | undefined): ChannelState =>
  exported ? readOutputs(ChannelState, channel, rootOutputs(exported)) : {};

/** The edge's namespace; undefined without an edge. */
async function namespaceOf(accountId: string, run: Run): Promise<KvNamespace | undefined> {
  const state = await exportedStack("edge", run);
  if (!state?.deployment.resources?.length) return undefined;
  return { accountId, namespaceId: readOutputs(EdgeOutputs, "edge", rootOutputs(state)).namespaceId };
}

/** Longest time that an update of a stack may take under some settings, in seconds. */
export function longestUpdate(settings: Settings): number {
  const { networkTimeout, archiveTimeout, readyTimeout, genesisDelay, layersPerEpoch, smokeLayers, layerDuration } =
    settings;
  // A network proves itself from its third epoch on (infra/deploy/smoke).
  const smoke = genesisDelay * 60 + (2 * layersPerEpoch + smokeLayers) * layerDuration;
  return 3 * networkTimeout + archiveTimeout + smoke + 12 * readyTimeout;
}
