import type { V1ConfigMap, V1Secret } from "@kubernetes/client-node";
import { UserError } from "../../../infra/base/lib/errors";
import type { Run } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { NetworkFacts } from "../../../infra/base/model/network-facts";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import type { Store } from "../../../infra/base/store/contract";
import type { NetworkDriver } from "../../../infra/deploy/network/driver";
import { kubernetesDriver } from "../../../infra/deploy/network/kubernetes/driver";
import { genesisIdOf } from "../../../infra/deploy/network/kubernetes/genesis-id";
import { makeOnce } from "../../../infra/deploy/network/kubernetes/made";
import { BOOTSTRAP, minerName, OWNER, poetName, range1 } from "../../../infra/deploy/network/kubernetes/names";
import { networkObjects } from "../../../infra/deploy/network/kubernetes/objects";
import { kubernetesSpecOf } from "../../../infra/deploy/network/kubernetes/spec";
import { recordWhereabouts } from "../../../infra/deploy/network/kubernetes/whereabouts";
import type { World } from "../../../infra/deploy/network/kubernetes/world";
import { settingsWith } from "../../support/settings";
import { MemoryStore } from "../archive/memory-store";
import { Process, SimulatedTime } from "../time";
import { drawFaults, type Fault, Faults } from "./faults";
import { SimulatedCluster } from "./server";

export const TAG = "v1.2.3+1";
const NAME = "v1-2-3-1";

const SETTINGS = settingsWith({
  driver: "kubernetes",
  kubeContext: "shared",
  miners: 4,
  bootnodes: 2,
  poets: 2,
  genesisDelay: 5,
  layerDuration: 30,
  layersPerEpoch: 8,
  poetPhaseShift: 60,
  poetCycleGap: 40,
  networkTimeout: 300,
});
const tag = parseBuildTag(TAG);
export const SPEC = kubernetesSpecOf(networkSpec(tag, SETTINGS, versionsOf(tag, SETTINGS.versions)));

/** What one run amounts to: a good network, a failure that says so, or neither, with the reasons. */
export interface Outcome {
  readonly verdict: "good" | "honest" | "dishonest";
  readonly ending: "done" | "failed" | "killed" | "interrupted";
  readonly why: readonly string[];
}

export interface Launch {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly first: Outcome;
  /** The same again when the faults are mended. */
  readonly again: Outcome;
  /** And its removal. */
  readonly removed: Outcome;
}

/** How a driver is made. */
export type MakeDriver = (store: Store, world: World) => NetworkDriver;

/** The world of one launch. */
class Place {
  readonly time = new SimulatedTime();
  readonly faults: Faults;
  readonly cluster: SimulatedCluster;
  readonly store = new MemoryStore();

  constructor(faults: readonly Fault[]) {
    this.faults = new Faults(faults);
    this.cluster = new SimulatedCluster(this.time, this.faults);
  }

  world(process: Process): World {
    const { cluster, faults } = this;
    return {
      open: async (_, signal) => ({ api: cluster.api(process, signal), kubeconfig: "the way into the cluster" }),
      ask: async ({ name }) => {
        await process.sleep(0.1);
        if (faults.strikes("node does not answer"))
          throw new UserError("NodeSilent", `${name} does not answer.`, "Check that the node runs.");
        const genesisId = this.genesisId() ?? "";
        const id = faults.get("other genesis") && name === "miner-2" ? "f".repeat(40) : genesisId;
        return { genesisId: id, peers: faults.get("node without peers") && name === "miner-3" ? 0 : 3 };
      },
    };
  }

  /** When the nodes' config puts genesis. */
  genesisTime(): string | undefined {
    const config = this.cluster.objects.get(`/api/v1/namespaces/${NAME}/configmaps/network`)?.object as
      | V1ConfigMap
      | undefined;
    return config?.data?.["genesis-time"];
  }

  /** As nodes compute it from their config. */
  genesisId(): string | undefined {
    const time = this.genesisTime();
    return time === undefined ? undefined : genesisIdOf(time, TAG).id;
  }
}

/** Plays the launch of a seed. */
export async function launch(
  seed: number,
  driver: MakeDriver = kubernetesDriver,
  faults: readonly Fault[] = drawFaults(seed),
): Promise<Launch> {
  const place = new Place(faults);
  await place.time.until(prepare(place));
  const first = await up(place, driver, faults);
  place.faults.mend();
  clearForeign(place);
  const again = await up(place, driver, []);
  const removed = await down(place, driver);
  return { seed, faults, first, again, removed };
}

