import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { apiError, clusterApi, statusOf } from "../clients/cluster";
import { IN_NAMESPACE } from "../namespace";
import type { NetworkDriver, NetworkSpec } from "../network-spec";
import type { Store } from "../store";
import { UserError } from "../user-error";
import { cliConfig, nodeConfig } from "./cli-config";
import { deleteCluster, describeCluster, kubeconfigOf } from "./gcloud";
import { type Inspection, inspect, MARKER } from "./inspect";
import { recordStage, type Stage } from "./intents";
import { type Plan, planDown, planUp } from "./plan";
import { type Claim, spacecraft } from "./run";

/** Seconds between two looks at a cluster that GKE is changing. */
const LOOK_EVERY = 5;

/**
 * Makes networks with the go-spacecraft CLI. It exits 0 when it fails, has no time limits and cannot be run again, so
 * this driver looks before, limits the run, and believes what it finds afterwards.
 * @param store where intents are recorded
 * @param say takes progress for people
 */
export function spacecraftDriver(store: Store, say: (line: string) => void): NetworkDriver {
  /** The plan, once GKE has ended what an earlier run began; it tells that only by being asked. */
  const settled = async (plan: typeof planUp, spec: NetworkSpec, signal: AbortSignal) => {
    for (const end = Date.now() + spec.timeout * 1000; ; ) {
      const before = await inspect(spec, store, signal);
      const now = plan(before.found, spec);
      if (now.action !== "await") return { before, plan: now };
      if (Date.now() > end)
        throw new UserError(`${now.why} after ${spec.timeout} s: look at it with gcloud, then run this again`);
      say(`waiting: ${now.why}`);
      await delay(LOOK_EVERY * 1000, undefined, { signal });
    }
  };
  return {
    async up(spec, signal) {
      const { before, plan } = await settled(planUp, spec, signal);
      say(`${plan.action}: ${plan.why}`);
      if (plan.action === "adopt") return complete(before, plan.why);
      if (plan.action === "refuse") throw new UserError(plan.why);
      if (plan.action === "replace") await remove(spec, before, signal, say);
      return create(spec, store, signal, say);
    },

    async down(spec, signal) {
      const { before, plan } = await settled(planDown, spec, signal);
      const doing = { adopt: "nothing to do", create: "create", replace: "remove", refuse: "refuse" } as const;
      say(`${doing[plan.action]}: ${plan.why}`);
      if (plan.action === "refuse") throw new UserError(plan.why);
      if (plan.action === "replace") await remove(spec, before, signal, say);
      await note(store, spec, "removed");
    },

    async inspect(spec, signal) {
      const { found, facts } = await inspect(spec, store, signal);
      return { found, plan: planUp(found, spec) satisfies Plan, facts };
    },
  };
}

async function create(spec: NetworkSpec, store: Store, signal: AbortSignal, say: (line: string) => void) {
  await note(store, spec, "making");
  const marking = new Marking(spec, signal);
  const claim = await runCli("createNetwork", spec, signal, (line) => {
    say(line);
    if (line.includes("k8s cluster is ready")) marking.start();
  });
  if (await marking.done()) await note(store, spec, "made");
  const after = await inspect(spec, store, signal);
  return complete(after, `go-spacecraft ${claim.claimsSuccess ? "claims success" : "failed"}: ${claim.lastWords}`);
}

const note = (store: Store, { cluster, tag }: NetworkSpec, stage: Stage): Promise<void> =>
  recordStage(store, cluster, tag, stage, new Date());

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
async function remove(spec: NetworkSpec, before: Inspection, signal: AbortSignal, say: (line: string) => void) {
  const answers = before.found.cluster === "present" && before.found.progress !== undefined;
  const claim = answers ? await runCli("deleteNetwork", spec, signal, say) : await deleteCluster(spec, signal);
  if (await describeCluster(spec, signal)) {
    throw new UserError(
      `cluster ${spec.cluster} is still there: ${claim ? claim.lastWords : "gcloud did not delete it"}`,
    );
  }
}

/** Writes the config, reads it back (go-spacecraft ignores a broken one without a word) and runs the CLI. */
async function runCli(
  command: "createNetwork" | "deleteNetwork",
  spec: NetworkSpec,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<Claim> {
  const folder = await mkdtemp(join(tmpdir(), "smeshnet-"));
  const [configFile, nodeConfigFile] = [join(folder, "config.json"), join(folder, "node.json")];
  try {
    await writeFile(nodeConfigFile, JSON.stringify(nodeConfig(spec), null, 2));
    await writeFile(configFile, JSON.stringify(cliConfig(spec, nodeConfigFile), null, 2));
    const read = JSON.parse(await readFile(configFile, "utf8")) as Record<string, unknown>;
    if (read["network-name"] !== spec.cluster) throw new Error(`${configFile} does not hold what was written`);
    const { timeout } = spec;
    return await spacecraft({ command, network: spec.cluster, configFile, timeout, signal, onLine });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Marks the cluster as ours as soon as its API answers, while go-spacecraft goes on. */
class Marking {
  private marked: Promise<unknown> | undefined;

  constructor(
    private readonly spec: NetworkSpec,
    private readonly signal: AbortSignal,
  ) {}

  start(): void {
    this.marked ??= mark(this.spec, this.signal).catch((error: unknown) => error);
  }

  /** Whether there was a cluster to mark. @throws {UserError} when it could not be marked. */
  async done(): Promise<boolean> {
    const error = await this.marked;
    if (error !== undefined) throw apiError(`cluster ${this.spec.cluster} could not be marked as ours`, error);
    return this.marked !== undefined;
  }
}

async function mark(spec: NetworkSpec, signal: AbortSignal): Promise<void> {
  const { core } = clusterApi(await kubeconfigOf(spec, signal));
  const labels = { "app.kubernetes.io/managed-by": "smeshnet" };
  const body = { metadata: { name: MARKER, labels }, data: { tag: spec.tag } };
  try {
    await core.createNamespacedConfigMap({ namespace: IN_NAMESPACE, body });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}
