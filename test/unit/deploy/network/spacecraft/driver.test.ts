import { deepStrictEqual, strictEqual } from "node:assert";
import { runWith } from "../../../../../infra/base/lib/run";
import { spacecraftDriver } from "../../../../../infra/deploy/network/spacecraft/driver";
import { lastRecord } from "../../../../../infra/deploy/network/spacecraft/ownership";
import { spacecraftSpec } from "../../../../../infra/deploy/network/spacecraft/spec";
import { type Fault, type FaultKind, fault } from "../../../../simulation/faults";
import { SPEC, TAG } from "../../../../simulation/graph";
import { platformOf } from "../../../../simulation/platform";
import { Process } from "../../../../simulation/time";
import { World } from "../../../../simulation/world";
import { refusesLater } from "../../../../support/errors";

/** One driver on a simulated cloud with faults; every decision is production code. */
class Driven {
  readonly world: World;
  readonly process: Process;
  private readonly store: ReturnType<World["store"]>;

  constructor(faults: Partial<Record<FaultKind, Partial<Fault>>> = {}) {
    const all = Object.entries(faults) as [FaultKind, Partial<Fault>][];
    this.world = new World(all.map(([kind, details]) => ({ ...fault(kind, () => 0), ...details })));
    this.process = new Process(this.world.time);
    this.store = this.world.store(this.process);
  }

  up(spec = SPEC) {
    return this.world.time.until(this.driver.up(spec, this.run));
  }

  exists() {
    return this.world.time.until(this.driver.exists(SPEC, this.run));
  }

  async leftovers() {
    return (await this.world.time.until(this.driver.leftovers(SPEC, this.run))).map(({ what }) => what);
  }

  private get driver() {
    return spacecraftDriver(this.store, platformOf(this.world.cloud, this.process));
  }

  private get run() {
    return runWith({ clock: this.process });
  }

  async intent(): Promise<string | undefined> {
    return (await lastRecord(this.store, SPEC.cluster)).intent;
  }

  get marker(): string | undefined {
    return this.world.cloud.cluster?.marker;
  }
}

describe("spacecraft driver", () => {
  it("creates a network, marks its cluster, and is done at once when it is called again", async () => {
    const driven = new Driven();
    const { facts } = await driven.up();
    deepStrictEqual([facts.nodes.length, facts.poets.length, driven.marker], [SPEC.miners, SPEC.poets, TAG]);
    const [{ now }, { cluster }] = [driven.world.time, driven.world.cloud];
    deepStrictEqual((await driven.up()).facts, facts);
    strictEqual(driven.world.time.now - now < 10_000, true);
    strictEqual(driven.world.cloud.cluster, cluster);
  });

  it("marks a cluster in the end when the API server was not ready for it at first", async () => {
    const driven = new Driven({ "mark is refused": {} });
    await driven.up();
    deepStrictEqual([driven.marker, await driven.intent()], [TAG, undefined]);
  });

  it("marks a complete cluster of ours that an earlier run could not mark, and closes the intent", async () => {
    const driven = new Driven({ "no credentials": { times: 2 } });
    await refusesLater(driven.up(), "ProgramFailed");
    deepStrictEqual([driven.marker, typeof (await driven.intent())], [undefined, "string"]);
    await driven.up();
    deepStrictEqual([driven.marker, await driven.intent()], [TAG, undefined]);
  });

  it("leaves a cluster alone that somebody else created just before ours, also when it is called again", async () => {
    const driven = new Driven({ "somebody else is faster": {} });
    await refusesLater(driven.up(), "ClusterNotOurs", { names: ["v1-2-3-1"] });
    strictEqual(await driven.intent(), undefined);
    await refusesLater(driven.up(), "ClusterNotOurs", { names: ["v1-2-3-1"] });
    deepStrictEqual(driven.world.cloud.trespasses, []);
  });

  it("warns when it cannot record that a cluster is somebody else's", async () => {
    const driven = new Driven({ "somebody else is faster": {}, "disk full": { at: 1 } });
    await refusesLater(driven.up(), "ClusterNotOurs", { names: ["The next run would take the cluster for ours"] });
  });

  it("takes no later cluster for its own when go-spacecraft created none", async () => {
    const driven = new Driven({ "go-spacecraft fails": { part: "cluster" } });
    await refusesLater(driven.up(), "NetworkIncomplete", { names: ["there is no cluster", "go-spacecraft failed"] });
    strictEqual(await driven.intent(), undefined);
  });

  it("tells in one line when the API server answers with an error", async () => {
    const driven = new Driven({ "API server answers 503": { times: 2 } });
    await refusesLater(driven.up(), "ClusterApiFailed", { names: ["v1-2-3-1", "503", "unavailable"] });
  });

  it("refuses to make a running network smaller", async () => {
    const driven = new Driven();
    await driven.up();
    const names = [SPEC.cluster, "4 nodes and 2 poets", "3 and 2"];
    await refusesLater(driven.up({ ...SPEC, miners: 3 }), "NetworkSizeChanged", { names });
  });
});

describe("what is left of a network, for the spacecraft driver", () => {
  const { project, location } = spacecraftSpec(SPEC).gcp;
  const command = `gcloud container clusters delete ${SPEC.cluster} --location ${location} --project ${project}`;

  it("is nothing when there is no cluster", async () => {
    const driven = new Driven();
    deepStrictEqual([await driven.exists(), await driven.leftovers()], [false, []]);
  });

  it("is its cluster, with the command that deletes it", async () => {
    const driven = new Driven();
    await driven.up();
    strictEqual(await driven.exists(), true);
    const [sentence = "", ...more] = await driven.leftovers();
    deepStrictEqual([more, sentence.includes("(RUNNING)"), sentence.includes(`\`${command}\``)], [[], true, true]);
  });

  it("is its cluster also while GKE deletes it", async () => {
    const driven = new Driven();
    await driven.up();
    const { cloud } = driven.world;
    if (cloud.cluster) cloud.remove(cloud.cluster);
    const [sentence = ""] = await driven.leftovers();
    strictEqual(sentence.includes("(STOPPING)"), true, sentence);
  });

  for (const marker of [undefined, "v9.9.9+9"]) {
    it(`is not somebody else's cluster, marked ${marker ?? "by nobody"}`, async () => {
      const driven = new Driven();
      driven.world.cloud.begin({ foreign: true, seconds: 0 }).marker = marker;
      deepStrictEqual([await driven.exists(), await driven.leftovers()], [true, []]);
    });
  }
});
