import { ownerComment } from "../../infra/base/model/ownership";
import { spacecraftDriver } from "../../infra/deploy/network/spacecraft/driver";
import { recordStage } from "../../infra/deploy/network/spacecraft/ownership";
import type { MakeDriver } from "./commands";
import { Deployment, type Ending, type Ends, honest, type State } from "./engine";
import { drawFaults, type Fault, Faults } from "./faults";
import { ADDRESS, COMMIT, SPEC, type Step, TAG } from "./graph";
import { namesOf } from "./objects";
import { Process } from "./time";
import { World } from "./world";

/** What one deployment amounts to: a good network, a failure that says so, or neither, with the reasons. */
export interface Outcome {
  readonly verdict: "good" | "honest" | "dishonest";
  readonly ending: Ending["how"];
  /** What is not as it should be, or what the failed steps said. */
  readonly why: readonly string[];
}

/** A launch: a deployment in a world with faults, and the same one again when they are mended. */
export interface Launch {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly first: Outcome;
  /** Run again too early, while a cluster of somebody else still has the name. */
  readonly tooEarly?: Outcome;
  readonly again: Outcome;
}

/** Plays the launch of a seed. */
export async function launch(
  steps: readonly Step[],
  seed: number,
  driver: MakeDriver = spacecraftDriver,
  faults: readonly Fault[] = drawFaults(seed),
): Promise<Launch> {
  const world = new World(faults);
  const state: State = new Map();
  await world.time.until(prepare(world));
  const first = await deploy(steps, state, world, driver, endsOf(steps, faults, world));
  world.mend();
  const tooEarly = world.cloud.cluster?.foreign ? await deploy(steps, state, world, driver, {}) : undefined;
  world.cloud.clearForeign();
  world.outside.clearStrays(
    ownerComment(TAG),
    [...state.values()].filter((id) => typeof id === "string"),
  );
  const again = await deploy(steps, state, world, driver, {});
  return { seed, faults, first, tooEarly, again };
}

async function deploy(
  steps: readonly Step[],
  state: State,
  world: World,
  driver: MakeDriver,
  ends: Ends,
): Promise<Outcome> {
  const process = new Process(world.time);
  const ending = await world.time.until(new Deployment(steps, state, world, process, driver, ends).run());
  const wrong = wrongs(steps, world);
  const { how } = ending;
  if (how === "done") return { verdict: wrong.length === 0 ? "good" : "dishonest", ending: how, why: wrong };
  const lies = falsehoods(world);
  const errors = "errors" in ending ? ending.errors : [];
  const silent = how === "failed" && errors.length === 0 ? ["it failed and nothing says why"] : [];
  // An interrupted command says the same line whatever it was doing (infra/base/cli/process.ts).
  const odd = how === "failed" ? errors.filter((error) => !honest(error)).map(textOf) : [];
  const why = [...lies, ...silent, ...odd, ...lateEnd(how, ends, world)];
  return why.length > 0
    ? { verdict: "dishonest", ending: how, why }
    : { verdict: "honest", ending: how, why: errors.map(textOf) };
}

/** An interrupt ends every command at once; what a provider has begun may take its time. */
function lateEnd(how: Ending["how"], { interruptAt = 0 }: Ends, { time }: World): string[] {
  const seconds = (time.now - interruptAt) / 1000;
  return how === "interrupted" && seconds > 150 ? [`it went on for ${seconds} s after the interrupt`] : [];
}

/** What is there before the deployment begins. */
async function prepare(world: World): Promise<void> {
  const { cloud, faults } = world;
  const foreign = faults.get("cluster of somebody else");
  const leftover = faults.get("leftover of ours");
  if (foreign) {
    const cluster = cloud.begin({ foreign: true, seconds: 0 });
    cluster.marker = foreign.part === "unmarked" ? undefined : foreign.part;
  } else if (leftover) await leave(leftover.part, world);
}

/** Leaves what an earlier deployment of the same tag left when it was killed. */
async function leave(part: string, world: World): Promise<void> {
  const { cloud } = world;
  const process = new Process(world.time);
  const at = new Date(process.now());
  await recordStage(world.store(process, new Faults([])), SPEC.cluster, { tag: TAG, stage: "making", at });
  await process.sleep(1);
  const cluster = cloud.begin({ seconds: part === "provisioning" ? 300 : 100 });
  if (part === "provisioning") return;
  await process.sleep(200);
  for (const name of namesOf(SPEC).slice(0, 3)) cluster.made.set(name, { ready: true, service: true });
  if (part !== "unmarked") cluster.marker = TAG;
  if (part === "stopping") cluster.removedAt = process.now() + 100_000;
}

function endsOf(steps: readonly Step[], faults: readonly Fault[], world: World): Ends {
  const find = (kind: Fault["kind"]) => faults.find((one) => one.kind === kind);
  const moment = (kind: Fault["kind"]) => {
    const found = find(kind);
    return found && world.time.now + found.at * 1000;
  };
  const killed = find("killed after a step's work");
  return {
    killAfter: killed && steps[Math.floor(killed.at * steps.length)]?.urn,
    killAt: moment("killed at a moment"),
    interruptAt: moment("interrupted at a moment"),
  };
}

/** What keeps the world from holding one good network, whatever the deployment says. */
function wrongs(steps: readonly Step[], world: World): string[] {
  return [...clusterWrongs(world), ...publicWrongs(steps, world), ...trespasses(world)];
}

function clusterWrongs({ cloud }: World): string[] {
  const { cluster } = cloud;
  if (!cluster) return ["there is no cluster"];
  const wrong: string[] = [];
  if (cluster.foreign) wrong.push("the cluster is somebody else's");
  if (cloud.status(cluster) !== "RUNNING" && cloud.status(cluster) !== "RECONCILING")
    wrong.push("the cluster does not run");
  if (cluster.marker !== TAG) wrong.push(`the cluster is marked ${cluster.marker}`);
  if (!cluster.isWhole(SPEC)) wrong.push("the network is not whole");
  if (cluster.made.size !== namesOf(SPEC).length) wrong.push(`there are ${cluster.made.size} miners and poets`);
  return wrong;
}

function publicWrongs(steps: readonly Step[], { outside, branches }: World): string[] {
  const wrong: string[] = [];
  const wanted = steps.filter(({ type }) => type.endsWith(":DnsRecord")).map(({ name }) => name);
  const names = outside.records.map(({ name }) => name);
  if (names.toSorted().join() !== wanted.toSorted().join()) wrong.push(`the records are ${names.join(", ")}`);
  const astray = outside.records.filter(({ type, content }) => type === "A" && content !== ADDRESS);
  if (astray.length > 0) wrong.push("records point elsewhere");
  const entries = outside.listed();
  if (entries.length !== 1 || entries[0]?.netName !== TAG) wrong.push(`the list holds ${JSON.stringify(entries)}`);
  for (const [branch, commit] of branches) if (commit !== COMMIT) wrong.push(`branch ${branch} is at ${commit}`);
  return wrong;
}

/** What the public is told that is not so, and what was done to others. */
function falsehoods(world: World): string[] {
  const { outside, cloud } = world;
  const claims = outside.listed().length > 0 || outside.records.some(({ type }) => type !== "TXT");
  const isThere = cloud.cluster?.isWhole(SPEC) && !cloud.cluster.foreign;
  return [...(claims && !isThere ? ["the public is shown a network that is not there"] : []), ...trespasses(world)];
}

const trespasses = ({ cloud }: World): string[] =>
  cloud.trespasses.map((what) => `a cluster of somebody else was ${what}`);

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
