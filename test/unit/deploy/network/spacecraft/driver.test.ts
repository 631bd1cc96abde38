import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { spacecraftDriver } from "../../../../../infra/deploy/network/spacecraft/driver";
import { lastRecord } from "../../../../../infra/deploy/network/spacecraft/ownership";
import { type Fault, type FaultKind, fault } from "../../../../simulation/faults";
import { SPEC, TAG } from "../../../../simulation/graph";
import { Process } from "../../../../simulation/time";
import { World } from "../../../../simulation/world";

/** One driver on a simulated cloud with faults; all that it decides is the production code. */
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

  up() {
    const driver = spacecraftDriver(this.store, () => undefined, this.world.cloud.platform(this.process));
    return this.world.time.until(driver.up(SPEC, new AbortController().signal));
  }

  async intent(): Promise<string | undefined> {
    return (await lastRecord(this.store, SPEC.cluster)).intent;
  }

  get marker(): string | undefined {
    return this.world.cloud.cluster?.marker;
  }
}

describe("spacecraft driver", () => {
  it("makes a network, marks its cluster, and is done at once when it is called again", async () => {
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
    await rejects(driven.up(), { name: "UserError" });
    deepStrictEqual([driven.marker, typeof (await driven.intent())], [undefined, "string"]);
    await driven.up();
    deepStrictEqual([driven.marker, await driven.intent()], [TAG, undefined]);
  });

  it("leaves a cluster alone that somebody else made in the moment before ours, also when it is called again", async () => {
    const driven = new Driven({ "somebody else is faster": {} });
    const leftAlone = { name: "UserError", message: /it was left alone/ };
    await rejects(driven.up(), leftAlone);
    strictEqual(await driven.intent(), undefined);
    await rejects(driven.up(), leftAlone);
    deepStrictEqual(driven.world.cloud.trespasses, []);
  });

  it("warns when it cannot write down that a cluster is somebody else's", async () => {
    const driven = new Driven({ "somebody else is faster": {}, "disk full": { at: 1 } });
    await rejects(driven.up(), { name: "UserError", message: /will take it for ours and remove it unless it is gone/ });
  });

  it("takes no later cluster for its own when go-spacecraft made none", async () => {
    const driven = new Driven({ "go-spacecraft fails": { part: "cluster" } });
    await rejects(driven.up(), { name: "UserError", message: /there is no cluster; go-spacecraft failed/ });
    strictEqual(await driven.intent(), undefined);
  });

  it("tells in one line when the API server answers with an error", async () => {
    const driven = new Driven({ "API server answers 503": { times: 2 } });
    await rejects(driven.up(), {
      name: "UserError",
      message: "cluster v1-2-3-1 cannot be looked at: the cluster's API answered 503 (unavailable)",
    });
  });
});
