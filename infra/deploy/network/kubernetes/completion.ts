import type { V1Namespace } from "@kubernetes/client-node";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { serviceProxy } from "../../../base/clients/kubernetes/service-proxy";
import { UserError } from "../../../base/lib/errors";
import { limiter } from "../../../base/lib/limiter";
import { together } from "../../../base/lib/together";
import { type Look, waitFor } from "../../../base/lib/wait";
import type { NetworkFacts } from "../../../base/model/network-facts";
import { factsIn, type Inspection, inspect, progressIn } from "./inspect";
import type { Job } from "./job";
import { makeOnce } from "./made";
import type { Placed } from "./metadata";
import { COMPLETED, OWNER, paths } from "./names";
import { networkObjects } from "./objects";
import { patiently } from "./silence";
import { troublesOf } from "./troubles";

/** Seconds between two looks at what a cluster makes. */
const LOOK_EVERY = 0.5;

/** Requests at the same time: each has a connection of its own, and an API server limits what one client asks. */
const APPLIED_AT_ONCE = 8;

/** Makes all that is missing, and waits for it. */
export async function complete(job: Job) {
  const { api, spec, run } = job;
  const made = await makeOnce(api, spec, run.clock.now());
  run.say(`genesis is at ${made.genesisTime}, its id is ${made.genesisId}`);
  const objects = networkObjects(made);
  await apply(api, objects.first);
  await apply(api, objects.poets);
  await ready(job, "poets");
  await apply(api, objects.nodes);
  await ready(job, "all");
  return kept(job, await inspect(api, spec));
}

/** Objects that do not depend on each other, a few at a time. Once one fails, no other is begun. */
async function apply(api: ObjectApi, all: readonly Placed[]): Promise<void> {
  const limit = limiter(APPLIED_AT_ONCE);
  let isFailed = false;
  const applied = all.map(({ path, object }) =>
    limit(async () => {
      if (isFailed) return;
      try {
        await api.apply(path, object);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }),
  );
  await together(...applied);
}

async function ready({ api, spec, run }: Job, what: "poets" | "all"): Promise<void> {
  const look = async () => {
    const { missing, readyPoets } = await progressIn(api, spec);
    const isDone = what === "all" ? missing.length === 0 : readyPoets >= spec.poets;
    return isDone ? { value: true } : { seen: missing.join(", ") };
  };
  const name = what === "all" ? `the network ${spec.tag} to be complete` : `the poets of ${spec.tag}`;
  const patient = () => patiently(run.signal, look);
  await waitFor(patient, { what: name, limit: spec.timeout, every: LOOK_EVERY }, run);
}

/** A complete network, each of whose nodes has the genesis that was made for it. @throws {UserError} */
export async function kept(job: Job, inspection: Inspection) {
  const { spec, kubeconfig } = job;
  const { found, made } = inspection;
  const facts = factsIn(inspection);
  if (!facts || !made || found.namespace === "absent") {
    const missing = found.namespace === "absent" ? "the namespace is gone" : found.progress.missing.join(", ");
    throw new UserError(
      "NetworkIncomplete",
      `The network is not complete: ${missing}.`,
      "Run the command again; it makes what is missing.",
    );
  }
  await joined(job, facts, made.genesisId);
  if (!found.completed) await markCompleted(job);
  for (const trouble of troublesOf(inspection.listed?.pods ?? [])) job.run.say(trouble);
  const late = Date.parse(made.genesisTime) + spec.poetPhases.phaseShift * 1000 < job.run.clock.now();
  if (late && !found.completed)
    job.run.say("the network was complete after the first round of the poets began: it makes blocks an epoch later");
  return { facts, kubeconfig };
}

/** Every node answers, has the right genesis, and found another one. Nodes of another genesis never meet, silently. */
async function joined(
  { spec, run, world, kubeconfig }: Job,
  { nodes }: NetworkFacts,
  genesisId: string,
): Promise<void> {
  const proxy = serviceProxy(() => kubeconfig, run.signal); // opened by a node that has no address outside
  const left = new Set(nodes);
  const look = async (): Promise<Look<UserError | undefined>> => {
    const told = await Promise.all([...left].map(async (node) => ({ node, ...(await world.ask(node, proxy)) })));
    const other = told.find((one) => one.genesisId !== genesisId);
    if (other) return { value: otherGenesis(other.node.name, other.genesisId, genesisId) };
    for (const { node, peers } of told) if (peers > 0 || nodes.length === 1) left.delete(node);
    if (left.size === 0) return { value: undefined };
    return { seen: `${[...left].map(({ name }) => name).join(", ")} without peers` };
  };
  const what = `all nodes of ${spec.tag} to meet`;
  const wrong = await waitFor(look, { what, limit: spec.timeout, every: LOOK_EVERY }, run);
  if (wrong) throw wrong;
}

const otherGenesis = (name: string, told: string, expected: string): UserError =>
  new UserError(
    "NodeGenesisOther",
    `${name} has the genesis id ${told}, and the network's config gives ${expected}.`,
    "Check the image of the node: it is of another network, or of a version that reads the config in another way.",
  );

async function markCompleted({ api, spec, run }: Job): Promise<void> {
  const object: V1Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: spec.namespace,
      annotations: { [OWNER]: spec.tag, [COMPLETED]: new Date(run.clock.now()).toISOString() },
    },
  };
  await api.apply(paths(spec.namespace).namespace, object);
}
