import { deepStrictEqual, strictEqual } from "node:assert";
import { mock } from "node:test";
import fc from "fast-check";
import { epochOf, type LayerClock, layerAt, layerStart, onEveryLayer } from "../../../sandbox/chain/clock";

const clock: LayerClock = { genesisTime: Date.parse("2024-05-01T12:00:00Z"), layerDuration: 30, layersPerEpoch: 4 };

const DAY = 86_400_000;

const anyClock = fc.record({
  genesisTime: fc.integer({ min: 0, max: 4e12 }),
  layerDuration: fc.integer({ min: 1, max: 900 }),
  layersPerEpoch: fc.integer({ min: 1, max: 4032 }),
});

describe("layerAt, epochOf and onEveryLayer", () => {
  it("reports layer 0 before genesis and until the first layer ends", () => {
    strictEqual(layerAt(clock, clock.genesisTime - 3_600_000), 0);
    strictEqual(layerAt(clock, clock.genesisTime + 29_999), 0);
    strictEqual(layerAt(clock, clock.genesisTime + 30_000), 1);
  });

  it("counts epochs from 0", () => {
    deepStrictEqual(
      [0, 3, 4, 9].map((layer) => epochOf(clock, layer)),
      [0, 0, 1, 2],
    );
  });

  it("changes to a layer at its start and not a millisecond earlier", () => {
    fc.assert(
      fc.property(anyClock, fc.integer({ min: 1, max: 1e6 }), (any, layer) => {
        strictEqual(layerAt(any, layerStart(any, layer)), layer);
        strictEqual(layerAt(any, layerStart(any, layer) - 1), layer - 1);
      }),
    );
  });

  it("calls back once per layer from layer 0 on when genesis is in the future, until it is stopped", () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: clock.genesisTime - 45 * DAY });
    const pass = (time: number, step: number) => {
      for (let passed = 0; passed < time; passed += step) mock.timers.tick(step);
    };
    try {
      const layers: number[] = [];
      const stop = onEveryLayer(clock, (layer) => layers.push(layer));
      pass(45 * DAY, DAY / 24);
      deepStrictEqual(layers, []);
      pass(65_000, 1000);
      deepStrictEqual(layers, [0, 1, 2]);
      stop();
      pass(90_000, 1000);
      deepStrictEqual(layers, [0, 1, 2]);
    } finally {
      mock.timers.reset();
    }
  });
});
