import type { Lock, LockFile } from "../../../../infra/base/engine/recovery/lock";
import type { Exported, StateResource } from "../../../../infra/base/engine/state";
import { STEPS } from "../../../../infra/base/model/steps";
import type { Here, SeenStack } from "../../../../infra/review/drift/standing";

/** 1 December 2026, in milliseconds since 1970. */
export const NOW = Date.parse("2026-12-01T00:00:00Z");

/** A machine vm, on which the engine 7 is alive and all others are dead. */
export const HERE: Here = {
  judge(_, { lock = { user: "", host: "", pid: 0, since: "" } }) {
    const why = `${lock.user}@${lock.host} (pid ${lock.pid}, since ${lock.since})`;
    if (lock.host !== "vm") return { is: "unknown", why: `${why} is updating it or was killed` };
    return lock.pid === 7
      ? { is: "living", why: `${why} is updating it` }
      : { is: "dead", why: `its engine was killed (${why})` };
  },
  now: NOW,
  longestUpdate: 3600,
};

const urn = (type: string, name: string) => `urn:pulumi:1_2_3_1::smeshnet::smeshnet:components:Any$${type}::${name}`;

export const stepResource = (name: string): StateResource => ({
  urn: urn("command:local:Command", name),
  type: "command:local:Command",
});

export const recordResource = (name: string): StateResource => ({
  urn: urn("cloudflare:index/dnsRecord:DnsRecord", name),
  type: "cloudflare:index/dnsRecord:DnsRecord",
  id: `id of ${name}`,
});

/** The stack itself, with its outputs. */
export const root = (outputs: Record<string, unknown> = {}): StateResource => ({
  urn: "urn:pulumi:1_2_3_1::smeshnet::pulumi:pulumi:Stack::smeshnet-1_2_3_1",
  type: "pulumi:pulumi:Stack",
  outputs,
});

export const stateOf = (
  resources: readonly StateResource[],
  pending: readonly [string, StateResource][] = [],
): Exported => ({
  deployment: { resources, pending_operations: pending.map(([type, resource]) => ({ type, resource })) },
});

/** A complete network. */
export const COMPLETE = [
  root({ genesisId: "9eeb" }),
  ...[STEPS.devnext, STEPS.history, STEPS.network, STEPS.logArchive, STEPS.smoke, STEPS.guard].map(stepResource),
  recordResource("api"),
];

/** A complete network in nobody's hands, unless changed. */
export const stack = (changes: Partial<SeenStack> = {}): SeenStack => ({
  name: "1_2_3_1",
  state: stateOf(COMPLETE),
  locks: [],
  isUpdating: false,
  workers: [],
  ...changes,
});

export const lock = (changes: Partial<Lock> = {}): LockFile => ({
  key: "locks/organization/smeshnet/1_2_3_1/a.json",
  text: "",
  lock: { user: "root", host: "vm", pid: 8, since: "2026-11-30T23:30:00Z", ...changes },
  isLocal: true,
});
