import type { V1Namespace } from "@kubernetes/client-node";
import { apiError, statusOf } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import type { Run } from "../../../base/lib/run";
import { type Look, waitFor } from "../../../base/lib/wait";
import type { NetworkSpec } from "../../../base/model/network-spec";
import type { Store } from "../../../base/store/contract";
import type { NetworkDriver } from "../driver";
import { complete, kept } from "./completion";
import { factsIn, type Inspection, inspect } from "./inspect";
import { inventory } from "./inventory";
import type { Job } from "./job";
import { requireTap } from "./made";
import { MANAGED_BY, OWNER, paths, RESTRICTED } from "./names";
import { openJob, openOrGone } from "./open";
import { requireRights } from "./permissions";
import { isOurs, type Plan, planDown, planUp } from "./plan";
import { requirePriorityClass } from "./priority";
import { removeNamespace } from "./removal";
import { requireQuota, requireRoom } from "./room";
import { checkNumbers, lateStart } from "./rules";
import { kubernetesSpecOf } from "./spec";
import { recordWhereabouts, type Stage } from "./whereabouts";
import type { World } from "./world";

/** Seconds between two looks at what a cluster makes. */
const LOOK_EVERY = 0.5;

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
    async preflight(given, run) {
      checkNumbers(kubernetesSpecOf(given));
      await told(run, `The network ${given.tag} cannot be made`, async () => {
        const { api, spec } = await open(given, run);
        const { found, made } = await inspect(api, spec);
        const plan = planUp(found, spec, run.clock.now());
        if (plan.action === "refuse") throw refused(plan);
        if (plan.action !== "replace") requireTap(spec, made);
        if (plan.action === "create") {
          await requireRights(api, spec, true);
          await requirePriorityClass(api, spec);
          await requireRoom(api, spec, run);
        }
      });
    },

    async up(given, run) {
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
      return isOurs((await inspect(api, spec)).found, spec);
    },

    async leftovers(given, run) {
      const job = await openOrGone(start(given, run), gone);
      if ("gone" in job) return [];
      const { api, spec } = job;
      const { found } = await inspect(api, spec);
      if (found.namespace === "absent" || !isOurs(found, spec)) return [];
      const command = `kubectl --context ${spec.kubernetes.context} delete namespace ${spec.namespace}`;
      const what = `Namespace ${spec.namespace} still exists (${found.phase}). Delete it with \`${command}\`.`;
      return [{ what, stays: found.phase !== "Terminating" }];
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
  if (plan.action !== "replace") requireTap(spec, inspection.made);
  if (plan.action === "adopt") return kept(job, inspection);
  await requireRights(job.api, spec, plan.action !== "complete");
  await requirePriorityClass(job.api, spec);
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
    metadata: {
      name: spec.namespace,
      labels: { ...MANAGED_BY, ...RESTRICTED },
      annotations: { [OWNER]: spec.tag },
    },
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
