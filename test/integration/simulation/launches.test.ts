import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert";
import { spacecraftDriver } from "../../../infra/deploy/network/spacecraft/driver";
import { FAULT_KINDS, type Fault, fault, generator } from "../../simulation/faults";
import { type Step, stepsOfProgram } from "../../simulation/graph";
import { type Launch, launch } from "../../simulation/launch";
import { credulous, greedy } from "../../simulation/mutants";

/**
 * 500 launches of v1.2.3+1, each with 0 to 3 faults drawn from its seed. Each runs again when the faults are mended.
 *
 * Production code: the resources and their order (stacks/version.ts under mocks, taken once), and the body of every
 * step in infra/deploy: the network's driver and its decisions, the move of a branch, the waits, the smoke test and its
 * judge. So is the public list (edge/networks.ts).
 *
 * Simulated: time; the engine's walk over the resources, its state, kills and interrupts; GKE, gcloud, the cluster's
 * API server and go-spacecraft as a process; git's remote; nodes, poets and gateway; the Kubernetes and Cloudflare
 * providers, the zone and the edge's store; the archive store. Steps run without their processes: what scripts/ adds
 * (arguments, variables, the line after an interrupt) is not tested here.
 *
 * A failure is honest when each failed step says one line, the public is shown nothing that is not there, and nothing
 * of somebody else is touched. Before a launch runs again, its faults are mended, and the records that recovery finds
 * to be strays (infra/base/engine/recovery/stray-records.ts) are removed. A killed engine also leaves a lock; that is
 * not played.
 */
describe("500 launches in a world with faults", function () {
  this.timeout(60_000);
  const launches: Launch[] = [];
  let steps: readonly Step[];

  before(async () => {
    steps = await stepsOfProgram();
    for (let seed = 1; seed <= 500; seed++) launches.push(await launch(steps, seed));
  });

  it("draws every kind of fault", () => {
    const drawn = new Set(launches.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    deepStrictEqual(
      FAULT_KINDS.filter((kind) => !drawn.has(kind)),
      [],
    );
  });

  it("end in a good network or in a failure that says so, in at least 99 of 100", () => {
    const bad = launches.filter(({ first }) => first.verdict === "dishonest");
    ok(bad.length <= launches.length / 100, told(bad));
  });

  it("without a fault end in a good network", () => {
    const bad = launches.filter(({ faults, first }) => faults.length === 0 && first.verdict !== "good");
    deepStrictEqual(bad.map(tell), []);
  });

  it("leave a cluster of somebody else alone, however often they are run", () => {
    const tried = launches.filter(({ tooEarly }) => tooEarly !== undefined);
    notDeepStrictEqual(tried, []);
    deepStrictEqual(tried.filter(({ tooEarly }) => tooEarly?.verdict !== "honest").map(tell), []);
  });

  it("end in a good network when they are run again, in all of 100", () => {
    const bad = launches.filter(({ again }) => again.verdict !== "good");
    deepStrictEqual(bad.map(tell), []);
  });
});

describe("a launch with one fault", function () {
  this.timeout(30_000);
  let steps: readonly Step[];
  before(async () => {
    steps = await stepsOfProgram();
  });

  for (const kind of FAULT_KINDS) {
    it(`of the kind "${kind}" ends well or says so, and well when it is run again`, async () => {
      const draw = generator(7);
      const launches: Launch[] = [];
      for (let i = 0; i < 4; i++) launches.push(await launch(steps, i, spacecraftDriver, [fault(kind, draw)]));
      const bad = launches.filter(({ first, again }) => first.verdict === "dishonest" || again.verdict !== "good");
      deepStrictEqual(bad.map(tell), []);
    });
  }
});

describe("the judge of the launches", () => {
  let steps: readonly Step[];
  before(async () => {
    steps = await stepsOfProgram();
  });

  /** Launches with one kind of fault, in all its forms. */
  const withFault = async (kind: Fault["kind"], driver: Parameters<typeof launch>[2]): Promise<Launch[]> => {
    const draw = generator(1);
    const all: Launch[] = [];
    for (let seed = 1; seed <= 10; seed++) all.push(await launch(steps, seed, driver, [fault(kind, draw)]));
    return all;
  };

  it("catches a driver that believes go-spacecraft's line of success", async () => {
    const caught = (await withFault("go-spacecraft lies", credulous)).filter(
      ({ first }) => first.verdict === "dishonest",
    );
    deepStrictEqual([...new Set(caught.flatMap(({ first }) => first.why))].sort(), [
      "the network is not whole",
      "there are 5 miners and poets",
    ]);
  });

  it("catches a driver that takes each cluster for ours", async () => {
    const caught = await withFault("cluster of somebody else", greedy(spacecraftDriver));
    deepStrictEqual(
      caught.filter(({ first }) => !first.why.includes("a cluster of somebody else was removed")).map(tell),
      [],
    );
  });

  it("catches what the engine ends before it can say what it waited for", async () => {
    const late = (kind: Fault["kind"], at: number): Fault => ({ ...fault(kind, generator(1)), at });
    const faults = [late("gateway without address", 115), late("gateway is slow to answer", 300)];
    const { first } = await launch(steps, 1, spacecraftDriver, faults);
    deepStrictEqual([first.verdict, first.why.length], ["honest", 1]);
    match(
      first.why[0] ?? "",
      /^UserError: Timed out after 120 s while waiting for a gRPC call by public name\. Last seen: .+ECONNREFUSED\. /,
    );
    const hasty = steps.map((step) => (step.name === "gateway-alive" ? { ...step, timeout: 150 } : step));
    deepStrictEqual((await launch(hasty, 1, spacecraftDriver, faults)).first.verdict, "dishonest");
  });

  it("finds nothing wrong with the driver under the same faults", async () => {
    const all = [
      ...(await withFault("go-spacecraft lies", spacecraftDriver)),
      ...(await withFault("cluster of somebody else", spacecraftDriver)),
    ];
    deepStrictEqual(all.filter(({ first }) => first.verdict === "dishonest").map(tell), []);
    deepStrictEqual(all.filter(({ again }) => again.verdict !== "good").map(tell), []);
  });
});

const told = (launches: readonly Launch[]): string => JSON.stringify(launches.map(tell), null, 2);

/** A launch in words; the seed plays it again. */
function tell({ seed, faults, first, tooEarly, again }: Launch) {
  const outcomes = { first, tooEarly, again };
  return { seed, faults: faults.map(({ kind, part, times, at }) => ({ kind, part, times, at })), ...outcomes };
}
