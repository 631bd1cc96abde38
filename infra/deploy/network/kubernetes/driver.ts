import type { V1Namespace } from "@kubernetes/client-node";
import { apiError, statusOf } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { UserError } from "../../../base/lib/errors";
import type { Run } from "../../../base/lib/run";
import { type Look, waitFor } from "../../../base/lib/wait";
import type { NetworkFacts } from "../../../base/model/network-facts";
import type { NetworkSpec } from "../../../base/model/network-spec";
import type { Store } from "../../../base/store/contract";
import type { NetworkDriver } from "../driver";
import { factsIn, type Inspection, inspect, progressIn } from "./inspect";
import { inventory } from "./inventory";
import type { Job } from "./job";
import { makeOnce } from "./made";
import type { Placed } from "./metadata";
import { COMPLETED, MANAGED_BY, OWNER, paths } from "./names";
import { networkObjects } from "./objects";
import { openJob, openOrGone } from "./open";
import { requireRights } from "./permissions";
import { isOurs, type Plan, planDown, planUp } from "./plan";
import { removeNamespace } from "./removal";
import { requireQuota, requireRoom } from "./room";
import { checkNumbers, lateStart } from "./rules";
import { patiently } from "./silence";
import { kubernetesSpecOf } from "./spec";
import { recordWhereabouts, type Stage } from "./whereabouts";
import type { World } from "./world";

/** Seconds between two looks at what a cluster makes. */
const LOOK_EVERY = 1;

/**
 * Creates networks of today's nodes as objects of Kubernetes, each in a namespace of its own. The namespace is marker and
 * intent in one: it bears the build tag from its first moment on.
 * @param store records in which cluster a network was made
 * @param gone uid of a cluster that the operator says is gone for good, so that its networks can be retired
 */
export function kubernetesDriver(store: Store, world: World, gone?: string): NetworkDriver {
  const start = (spec: NetworkSpec, run: Run) => ({ spec: kubernetesSpecOf(spec), run, store, world });
  const open = (spec: NetworkSpec, run: Run) => openJob(start(spec, run));
  return {
    up(given, run) {
      checkNumbers(kubernetesSpecOf(given));
      return told(run, `The network ${given.tag} cannot be made`, async () => up(await open(given, run)));
    },

    down: (given, run) =>
      told(run, `The network ${given.tag} cannot be removed`, async () => {
        const job = await openOrGone(start(given, run), gone);
        if (!("gone" in job)) return down(job);
        await note({ ...start(given, run), cluster: job.gone }, "removed");
      }),

    async inspect(given, run) {
      const { api, spec } = await open(given, run);
      const inspection = await inspect(api, spec);
      const { found } = inspection;
      return { found, plan: planUp(found, spec, run.clock.now()), facts: factsIn(inspection) };
    },

    async facts(given, run) {
      const { api, spec } = await open(given, run);
      return factsIn(await inspect(api, spec));
    },

    async kubeconfig(given, run) {
      const { api, spec, kubeconfig } = await open(given, run);
      const { found } = await inspect(api, spec);
      return isOurs(found, spec) ? kubeconfig : undefined;
    },

    async exists(given, run) {
      const job = await openOrGone(start(given, run), gone);
      if ("gone" in job) return false;
      const { api, spec } = job;
      return (await inspect(api, spec)).found.namespace === "present";
    },

    async leftovers(given, run) {
      const job = await openOrGone(start(given, run), gone);
      if ("gone" in job) return [];
      const { api, spec } = job;
      const { found } = await inspect(api, spec);
      if (found.namespace === "absent" || !isOurs(found, spec)) return [];
      const command = `kubectl --context ${spec.kubernetes.context} delete namespace ${spec.namespace}`;
      return [`Namespace ${spec.namespace} still exists (${found.phase}). Delete it with \`${command}\`.`];
    },

    inventory: (settings, run) => inventory(settings.kubeContext, world, run.signal),
  };
}

/** What a call of a cluster's API throws is told as what it stopped. */
async function told<T>({ signal }: Run, problem: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    signal.throwIfAborted();
    throw apiError(problem, error);
  }
}

async function up(job: Job) {
  const { spec, run } = job;
  const { inspection, plan } = await settled(job);
  run.say(`${plan.action}: ${plan.why}`);
  if (plan.action === "refuse") throw refused(plan);
  if (plan.action === "adopt") return kept(job, inspection);
  await requireRights(job.api, spec, plan.action !== "complete");
  const late = lateStart(spec);
  if (late !== undefined) run.say(late);
  if (plan.action === "replace") await removeNamespace(job, inspection.found);
  if (plan.action !== "complete") await createNamespace(job);
  await requireRoomInside(job, inspection);
  return complete(job);
}