async function up(place: Place, driver: MakeDriver, faults: readonly Fault[]): Promise<Outcome> {
  const find = (kind: Fault["kind"]) => faults.find((one) => one.kind === kind);
  const process = new Process(place.time);
  const interrupt = new AbortController();
  const at = (seconds: number, act: () => void) => place.time.at(place.time.now + seconds * 1000, act);
  const [killed, interrupted, another] = [
    find("killed at a moment"),
    find("interrupted at a moment"),
    find("another run at once"),
  ];
  if (killed) at(killed.at, () => process.kill());
  if (interrupted) at(interrupted.at, () => interrupt.abort());
  const other = another && new Process(place.time);
  const runs = [
    ended(place, process, runOf(place, process, driver, interrupt.signal)),
    ...(other
      ? [
          ended(
            place,
            other,
            other.sleep(another.at).then(() => runOf(place, other, driver)),
          ),
        ]
      : []),
  ];
  const [result] = await place.time.until(Promise.all(runs));
  const trespasses = place.cluster.trespasses.map((what) => `something of somebody else was touched: ${what}`);
  const rewritten = place.cluster.rewritten.map((what) => `what is there was changed: ${what}`);
  const lies = [...trespasses, ...rewritten];
  if (result === "killed") return verdictOf("killed", lies);
  if (result instanceof Error || result === undefined) {
    const ending = interrupt.signal.aborted ? "interrupted" : "failed";
    const odd = ending === "failed" && !isHonest(result) ? [`it says ${String(result)}`] : [];
    const outcome = verdictOf(ending, [...lies, ...odd]);
    return outcome.verdict === "dishonest" ? outcome : { ...outcome, why: [String(result)] };
  }
  const wrong = [...lies, ...(await wrongs(place, result as { facts: NetworkFacts }))];
  return { verdict: wrong.length === 0 ? "good" : "dishonest", ending: "done", why: wrong };
}

const verdictOf = (ending: Outcome["ending"], why: readonly string[]): Outcome => ({
  verdict: why.length > 0 ? "dishonest" : "honest",
  ending,
  why,
});

const runOf = (place: Place, process: Process, driver: MakeDriver, signal = new AbortController().signal) => {
  const run: Run = { signal, say: () => undefined, clock: process };
  return driver(storeOf(place, process), place.world(process)).up(SPEC, run);
};

/** A killed process never ends; its watcher sees that it is gone. */
async function ended(place: Place, process: Process, run: Promise<unknown>): Promise<unknown> {
  const watcher = new Process(place.time);
  let result: unknown;
  let isOver = false;
  const over = run.then(
    (value) => {
      result = value;
      isOver = true;
    },
    (error: unknown) => {
      result = error;
      isOver = true;
    },
  );
  while (!isOver && !process.dead) await Promise.race([over, watcher.sleep(1)]);
  return isOver ? result : "killed";
}

function storeOf({ store, faults }: Place, process: Process): Store {
  return {
    put: async (key, content) => {
      await process.sleep(0.01);
      if (faults.strikes("disk full"))
        throw new UserError("StoreNotWritable", "The store cannot be written (ENOSPC).", "Make room.");
      return store.put(key, content);
    },
    get: (key) => store.get(key),
    list: (prefix) => store.list(prefix),
    probe: () => store.probe(),
  };
}

async function down(place: Place, driver: MakeDriver): Promise<Outcome> {
  const process = new Process(place.time);
  const run: Run = { signal: new AbortController().signal, say: () => undefined, clock: process };
  const error = await place.time.until(
    driver(storeOf(place, process), place.world(process))
      .down(SPEC, run)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
  );
  const left = [...place.cluster.objects.keys()].filter((path) => path.includes(NAME));
  const why = [...(error ? [String(error)] : []), ...left.map((path) => `${path} is left`)];
  return { verdict: why.length === 0 ? "good" : "dishonest", ending: error ? "failed" : "done", why };
}

