import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
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
import { promotion, target } from "../../support/promotions";

const ONE = promotion(1, "v1.2.1");
const TWO = promotion(2, "v1.2.2");
const THREE = promotion(3, "v1.2.3");

/** A user's error whose one line matches. */
const saying = (line: RegExp) => (error: Error) => {
  ok(error instanceof UserError, error.stack);
  match(error.message, line);
  strictEqual(error.message.includes("\n"), false);
  return true;
};

describe("deciding on a promotion", () => {
  it("begins the first generation of a channel that points to nothing", () => {
    deepStrictEqual(decide({ state: {} }, target("v1.2.1")), { action: "begin", promotion: ONE });
  });

  it("begins the generation after the last, completed or not", () => {
    deepStrictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.3")).promotion.generation, 3);
    deepStrictEqual(decide({ state: { promotion: ONE }, last: TWO }, target("v1.2.3")), {
      action: "begin",
      promotion: THREE,
    });
  });

  it("goes on with what is written down and not completed, in the words it was written in", () => {
    const again = target("v1.2.2", { reason: "other words", changes: "" });
    deepStrictEqual(decide({ state: { promotion: ONE }, last: TWO }, again), { action: "resume", promotion: TWO });
    deepStrictEqual(decide({ state: {}, last: ONE }, target("v1.2.1")), { action: "resume", promotion: ONE });
  });

  it("does nothing when the channel is there", () => {
    deepStrictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2")), {
      action: "none",
      promotion: TWO,
    });
  });

  it("takes another build, or the same tag on another commit, for another promotion", () => {
    const known = { state: { promotion: TWO }, last: TWO };
    for (const other of [{ tag: "v1.2.2+2" }, { commit: "c0ffee".padEnd(40, "0") }]) {
      strictEqual(decide(known, target("v1.2.2", other)).action, "begin");
    }
  });

  it("refuses what was planned against a generation that is not the last, naming the one that landed", () => {
    const known = { state: { promotion: TWO }, last: THREE };
    for (const against of [0, 1, 2, 4]) {
      throws(
        () => decide(known, target("v1.2.9"), against),
        saying(
          new RegExp(`^testnet is at generation 3, v1\\.2\\.3 \\(v1\\.2\\.3\\+1\\) by now, .* generation ${against}:`),
        ),
      );
    }
    strictEqual(decide(known, target("v1.2.9"), 3).promotion.generation, 4);
    throws(() => decide({ state: {} }, target("v1.2.9"), 1), saying(/^testnet is at generation 0 by now, /));
    strictEqual(decide({ state: {} }, target("v1.2.1"), 0).promotion.generation, 1);
  });

  it("lets the same command run again with the generation that it was planned against", () => {
    const planned = decide({ state: { promotion: ONE }, last: ONE }, target("v1.2.2"), 1);
    strictEqual(planned.action, "begin");
    strictEqual(decide({ state: { promotion: ONE }, last: TWO }, target("v1.2.2"), 1).action, "resume");
    strictEqual(decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2"), 1).action, "none");
  });

  it("refuses it when the channel has been elsewhere and come back since", () => {
    const back = promotion(4, "v1.2.2", { kind: "demotion" });
    throws(
      () => decide({ state: { promotion: back }, last: back }, target("v1.2.2"), 1),
      saying(/was planned against generation 1/),
    );
  });

  it("refuses a generation that there has never been, even when the channel is there", () => {
    throws(() => decide({ state: { promotion: TWO }, last: TWO }, target("v1.2.2"), 3), saying(/against generation 3/));
  });

  it("knows the latest by its generation, wherever it stands", () => {
    strictEqual(latestOf({ state: {} }), undefined);
    strictEqual(latestOf({ state: { promotion: ONE } }), ONE);
    strictEqual(latestOf({ state: {}, last: ONE }), ONE);
    strictEqual(latestOf({ state: { promotion: ONE }, last: TWO }), TWO);
    strictEqual(latestOf({ state: { promotion: THREE }, last: TWO }), THREE); // the store has lost one
  });
});

