import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { UserError } from "../../../infra/base/lib/errors";
import {
  type ChannelState,
  type Known,
  latestOf,
  type Promotion,
  type Target,
} from "../../../infra/base/model/promotion";
import { advance } from "../../../infra/promote/advance";
import { type Decision, decide, demotionTarget } from "../../../infra/promote/plan";
import { refuses } from "../../support/errors";
import { promotion, target } from "../../support/promotions";

const ONE = promotion(1, "v1.2.1");
const TWO = promotion(2, "v1.2.2");
const THREE = promotion(3, "v1.2.3");

describe("decide", () => {
  it("begins the first generation of a channel that points to no network", () => {
    deepStrictEqual(decide({ state: {} }, target("v1.2.1")), { action: "begin", promotion: ONE });
  });

  it("begins the generation after the latest one, completed or not", () => {
    deepStrictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.3")).promotion.generation, 3);
    deepStrictEqual(decide({ state: { promotion: ONE }, last: TWO }, target("v1.2.3")), {
      action: "begin",
      promotion: THREE,
    });
  });

  it("resumes a recorded promotion that is not completed, with its recorded words", () => {
    const again = target("v1.2.2", { reason: "other words", changes: "" });
    deepStrictEqual(decide({ state: { promotion: ONE }, last: TWO }, again), { action: "resume", promotion: TWO });
    deepStrictEqual(decide({ state: {}, last: ONE }, target("v1.2.1")), { action: "resume", promotion: ONE });
  });

  it("does nothing when the channel is already there", () => {
    deepStrictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2")), {
      action: "none",
      promotion: TWO,
    });
  });

  it("begins another promotion for another build, and for the same tag on another commit", () => {
    const known = { state: { promotion: TWO }, last: TWO };
    for (const other of [{ tag: "v1.2.2+2" }, { commit: "c0ffee".padEnd(40, "0") }]) {
      strictEqual(decide(known, target("v1.2.2", other)).action, "begin");
    }
  });

  it("refuses a plan against a generation that is not the latest, and names the one that landed", () => {
    const known = { state: { promotion: TWO }, last: THREE };
    for (const against of [0, 1, 2, 4]) {
      refuses(() => decide(known, target("v1.2.9"), against), "PromotionOvertaken", {
        names: ["testnet", "generation 3, v1.2.3 (v1.2.3+1)", `generation ${against}`, "promote v1.2.9 --preview"],
      });
    }
    strictEqual(decide(known, target("v1.2.9"), 3).promotion.generation, 4);
    refuses(() => decide({ state: {} }, target("v1.2.9"), 1), "PromotionOvertaken", {
      names: ["testnet", "generation 0", "generation 1"],
    });
    strictEqual(decide({ state: {} }, target("v1.2.1"), 0).promotion.generation, 1);
  });

  it("accepts the same command again with the generation that it was planned against", () => {
    const planned = decide({ state: { promotion: ONE }, last: ONE }, target("v1.2.2"), 1);
    strictEqual(planned.action, "begin");
    strictEqual(decide({ state: { promotion: ONE }, last: TWO }, target("v1.2.2"), 1).action, "resume");
    strictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2"), 1).action, "none");
  });

  it("refuses the same command when the channel moved away and came back since", () => {
    const back = promotion(4, "v1.2.2", { kind: "demotion" });
    refuses(() => decide({ state: { promotion: back }, last: back }, target("v1.2.2"), 1), "PromotionOvertaken", {
      names: ["generation 1"],
    });
  });

  it("refuses a generation that never existed, even when the channel is already there", () => {
    refuses(() => decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2"), 3), "PromotionOvertaken", {
      names: ["generation 3"],
    });
  });
});

describe("latestOf", () => {
  it("finds the promotion with the highest generation in the stack and the records", () => {
    strictEqual(latestOf({ state: {} }), undefined);
    strictEqual(latestOf({ state: { promotion: ONE } }), ONE);
    strictEqual(latestOf({ state: {}, last: ONE }), ONE);
    strictEqual(latestOf({ state: { promotion: ONE }, last: TWO }), TWO);
    strictEqual(latestOf({ state: { promotion: THREE }, last: TWO }), THREE); // the store lost a record
  });
});

