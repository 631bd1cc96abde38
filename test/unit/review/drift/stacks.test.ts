import { deepStrictEqual, strictEqual } from "node:assert";
import type { ChannelState, Known } from "../../../../infra/base/model/promotion";
import { STEPS } from "../../../../infra/base/model/steps";
import { commandsAt } from "../../../../infra/review/drift/commands-at";
import { halfDone, needless, type Reasons, unfinished, updatingStacks } from "../../../../infra/review/drift/stacks";
import { handOn, isLiving } from "../../../../infra/review/drift/standing";
import { promotion } from "../../../support/promotions";
import { COMPLETE, HERE, lock, NOW, root, stack, stateOf, stepResource } from "./builders";

describe("handOn", () => {
  const kind = (changes: Parameters<typeof stack>[0]) => handOn(stack(changes), HERE).kind;

  it("is a living engine of this machine, or a command that is about to start one", () => {
    strictEqual(kind({ locks: [lock({ pid: 7 })] }), "updating");
    strictEqual(kind({ workers: ["smeshnet deploy v1.2.3+1"] }), "updating");
    strictEqual(kind({ isUpdating: true }), "updating");
    strictEqual(kind({}), "none");
  });

  it("is dead when its engine on this machine is, but not when a command just came to clean up", () => {
    strictEqual(kind({ locks: [lock()] }), "dead");
    strictEqual(kind({ locks: [lock()], workers: ["smeshnet deploy v1.2.3+1"] }), "updating");
  });

  it("may be living on another machine for as long as an update can take", () => {
    strictEqual(kind({ locks: [lock({ host: "ci" })] }), "updating");
    strictEqual(kind({ locks: [lock({ host: "ci", since: "2026-11-30T22:59:00Z" })] }), "lost");
  });
});

describe("commandsAt", () => {
  const process = (args: string) => ({ pid: 1, parent: 1, user: 0, args });
  const at = (name: string, args: string) => commandsAt(name, ["testnet"], [process(args)]);

  it("finds commands that take the lock of a network or a channel", () => {
    deepStrictEqual(at("1_2_3_1", "node scripts/smeshnet.cjs retire v1.2.3+1 --why old"), [
      "smeshnet retire v1.2.3+1 --why old",
    ]);
    deepStrictEqual(at("testnet", "node /usr/bin/smeshnet promote v1.2.3"), ["smeshnet promote v1.2.3"]);
    deepStrictEqual(at("edge", "smeshnet deploy edge"), ["smeshnet deploy edge"]);
  });

  it("leaves out commands at other stacks, and those that only read", () => {
    for (const args of ["smeshnet deploy v1.2.3+11", "smeshnet status v1.2.3+1", "smeshnet step smoke v1.2.3+1"])
      deepStrictEqual(at("1_2_3_1", args), []);
  });
});

describe("unfinished", () => {
  const HALF = [root(), stepResource(STEPS.devnext), stepResource(STEPS.history)];
  const of = (changes: Parameters<typeof stack>[0]) => unfinished(stack(changes), HERE, ["cluster v1-2-3-1 (RUNNING)"]);

  it("is no settled stack, and none that an engine is at", () => {
    strictEqual(of({}), undefined);
    strictEqual(of({ state: stateOf([]) }), undefined);
    strictEqual(of({ state: stateOf(HALF), locks: [lock({ pid: 7 })] }), undefined);
    strictEqual(of({ name: "edge", state: stateOf([root()]) }), undefined);
  });

  it("is a killed deployment, with all that it left and the command that continues it", () => {
    const found = of({
      state: stateOf(HALF, [["creating", stepResource(STEPS.network)]]),
      locks: [lock()],
    });
    deepStrictEqual(found, {
      kind: "unfinished",
      what: "stack 1_2_3_1",
      why: "the deployment of v1.2.3+1 was killed",
      left: [
        "the lock: its engine was killed (root@vm (pid 8, since 2026-11-30T23:30:00Z))",
        "unfinished operation: creating network",
        "steps in the state: devnext, history",
        "cluster v1-2-3-1 (RUNNING)",
      ],
      mend: "smeshnet deploy v1.2.3+1",
    });
  });

  it("is a deployment that failed, without a lock", () => {
    const found = of({ state: stateOf(HALF) });
    deepStrictEqual(
      [found?.why, found?.mend],
      ["the deployment of v1.2.3+1 stopped before its end", "smeshnet deploy v1.2.3+1"],
    );
  });

  it("is a retirement, once the guard is gone or a step of an incomplete network is being deleted", () => {
    const withoutGuard = COMPLETE.filter(({ urn }) => !urn.endsWith("::guard"));
    for (const state of [stateOf(withoutGuard), stateOf(HALF, [["deleting", stepResource(STEPS.history)]])])
      strictEqual(of({ state })?.mend, "smeshnet retire v1.2.3+1");
  });

  it("is a lock alone, which recover clears; by force when its machine cannot be asked", () => {
    strictEqual(of({ locks: [lock()] })?.mend, "smeshnet recover v1.2.3+1");
    const lost = of({ locks: [lock({ host: "ci", since: "2026-11-01T00:00:00Z" })] });
    strictEqual(lost?.mend, "smeshnet recover v1.2.3+1 --force");
  });
});

