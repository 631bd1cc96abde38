import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import { UserError } from "../base/lib/errors";
import { listProcesses, type Process } from "../base/lib/processes";
import type { Run } from "../base/lib/run";
import { waitFor } from "../base/lib/wait";
import { type Environment, environmentOf, isSameWorld } from "../base/lib/worlds";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { edgeKeys } from "../base/model/edge";
import type { NetworkSpec } from "../base/model/network-spec";
import { ownerComment } from "../base/model/ownership";
import type { Leftover, NetworkDriver } from "../deploy/network/driver";
import { workersFor } from "./workers";

/** A network that should be gone. */
export interface Gone {
  readonly tag: BuildTag;
  readonly spec: NetworkSpec;
  /** The driver that created it. */
  readonly driver: Pick<NetworkDriver, "leftovers">;
  /** The zone at Cloudflare that held its records. */
  readonly zoneId: string;
  /** Where the edge kept its entry and config. */
  readonly namespace: KvNamespace;
  readonly cloudflare: Pick<Cloudflare, "dnsRecords" | "getKv">;
}

/** This machine, searched for processes. */
export interface SearchedSystems {
  /** All processes of this machine. */
  processes(signal: AbortSignal): Promise<readonly Process[]>;
  /** The environment of a process; empty when it cannot be read. */
  environment(pid: number): Promise<Environment>;
}

const THIS_MACHINE: SearchedSystems = { processes: listProcesses, environment: environmentOf };

/** Time limit for the last parts to disappear, in seconds. Cloudflare shows removed values for up to 60 s. */
const LIMIT = 120;

/** Time between two searches, in seconds. Each is three calls, and Cloudflare allows 1,200 in five minutes. */
const EVERY = 3;

/**
 * Everything that is left of a network. Empty when the network is gone. A cluster of the same name that we do not own is ignored.
 * @throws {UserError} when a system does not answer
 */
export async function leftOver(gone: Gone, run: Run, systems: SearchedSystems = THIS_MACHINE): Promise<Leftover[]> {
  const [network, ...others] = await Promise.all([
    gone.driver.leftovers(gone.spec, run),
    recordsLeft(gone),
    valuesLeft(gone),
    processesLeft(gone, run, systems),
  ]);
  return [...network, ...others.flat().map((what) => ({ what, stays: false }))];
}

/**
 * Resolves when nothing is left of a network. A network whose step `network` never finished is in no state, so that no
 * destroy removes what there is of it: that is told at once.
 * @throws {UserError} with all that is left, and how to remove each, when the time limit is over
 */
export async function nothingLeft(gone: Gone, run: Run, systems?: SearchedSystems): Promise<void> {
  let left: readonly Leftover[] = [];
  const look = async () => {
    left = [];
    left = await leftOver(gone, run, systems);
    if (left.length === 0 || left.some(({ stays }) => stays)) return { value: true };
    return { seen: inWords(left).replace(/\.$/, "") };
  };
  const text = buildTag(gone.tag);
  try {
    await waitFor(look, { what: `${text} to be fully removed`, limit: LIMIT, every: EVERY }, run);
  } catch (error) {
    const isTimeout = error instanceof UserError && error.code === "WaitTimedOut";
    if (!isTimeout || left.length === 0) throw error; // interrupted, or a system did not answer at last
    throw new UserError(
      "NetworkNotRemoved",
      `${text} was not fully removed after ${LIMIT} s. ${inWords(left)}`,
      "Then run the command again.",
    );
  }
  const staying = left.filter(({ stays }) => stays);
  if (staying.length > 0)
    throw new UserError(
      "NetworkNotRemoved",
      `${text} is not removed, and nobody is removing it. ${inWords(staying)}`,
      "Then run the command again.",
    );
}

const inWords = (left: readonly Leftover[]): string => left.map(({ what }) => what).join(" ");

async function recordsLeft({ tag, zoneId, cloudflare }: Gone): Promise<string[]> {
  const comment = ownerComment(buildTag(tag));
  const records = (await cloudflare.dnsRecords(zoneId, { comment })).filter((record) => record.comment === comment);
  if (records.length === 0) return [];
  const names = [...new Set(records.map(({ name }) => name))].join(", ");
  return [`DNS records ${names} still exist. Delete the records with the comment "${comment}" at Cloudflare.`];
}

async function valuesLeft({ tag, namespace, cloudflare }: Gone): Promise<string[]> {
  const keys = [edgeKeys.network(stackName(tag)), edgeKeys.config(stackName(tag))];
  const values = await Promise.all(keys.map((key) => cloudflare.getKv(namespace, key)));
  const left = keys.filter((_, i) => values[i] !== undefined);
  return left.map((key) => `Key ${key} still exists at the edge. Delete it in KV namespace ${namespace.namespaceId}.`);
}

async function processesLeft({ spec }: Gone, run: Run, systems: SearchedSystems): Promise<string[]> {
  const working = workersFor(spec, await systems.processes(run.signal), process.pid);
  if (working.length === 0) return [];
  const here = await systems.environment(process.pid);
  const environments = await Promise.all(working.map(({ pid }) => systems.environment(pid)));
  return working
    .filter((_, i) => isSameWorld(environments[i] ?? {}, here))
    .map(({ pid, args }) => `Process ${pid} still works for it (${args}). End it with \`kill ${pid}\`.`);
}