describe("demotionTarget", () => {
  const demotion = (known: Known) => demotionTarget(known, "testnet", "it stalls");

  it("is the network before the present one, with the reason", () => {
    const { generation: _, schema: __, ...before } = ONE;
    deepStrictEqual(demotion({ state: { promotion: TWO, previous: ONE }, last: TWO }), {
      ...before,
      kind: "demotion",
      reason: "it stalls",
    });
  });

  it("is the present network when the last promotion was not completed", () => {
    const known = { state: { promotion: TWO, previous: ONE }, last: THREE };
    strictEqual(demotion(known).tag, TWO.tag);
    strictEqual(decide(known, demotion(known)).promotion.generation, 4);
  });

  it("is the same demotion when it runs again, and does not lead forward", () => {
    const state: ChannelState = { promotion: TWO, previous: ONE };
    const { promotion: down } = decide({ state, last: TWO }, demotion({ state, last: TWO }));
    const begun = { state, last: down };
    deepStrictEqual(decide(begun, demotion(begun)), { action: "resume", promotion: down });
    const done = { state: advance("testnet", state, down), last: down };
    strictEqual(done.state.previous, TWO);
    deepStrictEqual(decide(done, demotion(done)), { action: "none", promotion: down });
  });

  it("refuses a channel without a previous network", () => {
    const neverCompleted = { state: {}, last: ONE };
    for (const known of [{ state: {} }, { state: { promotion: ONE }, last: ONE }, neverCompleted])
      refuses(() => demotion(known), "PreviousNetworkMissing", { names: ["testnet"] });
  });
});

/** Promotions that run at the same time, each one step at a time: read, record, move. */
class Race {
  readonly records = new Map<number, Promotion>();
  state: ChannelState = {};
  /** Generations of the stack, in order. */
  readonly generations: number[] = [];
  readonly landed: Promotion[] = [];
  refusals = 0;

  *promote(wanted: Target, against?: number): Generator<void, void, void> {
    try {
      const last = [...this.records.values()].sort((a, b) => a.generation - b.generation).at(-1);
      const decision: Decision = decide({ state: this.state, last }, wanted, against);
      yield;
      const { promotion: next } = decision;
      if (decision.action === "begin") {
        if (this.records.has(next.generation)) throw new UserError("ObjectExists", "Taken.", ""); // by the store
        this.records.set(next.generation, next);
      }
      yield;
      this.state = advance("testnet", this.state, next);
      this.generations.push(next.generation);
      this.landed.push(next);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.refusals += 1;
    }
  }

  /** Runs them by turns in a given order, and then to their ends. */
  run(racers: readonly Generator<void>[], turns: readonly number[]): void {
    for (const turn of turns) racers[turn % racers.length]?.next();
    for (const racer of racers) while (!racer.next().done);
  }
}

const releases = fc.array(fc.constantFrom("v1.2.1", "v1.2.2", "v1.2.3"), { minLength: 2, maxLength: 4 });
const orders = fc.array(fc.nat(11), { maxLength: 12 });

describe("concurrent promotions, in any order", () => {
  it("never land in one generation on different networks", () => {
    fc.assert(
      fc.property(releases, orders, (wanted, turns) => {
        const race = new Race();
        race.run(
          wanted.map((release) => race.promote(target(release))),
          turns,
        );
        const tags = new Map<number, string>();
        for (const { generation, tag } of race.landed) {
          strictEqual(tags.get(generation) ?? tag, tag, `two networks in generation ${generation}`);
          tags.set(generation, tag);
          strictEqual(race.records.get(generation)?.tag, tag, "it was recorded before it landed");
        }
      }),
    );
  });

  it("never take the channel back to an older generation, and at least one lands", () => {
    fc.assert(
      fc.property(releases, orders, (wanted, turns) => {
        const race = new Race();
        race.run(
          wanted.map((release) => race.promote(target(release))),
          turns,
        );
        deepStrictEqual(
          race.generations,
          [...race.generations].sort((a, b) => a - b),
        );
        strictEqual(race.landed.length + race.refusals, wanted.length);
        ok(race.landed.length > 0);
        strictEqual(race.state.promotion, race.records.get(Math.max(...race.records.keys())));
        if (race.state.previous) ok(race.state.previous.tag !== race.state.promotion?.tag);
      }),
    );
  });

  it("land only once when both were planned against the same generation", () => {
    fc.assert(
      fc.property(orders, (turns) => {
        const race = new Race();
        race.run([race.promote(target("v1.2.1"))], []);
        race.run([race.promote(target("v1.2.2"), 1), race.promote(target("v1.2.3"), 1)], turns);
        strictEqual(race.landed.length, 2);
        strictEqual(race.refusals, 1);
        deepStrictEqual([...race.records.keys()], [1, 2]);
        strictEqual(race.state.previous?.tag, "v1.2.1+1");
      }),
    );
  });
});
