import { readFile, readlink } from "node:fs/promises";
import { type CloudflareObject, cloudflareObjects, getKv, type KvNamespace } from "../base/clients/cloudflare";
import type { Clock } from "../base/lib/clock";
import { listProcesses, type Process } from "../base/lib/processes";
import { waitFor } from "../base/lib/wait";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import type { NetworkSpec } from "../base/model/network-spec";
import { ownerComment } from "../base/model/ownership";
import type { Store } from "../base/store/contract";
import { inspect } from "../deploy/network/spacecraft/inspect";
import { type ClusterFound, planDown } from "../deploy/network/spacecraft/plan";
import { googleCloud } from "../deploy/network/spacecraft/platform";

/** A network that should be gone. */
export interface Gone {
  readonly tag: BuildTag;
  readonly spec: NetworkSpec;
  /** The zone at Cloudflare that held its records. */
  readonly zoneId: string;
  /** Where the edge keeps its entry and config. */
  readonly namespace: KvNamespace;
  /** The archive store, whose intents tell whether a cluster of that name is ours. */
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Where is looked for what is left. */
export interface SearchedSystems {
  cluster(gone: Gone): Promise<ClusterFound>;
  /** The DNS records with a comment. */
  records(zoneId: string, comment: string): Promise<readonly CloudflareObject[]>;
  value(namespace: KvNamespace, key: string): Promise<string | undefined>;
  /** All processes of this machine. */
  processes(signal: AbortSignal): Promise<readonly Process[]>;
  /** The environment of a process, and its working directory under the name ""; empty when it is not to be had. */
  environment(pid: number): Promise<Environment>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Google Cloud, Cloudflare and this machine. */
export const REAL_SYSTEMS: SearchedSystems = {
  cluster: async ({ spec, store, signal }) => (await inspect(spec, store, googleCloud, signal)).found,
  records: (zoneId, comment) =>
    cloudflareObjects(`zones/${zoneId}/dns_records?comment.exact=${encodeURIComponent(comment)}&per_page=100`),
  value: getKv,
  processes: listProcesses,
  environment: environmentOf,
};

/**
 * What is left of a network, each in words with what to do about it; nothing when it is gone without a trace. A cluster of
 * its name that is somebody else's is nothing of it.
 * @throws {UserError} when a place does not answer
 */
export async function leftOver(gone: Gone, places: SearchedSystems = REAL_SYSTEMS): Promise<string[]> {
  const found = await Promise.all([
    clusterLeft(gone, places),
    recordsLeft(gone, places),
    valuesLeft(gone, places),
    processesLeft(gone, places),
  ]);
  return found.flat();
}

/**
 * Resolves when nothing is left. What was removed a moment ago may be shown for a while, so that it looks again.
 * @param limit longest wait, in seconds
 * @throws {UserError} naming all that is left, with what to do about each
 */
export async function nothingLeft(
  gone: Gone,
  {
    limit = 60,
    say,
    places,
    clock,
  }: { limit?: number; say: (line: string) => void; places?: SearchedSystems; clock?: Clock },
): Promise<void> {
  const look = async () => {
    const left = await leftOver(gone, places);
    return left.length === 0 ? { value: true } : { seen: left.join("; ") };
  };
  const what = `nothing to be left of ${buildTag(gone.tag)}`;
  await waitFor(look, { what, limit, every: 2, say, signal: gone.signal, clock });
}

async function clusterLeft(gone: Gone, places: SearchedSystems): Promise<string[]> {
  const { spec } = gone;
  const found = await places.cluster(gone);
  const { action } = planDown(found, spec);
  if (found.cluster === "absent" || action === "refuse") return [];
  const { project, location } = spec.gcp;
  const command = `gcloud container clusters delete ${spec.cluster} --location ${location} --project ${project}`;
  return [`cluster ${spec.cluster} is still there, ${found.status}: delete it with ${command}`];
}

async function recordsLeft({ tag, zoneId }: Gone, places: SearchedSystems): Promise<string[]> {
  const comment = ownerComment(buildTag(tag));
  const records = (await places.records(zoneId, comment)).filter((record) => record.comment === comment);
  if (records.length === 0) return [];
  const names = [...new Set(records.map(({ name }) => name))].join(", ");
  return [`the zone still names ${names}: delete the records with the comment "${comment}" at Cloudflare`];
}

async function valuesLeft({ tag, namespace }: Gone, places: SearchedSystems): Promise<string[]> {
  const keys = ["network", "config"].map((kind) => `${kind}:${stackName(tag)}`);
  const values = await Promise.all(keys.map((key) => places.value(namespace, key)));
  const left = keys.filter((_, i) => values[i] !== undefined);
  return left.map((key) => `the edge still has ${key}: delete that key in KV namespace ${namespace.namespaceId}`);
}

async function processesLeft(gone: Gone, places: SearchedSystems): Promise<string[]> {
  const working = workersFor(gone.spec, await places.processes(gone.signal), process.pid);
  const environments = await Promise.all(working.map(({ pid }) => places.environment(pid)));
  const here = { ...process.env, [FOLDER]: process.cwd() };
  return working
    .filter((_, i) => isSameWorld(environments[i] ?? {}, here))
    .map(({ pid, args }) => `process ${pid} still works for it (${args}): end it with kill ${pid}`);
}

/** Verbs of a tag that change nothing of its network, or wait for the stack's lock before they do. */
const HARMLESS = /scripts\/(status|history|deploy|release|retire|recover|archive\.\w+ (list|show|verify)|guard)\b/;

/**
 * The processes that work for a network: go-spacecraft, and the steps of its stack. Pure.
 * @param self id of a process that does not count, and neither do those that have started it
 */
export function workersFor({ tag, cluster }: NetworkSpec, processes: readonly Process[], self: number): Process[] {
  const ours = ancestry(self, processes);
  return processes.filter(({ pid, args }) => {
    const words = args.split(" ");
    const isSpacecraft = /(^|\/| )go-spacecraft /.test(args) && words.includes(cluster);
    const isVerb = /(^|\/| )scripts\/[\w-]+\.[jt]s /.test(args) && words.includes(tag) && !HARMLESS.test(args);
    return (isSpacecraft || isVerb) && !ours.has(pid);
  });
}

/** A process and all that it descends from. */
function ancestry(pid: number, processes: readonly Process[]): Set<number> {
  const ids = new Set<number>();
  const parents = new Map(processes.map((one) => [one.pid, one.parent]));
  for (let id: number | undefined = pid; id !== undefined && !ids.has(id); id = parents.get(id)) ids.add(id);
  return ids;
}

/** What tells apart two worlds on one machine, which may both have a network of this tag. */
const WORLD = ["PULUMI_BACKEND_URL", "ARCHIVE", "SMESHNET_ARCHIVE", "SPACECRAFT_HOME"];

/**
 * Whether two processes may be about the same network: nothing that both have been told is different, and if there is
 * nothing of the kind, they work in the same folder. One of which nothing is known may be. Pure.
 */
export function isSameWorld(a: Environment, b: Environment): boolean {
  const told = WORLD.filter((name) => a[name] !== undefined && b[name] !== undefined);
  if (told.length > 0) return told.every((name) => a[name] === b[name]);
  return a[FOLDER] === undefined || b[FOLDER] === undefined || a[FOLDER] === b[FOLDER];
}

/** Key of the working directory; no variable has this name. */
const FOLDER = "";

/** Linux alone tells it, and only of one's own processes. */
async function environmentOf(pid: number): Promise<Environment> {
  const [text, folder] = await Promise.all([
    readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  ]);
  const variables = text.split("\0").filter((line) => line.includes("="));
  return { ...Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2))), [FOLDER]: folder };
}