describe("updatingStacks", () => {
  it("names networks by their tag", () => {
    deepStrictEqual(
      updatingStacks([stack({ locks: [lock({ pid: 7 })] }), stack({ name: "edge" })], HERE).map(({ what }) => what),
      ["v1.2.3+1"],
    );
  });
});

describe("needless", () => {
  const moved: ChannelState = {
    promotion: promotion(2, "v1.2.4"),
    previous: promotion(1, "v1.2.3"),
    replaced: ["v1.2.3+1"],
    movedAt: "2026-11-29T00:00:00Z",
  };
  const reasons = (state: ChannelState, changes: Partial<Reasons> = {}): Reasons => ({
    configured: ["testnet"],
    channels: new Map<string, Known>([["testnet", { state }]]),
    retireAfter: 12,
    retired: new Set(["1_2_2_1"]),
    ...changes,
  });
  const of = (changes: Parameters<typeof stack>[0], why: Reasons = reasons({})) => needless(stack(changes), why, HERE);

  it("is no network, no edge and no channel that is configured", () => {
    for (const name of ["1_2_3_1", "edge", "testnet"]) strictEqual(of({ name }), undefined);
  });

  it("is an empty stack, unless it is that of a retired network", () => {
    const state = stateOf([]);
    strictEqual(of({ state })?.mend, "pulumi stack rm 1_2_3_1");
    strictEqual(of({ state, name: "1_2_2_1" }), undefined);
    strictEqual(of({ state }, reasons({}, { retired: undefined })), undefined, "when nobody could read the history");
  });

  it("is the stack of a channel that is not configured", () =>
    strictEqual(of({ name: "beta" })?.why, "no channel beta is configured"));

  it("is a replaced network a day after its retirement was due", () => {
    strictEqual(of({}, reasons(moved))?.mend, "smeshnet retire --due");
    strictEqual(of({}, reasons({ ...moved, movedAt: "2026-11-29T12:00:01Z" })), undefined);
  });

  it("is no replaced network that another channel points to", () => {
    const both = new Map<string, Known>([
      ["testnet", { state: moved }],
      ["stable", { state: { promotion: promotion(1, "v1.2.3") } }],
    ]);
    strictEqual(of({}, reasons(moved, { configured: [...both.keys()], channels: both })), undefined);
  });

  it("is no replaced network while a channel cannot be looked at", () =>
    strictEqual(of({}, reasons(moved, { configured: ["testnet", "stable"] })), undefined));

  it("is nothing that an engine is at", () =>
    strictEqual(of({ state: stateOf([]), locks: [lock({ pid: 7 })] }), undefined));
});

describe("halfDone", () => {
  const last = promotion(2, "v1.2.4");

  it("is a recorded promotion that did not arrive, with the reason that was recorded", () => {
    const found = halfDone("testnet", { state: { promotion: promotion(1, "v1.2.3") }, last }, undefined, HERE);
    strictEqual(found?.mend, "smeshnet promote v1.2.4 --channel testnet --reason 'there is no simmer yet'");
  });

  it("is one that was given up while names may still lead there, and none once the channel is back", () => {
    const state = { promotion: promotion(1, "v1.2.3") };
    const abandoned = { reason: "x", at: "2026-01-01T00:00:00Z" };
    const found = halfDone("testnet", { state, last: { ...last, abandoned } }, undefined, HERE);
    strictEqual(found?.mend, "smeshnet promote v1.2.4 --channel testnet --abandon TEXT");
    const back = { ...last, abandoned: { ...abandoned, backAt: abandoned.at } };
    strictEqual(halfDone("testnet", { state, last: back }, undefined, HERE), undefined);
  });

  it("is none that arrived, and none under way", () => {
    strictEqual(halfDone("testnet", { state: { promotion: last }, last }, undefined, HERE), undefined);
    const moving = stack({ name: "testnet", locks: [lock({ pid: 7 })] });
    strictEqual(halfDone("testnet", { state: {}, last }, moving, HERE), undefined);
  });
});

describe("isLiving", () => {
  it("is every stack with resources, and an empty one that somebody is at", () => {
    strictEqual(isLiving(stack(), HERE), true);
    strictEqual(isLiving(stack({ state: stateOf([]) }), HERE), false);
    strictEqual(isLiving(stack({ state: stateOf([]), locks: [lock({ pid: 7 })] }), HERE), true);
  });

  it("is one whose very first resource was being made", () =>
    strictEqual(isLiving(stack({ state: stateOf([], [["creating", root()]]) }), { ...HERE, now: NOW }), true));
});
