import { apiError, statusOf } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import type { Run } from "../../../base/lib/run";
import type { NetworkSpec } from "../../../base/model/network-spec";
import type { Store } from "../../../base/store/contract";
import type { NetworkDriver } from "../driver";
import { deleteCommand } from "./gcloud";
import { type Inspection, inspect } from "./inspect";
import { inventory } from "./inventory";
import { recordStage, type Stage } from "./ownership";
import { type Plan, planDown, planUp } from "./plan";
import { MARKER, type Platform } from "./platform";
import { type SpacecraftSpec, spacecraftSpec } from "./spec";

/** Seconds between two looks at a cluster that GKE is changing. */
const LOOK_EVERY = 5;

/** One call of the driver, and what it works with. */
interface Job {
  readonly spec: SpacecraftSpec;
  readonly run: Run;
  readonly store: Store;
  readonly platform: Platform;
}

/**
 * Creates networks with the go-spacecraft CLI. The CLI exits with 0 when it fails, has no time limits and cannot run
 * twice. So this driver inspects before, limits the run, and believes what it finds afterwards.
 * @param store records what the driver is about to create
 */
export function spacecraftDriver(store: Store, platform: Platform): NetworkDriver {
  const jobOf = (spec: NetworkSpec, run: Run): Job => ({ spec: spacecraftSpec(spec), run, store, platform });
  return {
    async preflight(given) {
      spacecraftSpec(given);
    },

    async up(spec, run) {
      const job = jobOf(spec, run);
      const { before, plan } = await awaitStableCluster(planUp, job);
      run.say(`${plan.action}: ${plan.why}`);
      if (plan.action === "adopt") return kept(before, plan.why, job);
      if (plan.action === "refuse") throw refused(plan);
      if (plan.action === "replace") await remove(before, job);
      return create(job);
    },

    async down(spec, run) {
      const job = jobOf(spec, run);
      const { before, plan } = await awaitStableCluster(planDown, job);
      const doing = { adopt: "nothing to do", create: "create", replace: "remove", refuse: "refuse" } as const;
      run.say(`${doing[plan.action]}: ${plan.why}`);
      if (plan.action === "refuse") throw refused(plan);
      if (plan.action === "replace") await remove(before, job);
      await note(job, "removed");
    },

    async inspect(given, run) {
      const spec = spacecraftSpec(given);
      const { found, facts } = await inspect(spec, store, platform, run.signal);
      return { found, plan: planUp(found, spec) satisfies Plan, facts };
    },

    facts: async (spec, run) => (await inspect(spacecraftSpec(spec), store, platform, run.signal)).facts,

    async kubeconfig(given, run) {
      const spec = spacecraftSpec(given);
      const { found, kubeconfig } = await inspect(spec, store, platform, run.signal);
      return found.cluster === "absent" || planDown(found, spec).action === "refuse" ? undefined : kubeconfig;
    },

    exists: async (spec, run) => (await platform.describe(spacecraftSpec(spec), run.signal)) !== undefined,

    async leftovers(given, run) {
      const spec = spacecraftSpec(given);
      const { found } = await inspect(spec, store, platform, run.signal);
      if (found.cluster === "absent" || planDown(found, spec).action === "refuse") return [];
      const command = deleteCommand(spec);
      const what = `Cluster ${spec.cluster} still exists (${found.status}). Delete it with \`${command}\`.`;
      return [{ what, stays: false }]; // the cloud's list may be behind
    },

    inventory: ({ gcpProject }, run) => inventory(gcpProject, store, platform, run.signal),
  };
}