/** What is there before the launch. */
async function prepare(place: Place): Promise<void> {
  const { cluster, faults, time, store } = place;
  const path = `/api/v1/namespaces/${NAME}`;
  const foreign = faults.get("namespace of somebody else");
  if (foreign) {
    const annotations: Record<string, string> = foreign.part === "unmarked" ? {} : { [OWNER]: foreign.part };
    cluster.put(path, { metadata: { name: NAME, annotations } });
    cluster.put(`${path}/configmaps/theirs`, { metadata: { name: "theirs" } });
    return;
  }
  const leftover = faults.get("leftover of ours") ?? faults.get("complete, and a node is gone");
  if (faults.get("made in another cluster")) {
    const at = new Date(time.now).toISOString();
    await recordWhereabouts(store, NAME, { tag: TAG, cluster: "cluster-2", stage: "making", at });
  }
  if (leftover) await leave(leftover.part || "completed", place);
}

/** Leaves what an earlier run of the same tag left. */
async function leave(part: string, { cluster, time }: Place): Promise<void> {
  const path = `/api/v1/namespaces/${NAME}`;
  cluster.put(path, { metadata: { name: NAME, annotations: { [OWNER]: TAG } } });
  if (part === "empty") return;
  const calm = new SimulatedCluster(time, new Faults([]));
  for (const [key, entry] of cluster.objects) calm.objects.set(key, entry);
  const process = new Process(time);
  const api = calm.api(process, new AbortController().signal);
  const made = await makeOnce(api, SPEC, time.now);
  const { first, poets, nodes } = networkObjects(made);
  if (part === "keys") calm.objects.delete(`${path}/configmaps/network`);
  else for (const { path: at, object } of [...first, ...poets, ...nodes.slice(0, 2)]) await api.apply(at, object);
  for (const [key, entry] of calm.objects) cluster.objects.set(key, entry);
  const namespace = cluster.objects.get(path);
  if (part === "late" || part === "completed") await process.sleep(3600);
  if (namespace && part === "stopping") namespace.removedAt = time.now;
  if (namespace && part === "completed")
    namespace.object = { ...namespace.object, metadata: { ...namespace.object.metadata, ...COMPLETED_MARK } };
}

const COMPLETED_MARK = { annotations: { [OWNER]: TAG, "smeshnet/completed": "2026-01-01T00:00:00Z" } };

/** Somebody else removes what is his, and the context leads to the right cluster again. */
function clearForeign({ cluster, store }: Place): void {
  const path = `/api/v1/namespaces/${NAME}`;
  const namespace = cluster.objects.get(path)?.object;
  if (namespace && namespace.metadata?.annotations?.[OWNER] !== TAG) {
    for (const key of [...cluster.objects.keys()]) if (key.includes(NAME)) cluster.objects.delete(key);
  }
  for (const [key, bytes] of store.objects) {
    if (key.startsWith("namespaces/") && bytes.includes("cluster-2")) store.objects.delete(key);
  }
}

/** What keeps the world from holding one good network, whatever the driver says. */
async function wrongs(place: Place, { facts }: { readonly facts: NetworkFacts }): Promise<string[]> {
  const { cluster } = place;
  const at = (path: string) => cluster.objects.get(path)?.object;
  const wrong: string[] = [];
  const namespace = at(`/api/v1/namespaces/${NAME}`);
  if (namespace?.metadata?.annotations?.[OWNER] !== TAG) wrong.push("the namespace is not ours");
  if (namespace?.metadata?.annotations?.["smeshnet/completed"] === undefined)
    wrong.push("it is not marked as complete");
  const folder = `/apis/apps/v1/namespaces/${NAME}/deployments/`;
  const names = [...cluster.objects.keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length));
  const wanted = [BOOTSTRAP, ...range1(4).map(minerName), ...range1(2).map(poetName)];
  if (names.sort().join() !== wanted.sort().join()) wrong.push(`the Deployments are ${names.join()}`);
  if (place.genesisTime() !== facts.genesisTime) wrong.push("the stored genesis is another one");
  if (place.genesisId() !== facts.genesisId) wrong.push("the facts tell another genesis id than the nodes");
  if (!NetworkFacts.safeParse(facts).success) wrong.push("the facts have another form");
  const texts = JSON.stringify([facts, [...place.store.objects].map(([, bytes]) => bytes.toString())]);
  const secret = at(`/api/v1/namespaces/${NAME}/secrets/network-keys`) as V1Secret | undefined;
  const keys = Object.values(secret?.data ?? {});
  if (keys.some((key) => texts.includes(key))) wrong.push("a key is in facts or records");
  return wrong;
}

const isHonest = (error: unknown): boolean =>
  error instanceof UserError && error.message.length > 0 && !error.message.includes("\n");
