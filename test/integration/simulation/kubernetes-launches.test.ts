import { deepStrictEqual, ok } from "node:assert";
import { kubernetesDriver } from "../../../infra/deploy/network/kubernetes/driver";
import { generator } from "../../simulation/faults";
import { FAULT_KINDS, type Fault, fault } from "../../simulation/kubernetes/faults";
import { type Launch, launch, type MakeDriver } from "../../simulation/kubernetes/launch";

/**
 * 500 launches of a network by the driver `kubernetes`, each with 0 to 3 faults drawn from its seed. Each runs again when
 * the faults are mended, and is removed.
 *
 * Production code: the driver with all its decisions and objects. Simulated: time; the cluster's API server with its
 * controllers; the nodes' answers; the archive store; kills at any call or moment, interrupts, and a second run at once.
 *
 * A failure is honest when it says one line, and nothing of somebody else, and nothing that is there, was changed.
 */
describe("500 launches in a namespace, in a world with faults", function () {
  this.timeout(120_000);
  const launches: Launch[] = [];

  before(async () => {
    for (let seed = 1; seed <= 500; seed++) launches.push(await launch(seed));
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
    ok(bad.length <= launches.length / 100, JSON.stringify(bad, null, 2));
  });

  it("without a fault end in a good network", () => {
    deepStrictEqual(
      launches.filter(({ faults, first }) => faults.length === 0 && first.verdict !== "good"),
      [],
    );
  });

  it("end in a good network when they are run again, in all of 100", () => {
    deepStrictEqual(
      launches.filter(({ again }) => again.verdict !== "good"),
      [],
    );
  });

  it("leave nothing when they are removed", () => {
    deepStrictEqual(
      launches.filter(({ removed }) => removed.verdict !== "good"),
      [],
    );
  });

  for (const kind of FAULT_KINDS) {
    it(`with the one fault "${kind}" end well or say so, and well when they are run again`, async () => {
      const draw = generator(7);
      const all: Launch[] = [];
      for (let i = 0; i < 6; i++) all.push(await launch(i, kubernetesDriver, [fault(kind, draw)]));
      deepStrictEqual(
        all.filter(({ first, again }) => first.verdict === "dishonest" || again.verdict !== "good"),
        [],
      );
    });
  }
});

describe("the judge of the launches in a namespace", () => {
  const withFault = async (kind: Fault["kind"], driver: MakeDriver): Promise<Launch[]> => {
    const draw = generator(1);
    const all: Launch[] = [];
    for (let seed = 1; seed <= 6; seed++) all.push(await launch(seed, driver, [fault(kind, draw)]));
    return all;
  };

  /** A driver that takes each namespace for ours. */
  const greedy: MakeDriver = (store, world) =>
    kubernetesDriver(store, {
      ...world,
      async open(spec, signal) {
        const { api, kubeconfig } = await world.open(spec, signal);
        return {
          kubeconfig,
          api: {
            ...api,
            async find<T extends object>(path: string) {
              const found = await api.find<T>(path);
              if (!found || path !== "/api/v1/namespaces/v1-2-3-1") return found;
              const { metadata = {} } = found as { metadata?: { annotations?: object } };
              const annotations = { ...metadata.annotations, "smeshnet/build-tag": "v1.2.3+1" };
              return { ...found, metadata: { ...metadata, annotations } };
            },
          },
        };
      },
    });

  it("catches a driver that takes each namespace for ours", async () => {
    const caught = await withFault("namespace of somebody else", greedy);
    deepStrictEqual(
      caught.filter(({ first }) => first.verdict !== "dishonest"),
      [],
    );
  });

  it("finds nothing wrong with the driver under the same faults", async () => {
    const all = await withFault("namespace of somebody else", kubernetesDriver);
    deepStrictEqual(
      all.filter(({ first, again }) => first.verdict !== "honest" || again.verdict !== "good"),
      [],
    );
  });
});