describe("deciding on a demotion", () => {
  const demotion = (known: Known) => demotionTarget(known, "testnet", "it stalls");

  it("leads back to the network before, and says why", () => {
    const { generation: _, schema: __, ...before } = ONE;
    deepStrictEqual(demotion({ state: { promotion: TWO, previous: ONE }, last: TWO }), {
      ...before,
      kind: "demotion",
      reason: "it stalls",
    });
  });

  it("leads, after a promotion that was not completed, to where the channel has been", () => {
    const known = { state: { promotion: TWO, previous: ONE }, last: THREE };
    strictEqual(demotion(known).tag, TWO.tag);
    strictEqual(decide(known, demotion(known)).promotion.generation, 4);
  });

  it("is the same demotion when it is run again, and no way forward", () => {
    const state: ChannelState = { promotion: TWO, previous: ONE };
    const { promotion: down } = decide({ state, last: TWO }, demotion({ state, last: TWO }));
    const begun = { state, last: down };
    deepStrictEqual(decide(begun, demotion(begun)), { action: "resume", promotion: down });
    const done = { state: advance("testnet", state, down), last: down };
    strictEqual(done.state.previous, TWO);
    deepStrictEqual(decide(done, demotion(done)), { action: "none", promotion: down });
  });

  it("is refused when there is nowhere to go back to", () => {
    const refused = saying(/^testnet has no previous network to go back to$/);
    throws(() => demotion({ state: {} }), refused);
    throws(() => demotion({ state: { promotion: ONE }, last: ONE }), refused);
    throws(() => demotion({ state: {}, last: ONE }), refused); // the first was never completed
  });
});

describe("advancing a channel, under its stack's lock", () => {
  it("shows what the stack has when it is given nothing", () => {
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, undefined), {
      promotion: TWO,
      previous: ONE,
    });
  });

  it("is refused without any promotion, with the command to run", () => {
    throws(
      () => advance("testnet", {}, undefined),
      saying(/^testnet points to no network yet: run .*scripts\/promote\.ts/),
    );
  });

  it("goes on to a newer promotion, and remembers the network it leaves", () => {
    deepStrictEqual(advance("testnet", {}, ONE), { promotion: ONE });
    deepStrictEqual(advance("testnet", { promotion: ONE }, TWO), { promotion: TWO, previous: ONE });
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, promotion(5, "v1.2.5")).previous, TWO);
  });

  it("keeps what it remembers when the network stays the same", () => {
    const again = promotion(3, "v1.2.2", { reason: "again" });
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, again), { promotion: again, previous: ONE });
  });

  it("stays where it is when it is given the promotion that it is at", () => {
    deepStrictEqual(advance("testnet", { promotion: TWO, previous: ONE }, { ...TWO }), {
      promotion: TWO,
      previous: ONE,
    });
  });

  it("refuses one that was overtaken, naming who did it", () => {
    for (const late of [ONE, TWO, promotion(3, "v1.2.9")]) {
      throws(
        () => advance("testnet", { promotion: THREE, previous: ONE }, late),
        saying(
          /^testnet is at generation 3, v1\.2\.3 \(v1\.2\.3\+1\) by now, and generation \d \(v1\.2\.\d\) is overtaken: /,
        ),
      );
    }
  });

  it("refuses the promotion of another channel", () => {
    throws(
      () => advance("stagenet", {}, ONE),
      saying(/^this promotion is of channel testnet, not of stagenet: run scripts\/promote\.ts again$/),
    );
  });
});

/** Promotions that run at the same time, each a step at a time: look, write down, move. */
class Race {
  readonly records = new Map<number, Promotion>();
  state: ChannelState = {};
  /** Generations of the stack, as they came. */
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
        if (this.records.has(next.generation)) throw new UserError("written down by another"); // the store's word
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

  /** Lets them take turns in a given order, and then to their ends. */
  run(racers: readonly Generator<void>[], turns: readonly number[]): void {
    for (const turn of turns) racers[turn % racers.length]?.next();
    for (const racer of racers) while (!racer.next().done);
  }
}

const releases = fc.array(fc.constantFrom("v1.2.1", "v1.2.2", "v1.2.3"), { minLength: 2, maxLength: 4 });
const orders = fc.array(fc.nat(11), { maxLength: 12 });

describe("promotions at the same time, in any order", () => {
  it("never land in the same generation when they lead to different networks", () => {
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
          strictEqual(race.records.get(generation)?.tag, tag, "it was written down before it landed");
        }
      }),
    );
  });

  it("never take the channel back to an older generation, and at least one arrives", () => {
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

  it("land once a generation when both were planned against the same one", () => {
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
