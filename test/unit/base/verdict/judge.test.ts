import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { evidenceInWords } from "../../../../infra/base/verdict/words";
import { layer, Sampler, type Says } from "../../../support/judged";

const ALL = ["miner-1", "miner-2", "miner-3", "miner-4", "miner-5"];
const say = (names: readonly string[], says: Says): Record<string, Says> =>
  Object.fromEntries(names.map((name) => [name, says]));

/** A network that was watched for twelve good layers. */
const healthy = () => new Sampler().through(layer(6), layer(20));

describe("judge", () => {
  it("proves nothing before the effective genesis, when nodes call everything verified", () => {
    const seen = new Sampler().through(0, layer(7), {}, { common: { verified: 7 } });
    strictEqual(seen.memory.verdict, "blind");
    strictEqual(seen.evidence?.early, "before the effective genesis");
    deepStrictEqual(seen.memory.observed, { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 });
  });

  it("waits for the first block until an epoch without a beacon is over, and then finds a stall", () => {
    const idle = { common: { verified: 7 } };
    const seen = new Sampler().through(0, layer(16), {}, idle);
    deepStrictEqual([seen.memory.verdict, seen.evidence?.early], ["blind", "before the first block"]);
    seen.through(layer(16) + 30, layer(18), {}, idle);
    strictEqual(seen.memory.verdict, "stalled");
  });

  it("says where blocks begin without a first beacon, once nodes show that they got none", () => {
    const evidence = (time: number) => new Sampler().through(0, time, {}, { common: { verified: 7 } }).evidence;
    strictEqual(evidence(layer(12))?.lateStart, undefined);
    deepStrictEqual(evidence(layer(13))?.lateStart, { epoch: 3, layer: 12 });
    strictEqual(evidence(layer(17))?.lateStart, undefined);
    const words = evidenceInWords("blind", evidence(layer(13)) as never);
    match(
      words,
      /^It is before the first block: .* layer 13; without a first beacon, blocks begin with epoch 3, at lay/,
    );
  });

  it("believes one layer above a clock, the last empty one, and no other", () => {
    const early = { common: { top: 0, verified: 7, synced: 7 } };
    for (const time of [-600, -30, 0, 60]) deepStrictEqual(new Sampler().at(time, {}, early).evidence?.implausible, {});
    for (const other of [{ verified: 6 }, { verified: 8 }, { synced: 6 }, { synced: 8 }]) {
      const seen = new Sampler().at(0, { "miner-2": { top: 0, verified: 7, synced: 7, ...other } }, early);
      deepStrictEqual(seen.evidence?.implausible, { "miner-2": "impossible layers" });
    }
  });

  it("counts healthy time from the effective genesis on, to the second", () => {
    const { memory } = healthy();
    strictEqual(memory.verdict, "healthy");
    const { healthy: counted, blind } = memory.observed;
    // Until the first layer is verified, nobody can tell what the time is worth.
    strictEqual(counted + memory.pending + blind, layer(20) - layer(8));
    ok(blind <= layer(2) + 30);
  });

  it("finds a stall two layers after the last step, and takes back the time since that step", () => {
    const seen = healthy();
    const stalled = { common: { verified: 18 } };
    const before = seen.memory.observed.healthy + seen.memory.pending;
    seen.through(layer(20) + 30, layer(22) - 30, {}, stalled);
    strictEqual(seen.memory.verdict, "healthy");
    seen.at(layer(22), {}, stalled);
    strictEqual(seen.memory.verdict, "stalled");
    strictEqual(seen.memory.observed.healthy, before);
    strictEqual(seen.memory.observed.stalled, layer(2));
    match(evidenceInWords("stalled", seen.evidence as never), /^5 of 5 nodes stand: layer 18 is verified/);
  });

  it("calls a network slow that steps more seldom than its clock, and learns its pace", () => {
    const seen = healthy();
    for (let step = 0; step < 12; step++) {
      const verified = 19 + step;
      seen.through(layer(20 + 3 * step) + 30, layer(23 + 3 * step), {}, { common: { verified } });
    }
    strictEqual(seen.memory.verdict, "slow");
    ok(seen.memory.observed.slow > layer(25), JSON.stringify(seen.memory.observed));
    strictEqual(seen.memory.trouble, 0);
  });

  it("is blind when fewer than a quorum answer, and neither counts that time nor holds it against the network", () => {
    const seen = healthy();
    const { healthy: counted } = seen.memory.observed;
    seen.through(layer(20) + 30, layer(40), say(ALL.slice(2), "silent"));
    strictEqual(seen.memory.verdict, "blind");
    strictEqual(seen.memory.observed.healthy, counted);
    strictEqual(seen.memory.observed.blind >= layer(20) - 30, true);
    strictEqual(seen.memory.trouble, 0);
    seen.through(layer(40) + 30, layer(42));
    strictEqual(seen.memory.verdict, "healthy");
  });

  it("finds a split when no root can have a quorum, and only then", () => {
    const one = healthy().through(layer(20) + 30, layer(24), say(["miner-4"], { root: "x" }));
    strictEqual(one.memory.verdict, "healthy");
    deepStrictEqual(
      one.evidence?.roots?.groups.map(({ nodes }) => nodes.length),
      [4, 1],
    );
    const three = healthy().through(layer(20) + 30, layer(22), {
      ...say(["miner-2", "miner-3"], { root: "x" }),
      ...say(["miner-4"], { root: "y" }),
    });
    strictEqual(three.memory.verdict, "split");
  });

  it("stays split while the nodes have no roots to compare, and heals when a quorum agrees", () => {
    const split = { ...say(["miner-2", "miner-3"], { root: "x" }), ...say(["miner-4"], { root: "y" }) };
    const seen = healthy().through(layer(20) + 30, layer(24), split);
    seen.through(layer(24) + 30, layer(25), {}, { common: { root: "" } });
    strictEqual(seen.memory.verdict, "split");
    seen.through(layer(25) + 30, layer(26));
    strictEqual(seen.memory.verdict, "healthy");
    strictEqual(seen.memory.trouble, 0);
  });

  it("is blind, not healthy, when those that answer disagree and too few answer to tell", () => {
    const seen = healthy().through(layer(20) + 30, layer(24), {
      ...say(["miner-1", "miner-2"], "silent"),
      ...say(["miner-3"], { root: "x" }),
    });
    strictEqual(seen.memory.verdict, "blind");
    match(evidenceInWords("blind", seen.evidence as never), /No state root is seen on 3 nodes/);
  });

  const LIARS: readonly [string, Says][] = [
    ["a verified layer that stands", { verified: 9 }],
    ["a verified layer that runs with the clock", { verified: 100 }],
    ["a verified layer above its own clock", { top: 20, verified: 5000 }],
    ["a clock of another decade", { top: 350_000, verified: 350_000 }],
    ["another genesis", { genesisId: "bb" }],
    ["another state root", { root: "x" }],
    ["no answer", "silent"],
    ["numbers that are none", { top: Number.NaN, verified: -1 }],
  ];
  for (const [lie, says] of LIARS) {
    it(`is not misled by two of five nodes with ${lie}`, () => {
      const seen = healthy().through(layer(20) + 30, layer(40), say(["miner-2", "miner-5"], says));
      strictEqual(seen.memory.verdict, "healthy", JSON.stringify(seen.evidence));
      ok(JSON.stringify(seen.evidence).includes("miner-5") || "verified" in (says as object), lie);
      const stalled = healthy().through(layer(20) + 30, layer(40), say(["miner-2", "miner-5"], says), {
        common: { verified: 18 },
      });
      strictEqual(stalled.memory.verdict, "stalled", JSON.stringify(stalled.evidence));
    });
  }

  it("names the services that are silent, of another network or behind, and lets them change no verdict", () => {
    const services = {
      gateway: { reachable: true, layer: 1 },
      explorer: { reachable: true, genesisId: "bb" },
      dashboard: { reachable: false, error: "no answer" },
    } as const;
    const seen = healthy().at(layer(20) + 30, {}, { services });
    strictEqual(seen.memory.verdict, "healthy");
    deepStrictEqual(seen.evidence?.services, { gateway: "behind", explorer: "another genesis", dashboard: "silent" });
    match(evidenceInWords("healthy", seen.evidence as never), /gateway \(behind\), explorer \(another genesis\)/);
  });

  it("counts no time between samples that are too far apart", () => {
    const seen = healthy();
    const before = seen.memory.observed.healthy + seen.memory.pending;
    seen.through(layer(50), layer(52));
    strictEqual(seen.memory.unwatched, layer(30));
    strictEqual(seen.memory.observed.healthy + seen.memory.pending, before + layer(2));
  });

  it("counts two watchers' time once, though their clocks differ by two minutes", () => {
    const seen = healthy();
    const { observed, pending } = seen.memory;
    for (let time = layer(20) + 30; time <= layer(40); time += 30) {
      seen.at(time);
      seen.at(time + 15, {}, { watcher: "two", clock: time + 15 + 120 });
    }
    const more = seen.memory.observed.healthy + seen.memory.pending - observed.healthy - pending;
    ok(Math.abs(more - layer(20)) <= 120, `${more}`);
  });

  it("counts an hour of a wrong clock once or not at all", () => {
    for (const jump of [-3600, 3600]) {
      const seen = healthy();
      const before = seen.memory.observed.healthy + seen.memory.pending;
      for (let time = layer(20) + 30; time <= layer(50); time += 30) seen.at(time, {}, { clock: time + jump });
      seen.through(layer(50) + 30, layer(80));
      const counted = seen.memory.observed.healthy + seen.memory.pending - before;
      ok(counted <= layer(60) + 120 && counted >= layer(30), `${jump}: ${counted}`);
    }
  });

  it("lets a sample of a time that is judged already change nothing", () => {
    const seen = healthy().through(layer(20) + 30, layer(30));
    const { watchers: _, ...before } = seen.memory;
    const { watchers: __, ...after } = seen.at(layer(22), {}, { watcher: "two" }).memory;
    strictEqual(seen.evidence?.late, true);
    deepStrictEqual(after, before);
  });

  it("finds a stall of nodes whose roots were in doubt before, also at a layer without a root", () => {
    const doubt = { "miner-1": "silent", "miner-2": "silent", "miner-3": { root: "x" } } as const;
    const sampler = new Sampler().through(layer(14), layer(20)).through(layer(20) + 30, layer(21), doubt);
    strictEqual(sampler.memory.verdict, "blind");
    sampler.through(layer(21) + 30, layer(30), {}, { common: { verified: 19, root: "" } });
    strictEqual(sampler.memory.verdict, "stalled");
  });

  it("finds the stall that happened while nobody watched", () => {
    const seen = healthy().through(layer(60), layer(61), {}, { common: { verified: 18 } });
    strictEqual(seen.memory.verdict, "stalled");
    ok(seen.memory.trouble <= layer(2), "the time that nobody watched is not held against the network");
  });
});
