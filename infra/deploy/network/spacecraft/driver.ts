import { apiError, statusOf } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import type { NetworkSpec } from "../../../base/model/network-spec";
import type { Store } from "../../../base/store/contract";
import type { NetworkDriver } from "../driver";
import { type Inspection, inspect } from "./inspect";
import { recordStage, type Stage } from "./ownership";
import { type Plan, planDown, planUp } from "./plan";
import { googleCloud, MARKER, type Platform } from "./platform";

/** Seconds between two looks at a cluster that GKE is changing. */
const LOOK_EVERY = 5;

/** One call of the driver: for what, and with what. */
interface Job {
  readonly spec: NetworkSpec;
  readonly signal: AbortSignal;
  readonly store: Store;
  readonly platform: Platform;
  readonly say: (line: string) => void;
}

/**
 * Makes networks with the go-spacecraft CLI. It exits 0 when it fails, has no time limits and cannot be run again, so
 * this driver looks before, limits the run, and believes what it finds afterwards.
 * @param store where intents are recorded
 * @param say takes progress for people
 */
export function spacecraftDriver(
  store: Store,
  say: (line: string) => void,
  platform: Platform = googleCloud,
): NetworkDriver {
  const job = (spec: NetworkSpec, signal: AbortSignal): Job => ({ spec, signal, store, platform, say });
  return {
    async up(spec, signal) {
      const { before, plan } = await awaitStableCluster(planUp, job(spec, signal));
      say(`${plan.action}: ${plan.why}`);
      if (plan.action === "adopt") return kept(before, plan.why, job(spec, signal));
      if (plan.action === "refuse") throw new UserError(plan.why);
      if (plan.action === "replace") await remove(before, job(spec, signal));
      return create(job(spec, signal));
    },

    async down(spec, signal) {
      const { before, plan } = await awaitStableCluster(planDown, job(spec, signal));
      const doing = { adopt: "nothing to do", create: "create", replace: "remove", refuse: "refuse" } as const;
      say(`${doing[plan.action]}: ${plan.why}`);
      if (plan.action === "refuse") throw new UserError(plan.why);
      if (plan.action === "replace") await remove(before, job(spec, signal));
      await note(job(spec, signal), "removed");
    },

    async inspect(spec, signal) {
      const { found, facts } = await inspect(spec, store, platform, signal);
      return { found, plan: planUp(found, spec) satisfies Plan, facts };
    },
  };
}

/** The plan, once GKE has ended what an earlier run began; it tells that only by being asked. */
async function awaitStableCluster(plan: typeof planUp, { spec, signal, store, platform, say }: Job) {
  const { clock } = platform;
  for (const end = clock.now() + spec.timeout * 1000; ; ) {
    const before = await inspect(spec, store, platform, signal);
    const now = plan(before.found, spec);
    if (now.action !== "await") return { before, plan: now };
    if (clock.now() > end)
      throw new UserError(`${now.why} after ${spec.timeout} s: look at it with gcloud, then run this again`);
    say(`waiting: ${now.why}`);
    await clock.sleep(LOOK_EVERY, signal);
  }
}

async function create(job: Job) {
  const { spec, signal, store, platform, say } = job;
  await note(job, "making");
  const marking = new Marking(job);
  const claim = await platform.spacecraft("createNetwork", spec, signal, (line) => {
    say(line);
    if (line.includes("k8s cluster is ready")) marking.start();
  });
  if (claim.nameTaken) throw await outrun(job);
  const marked = await marking.done();
  const after = await inspect(spec, store, platform, signal);
  if (after.found.cluster === "absent") await note(job, "not made");
  else if (marked && !after.facts) await note(job, "made", after.found.createTime);
  return kept(after, `go-spacecraft ${claim.claimsSuccess ? "claims success" : "failed"}: ${claim.lastWords}`, job);
}

/** What to say when somebody else has made a cluster of that name since we looked. The intent ends, or it would become ours. */
async function outrun(job: Job): Promise<UserError> {
  const what = `somebody else has just made a cluster ${job.spec.cluster}; it was left alone`;
  try {
    await note(job, "not made");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const danger = "the next run will take it for ours and remove it unless it is gone by then";
    return new UserError(`${what}, but that could not be written down and ${danger}: ${error.message}`);
  }
  return new UserError(`${what}: remove it, then run this again`);
}

/** A complete network, marked as ours if it is not yet, and the intent to make it closed. @throws {UserError} */
async function kept(inspection: Inspection, context: string, job: Job) {
  const network = complete(inspection, context);
  const { found } = inspection;
  if (found.cluster === "present" && found.marker === undefined) await mark(job);
  if (found.cluster === "present" && found.intent !== undefined) await note(job, "made", found.createTime);
  return network;
}

const note = ({ store, spec: { cluster, tag }, platform }: Job, stage: Stage, createTime?: string): Promise<void> =>
  recordStage(store, cluster, tag, stage, new Date(platform.clock.now()), createTime);

function complete({ found, facts, kubeconfig }: Inspection, context: string) {
  if (facts && kubeconfig) return { facts, kubeconfig };
  const state =
    found.cluster === "absent"
      ? "there is no cluster"
      : (found.progress?.missing.join(", ") ?? `the cluster is ${found.status} and does not answer`);
  throw new UserError(
    `the network is not complete: ${state}; ${context}; run this again: what is half-made is removed`,
  );
}

/** By go-spacecraft while the API server answers, since it also removes the disks; else by gcloud. */
async function remove({ found }: Inspection, job: Job): Promise<void> {
  const { spec, signal, platform, say } = job;
  if (found.cluster === "present") await note(job, "removing", found.createTime);
  const answers = found.cluster === "present" && found.progress !== undefined;
  const claim = answers
    ? await platform.spacecraft("deleteNetwork", spec, signal, say)
    : await platform.deleteCluster(spec, signal);
  if (await platform.describe(spec, signal)) {
    throw new UserError(
      `cluster ${spec.cluster} is still there: ${claim ? claim.lastWords : "gcloud did not delete it"}`,
    );
  }
}

/** Marks the cluster as ours as soon as its API answers, while go-spacecraft goes on. */
class Marking {
  private marked: Promise<boolean> | undefined;

  constructor(private readonly job: Job) {}

  start(): void {
    this.marked ??= mark(this.job).then(
      () => true,
      (error: unknown) => {
        this.job.say(`${(error as Error).message}: that will be tried again`);
        return false;
      },
    );
  }

  /** Whether there was a cluster, and it could be marked. */
  done(): Promise<boolean> {
    return this.marked ?? Promise.resolve(false);
  }
}

/** @throws {UserError} when the cluster could not be marked. */
async function mark({ spec, signal, platform }: Job): Promise<void> {
  const labels = { "app.kubernetes.io/managed-by": "smeshnet" };
  const body = { metadata: { name: MARKER, labels }, data: { tag: spec.tag } };
  const kubeconfig = await platform.kubeconfig(spec, signal);
  try {
    await platform.createConfigMap(kubeconfig, body);
  } catch (error) {
    if (statusOf(error) !== 409) throw apiError(`cluster ${spec.cluster} could not be marked as ours`, error);
  }
}