async function down(job: Job): Promise<void> {
  const { api, spec, run } = job;
  const { found } = await inspect(api, spec);
  const plan = planDown(found, spec);
  run.say(`${{ adopt: "nothing to do", replace: "remove", refuse: "refuse" }[plan.action]}: ${plan.why}`);
  if (plan.action === "refuse") throw refused(plan);
  if (plan.action === "replace") await removeNamespace(job, found);
  await note(job, "removed");
}

type Noted = Pick<Job, "store" | "spec" | "run" | "cluster">;

const note = ({ store, spec: { namespace, tag }, run, cluster }: Noted, stage: Stage): Promise<void> =>
  recordWhereabouts(store, namespace, { tag, cluster, stage, at: new Date(run.clock.now()).toISOString() });

/** The plan, once the cluster has removed what an earlier run gave up. */
async function settled({ spec, run, api }: Job): Promise<{ inspection: Inspection; plan: Plan }> {
  const look = async (): Promise<Look<{ inspection: Inspection; plan: Plan }>> => {
    const inspection = await inspect(api, spec);
    const plan = planUp(inspection.found, spec, run.clock.now());
    return plan.action === "await" ? { seen: plan.why } : { value: { inspection, plan } };
  };
  const what = `the namespace ${spec.namespace} to be removed`;
  return waitFor(look, { what, limit: spec.timeout, every: LOOK_EVERY }, run);
}

function refused({ reason, why }: Extract<Plan, { action: "refuse" }>): UserError {
  const what = `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
  if (reason === "not ours")
    return new UserError(
      "NamespaceNotOurs",
      `${what} It was left alone.`,
      `Rename or remove that namespace. If it was prepared for this network, annotate it with ${OWNER}.`,
    );
  return new UserError(
    "NetworkSizeChanged",
    `${what} A running network keeps its size.`,
    "Restore the settings, or release another build.",
  );
}

/** Records first in which cluster, since a namespace that nobody knows of would be lost. */
async function createNamespace(job: Job): Promise<void> {
  const { api, spec, run } = job;
  await requireRoom(api, spec, run);
  await note(job, "making");
  const object: V1Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: spec.namespace, labels: MANAGED_BY, annotations: { [OWNER]: spec.tag } },
  };
  try {
    await api.create(paths(spec.namespace).namespaces, object);
  } catch (error) {
    if (statusOf(error) !== 409) throw apiError(`Namespace ${spec.namespace} cannot be created`, error);
    // Another run of the same step just created it, or somebody else did.
    const plan = planUp((await inspect(api, spec)).found, spec, run.clock.now());
    if (plan.action === "refuse") throw refused(plan);
  }
}

/** A cluster may give each new namespace a quota. A namespace that is still empty is removed again. */
async function requireRoomInside(job: Job, { made }: Inspection): Promise<void> {
  if (made) return;
  try {
    await requireQuota(job.api, job.spec);
  } catch (error) {
    const { found, made: now } = await inspect(job.api, job.spec);
    if (!now && found.namespace === "present" && !(await isPrepared(job))) await removeNamespace(job, found);
    throw error;
  }
}

/** Whether somebody prepared the namespace for us: it lacks the label that we give our own. */
async function isPrepared({ api, spec }: Job): Promise<boolean> {
  const namespace = await api.find<V1Namespace>(paths(spec.namespace).namespace);
  return namespace?.metadata?.labels?.["app.kubernetes.io/managed-by"] !== "smeshnet";
}

/** Makes all that is missing, and waits for it. */
async function complete(job: Job) {
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

/** One after the other: a rerun finds them in the order in which they were made. */
async function apply(api: ObjectApi, all: readonly Placed[]): Promise<void> {
  for (const { path, object } of all) await api.apply(path, object);
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
async function kept(job: Job, inspection: Inspection) {
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
  const late = Date.parse(made.genesisTime) + spec.poetPhases.phaseShift * 1000 < job.run.clock.now();
  if (late && !found.completed)
    job.run.say("the network was complete after the first round of the poets began: it makes blocks an epoch later");
  return { facts, kubeconfig };
}

/** Every node answers, has the right genesis, and found another one. Nodes of another genesis never meet, silently. */
async function joined({ spec, run, world }: Job, { nodes }: NetworkFacts, genesisId: string): Promise<void> {
  const left = new Set(nodes);
  const look = async (): Promise<Look<UserError | undefined>> => {
    const told = await Promise.all([...left].map(async (node) => ({ node, ...(await world.ask(node)) })));
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