function refused({ reason, why }: Extract<Plan, { action: "refuse" }>): UserError {
  const what = `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
  if (reason === "not ours")
    return new UserError(
      "ClusterNotOurs",
      `${what} It was left alone.`,
      "Rename or remove that cluster, then run the command again.",
    );
  return new UserError(
    "NetworkSizeChanged",
    `${what} A running network keeps its size.`,
    "Restore the settings, or release another build.",
  );
}

/** The plan, once GKE finished what an earlier run began; GKE reports that only when it is asked. */
async function awaitStableCluster(planOf: typeof planUp, { spec, run, store, platform }: Job) {
  const { clock, signal } = run;
  for (const end = clock.now() + spec.timeout * 1000; ; ) {
    const before = await inspect(spec, store, platform, signal);
    const plan = planOf(before.found, spec);
    if (plan.action !== "await") return { before, plan };
    if (clock.now() > end)
      throw new UserError(
        "ClusterBusy",
        `${plan.why} after ${spec.timeout} s.`,
        "Check the cluster with gcloud, then run the command again.",
      );
    run.say(`waiting: ${plan.why}`);
    await clock.sleep(LOOK_EVERY, signal);
  }
}

async function create(job: Job) {
  const { spec, run, store, platform } = job;
  await note(job, "making");
  const marking = new Marking(job);
  const onLine = (line: string) => {
    run.say(line);
    if (line.includes("k8s cluster is ready")) marking.start();
  };
  const claim = await platform.spacecraft("createNetwork", spec, run.signal, onLine);
  if (claim.nameTaken) throw await outrun(job);
  const marked = await marking.done();
  const after = await inspect(spec, store, platform, run.signal);
  if (after.found.cluster === "absent") await note(job, "not made");
  else if (marked && !after.facts) await note(job, "made", after.found.createTime);
  return kept(after, `go-spacecraft ${claim.claimsSuccess ? "claims success" : "failed"}: ${claim.lastWords}`, job);
}

/**
 * The error when somebody else created a cluster of that name since we looked. The intent ends, or it would become
 * ours.
 */
async function outrun(job: Job): Promise<UserError> {
  const what = `Somebody else just created a cluster ${job.spec.cluster}. It was left alone.`;
  try {
    await note(job, "not made");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return new UserError(
      "ClusterNotOurs",
      `${what} That could not be recorded: ${error.what} The next run would take the cluster for ours and remove it.`,
      "Remove or rename that cluster before you run the command again.",
    );
  }
  return new UserError("ClusterNotOurs", what, "Remove or rename that cluster, then run the command again.");
}

/**
 * A complete network. It is marked as ours if it is not yet, and the intent to create it is closed. @throws {UserError}
 */
async function kept(inspection: Inspection, context: string, job: Job) {
  const network = complete(inspection, context);
  const { found } = inspection;
  if (found.cluster === "present" && found.marker === undefined) await mark(job);
  if (found.cluster === "present" && found.intent !== undefined) await note(job, "made", found.createTime);
  return network;
}

const note = ({ store, spec: { cluster, tag }, run }: Job, stage: Stage, createTime?: string): Promise<void> =>
  recordStage(store, cluster, { tag, stage, at: new Date(run.clock.now()), createTime });

function complete({ found, facts, kubeconfig }: Inspection, context: string) {
  if (facts && kubeconfig) return { facts, kubeconfig };
  const state =
    found.cluster === "absent"
      ? "there is no cluster"
      : (found.progress?.missing.join(", ") ?? `the cluster is ${found.status} and does not answer`);
  throw new UserError(
    "NetworkIncomplete",
    `The network is not complete: ${state} (${context}).`,
    "Run the command again; it removes what is half-made.",
  );
}

/** By go-spacecraft while the API server answers, since it also removes the disks; else by gcloud. */
async function remove({ found }: Inspection, job: Job): Promise<void> {
  const { spec, run, platform } = job;
  if (found.cluster === "present") await note(job, "removing", found.createTime);
  const answers = found.cluster === "present" && found.progress !== undefined;
  const claim = answers
    ? await platform.spacecraft("deleteNetwork", spec, run.signal, run.say)
    : await platform.deleteCluster(spec, run.signal);
  if ((await platform.describe(spec, run.signal)) === undefined) return;
  throw new UserError(
    "ClusterNotRemoved",
    `Cluster ${spec.cluster} still exists: ${claim ? claim.lastWords : "gcloud did not delete it"}.`,
    `Delete it with \`${deleteCommand(spec)}\`, then run the command again.`,
  );
}

/** Marks the cluster as ours as soon as its API answers, while go-spacecraft continues. */
class Marking {
  private marked: Promise<boolean> | undefined;

  constructor(private readonly job: Job) {}

  start(): void {
    this.marked ??= mark(this.job).then(
      () => true,
      (error: unknown) => {
        this.job.run.say(`${error instanceof UserError ? error.what : String(error)} It will be tried again`);
        return false;
      },
    );
  }

  /** Whether there was a cluster, and it could be marked. */
  done(): Promise<boolean> {
    return this.marked ?? Promise.resolve(false);
  }
}

/** @throws {UserError} when the cluster could not be marked */
async function mark({ spec, run, platform }: Job): Promise<void> {
  const labels = { "app.kubernetes.io/managed-by": "smeshnet" };
  const body = { metadata: { name: MARKER, labels }, data: { tag: spec.tag } };
  const kubeconfig = await platform.kubeconfig(spec, run.signal);
  try {
    await platform.createConfigMap(kubeconfig, body);
  } catch (error) {
    if (statusOf(error) !== 409) throw apiError(`Cluster ${spec.cluster} could not be marked as ours`, error);
  }
}
