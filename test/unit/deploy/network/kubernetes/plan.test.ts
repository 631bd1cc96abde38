import { deepStrictEqual, match, strictEqual } from "node:assert";
import {
  type Found,
  isOurs,
  type Progress,
  planDown,
  planUp,
} from "../../../../../infra/deploy/network/kubernetes/plan";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const SPEC = kubernetesSpec();
const GENESIS = Date.parse("2026-11-28T07:01:06Z");
/** When the first round of the poets begins. */
const ROUND = GENESIS + 15_000;
const COMPLETE: Progress = { miners: 4, readyMiners: 4, poets: 1, readyPoets: 1, missing: [] };
const HALF: Progress = { ...COMPLETE, readyMiners: 2, missing: ["2 of 4 nodes ready"] };
const MADE = { genesisTime: "2026-11-28T07:01:06Z", miners: 4, poets: 1, phaseShift: 15 };

const found = (changes: Partial<Extract<Found, { namespace: "present" }>> = {}): Found => ({
  namespace: "present",
  uid: "uid-1",
  phase: "Active",
  owner: "v1.2.3+1",
  completed: false,
  made: MADE,
  progress: HALF,
  ...changes,
});
const up = (state: Found, now = GENESIS) => planUp(state, SPEC, now);
const [absent, unmarked] = [{ namespace: "absent" } as const, { owner: undefined }];

describe("planUp", () => {
  it("creates what is absent, and makes what is empty", () => {
    strictEqual(up(absent).action, "create");
    deepStrictEqual(up(found({ made: undefined, progress: HALF })), {
      action: "complete",
      why: "v1-2-3-1 is ours and empty",
    });
  });

  it("refuses a namespace of somebody else, however it looks", () => {
    for (const phase of ["Active", "Terminating"])
      for (const progress of [COMPLETE, HALF])
        for (const owner of [undefined, "v1.2.3+2", ""]) {
          const plan = up(found({ owner, phase, progress }));
          deepStrictEqual([plan.action, "reason" in plan && plan.reason], ["refuse", "not ours"]);
        }
    match(up(found(unmarked)).why, /is not marked as ours/);
    match(up(found({ owner: "v9.9.9+9" })).why, /belongs to v9\.9\.9\+9/);
  });

  it("waits while ours is being removed", () => strictEqual(up(found({ phase: "Terminating" })).action, "await"));

  it("refuses other numbers of nodes and poets, also of a complete network", () => {
    for (const size of [{ miners: 3 }, { miners: 5 }, { poets: 2 }])
      for (const progress of [COMPLETE, HALF]) {
        const plan = up(found({ made: { ...MADE, ...size }, progress }));
        deepStrictEqual([plan.action, "reason" in plan && plan.reason], ["refuse", "other size"]);
      }
  });

  it("adopts what is complete at any time, also when no run has marked it", () => {
    for (const completed of [true, false])
      for (const now of [0, ROUND + 1, ROUND * 2])
        strictEqual(up(found({ completed, progress: COMPLETE }), now).action, "adopt");
  });

  it("completes what is half-made until the first round of the poets begins, and replaces it after", () => {
    deepStrictEqual(
      [GENESIS - 1000, GENESIS + 1000, ROUND, ROUND + 1].map((now) => up(found(), now).action),
      ["complete", "complete", "complete", "replace"],
    );
    match(up(found(), ROUND + 1).why, /2 of 4 nodes ready/);
  });

  it("never replaces what was complete once, whatever it lacks", () => {
    const plan = up(found({ completed: true, progress: { ...HALF, readyMiners: 0, readyPoets: 0 } }), ROUND * 2);
    deepStrictEqual(plan, { action: "complete", why: "v1-2-3-1 is ours and incomplete: 2 of 4 nodes ready" });
  });
});

describe("planDown", () => {
  it("removes ours, in any state, and nothing else", () => {
    strictEqual(planDown(absent, SPEC).action, "adopt");
    for (const state of [found(), found({ phase: "Terminating" }), found({ completed: true, progress: COMPLETE })])
      strictEqual(planDown(state, SPEC).action, "replace");
    for (const owner of [undefined, "v1.2.3+2"]) strictEqual(planDown(found({ owner }), SPEC).action, "refuse");
  });
});

describe("isOurs", () => {
  it("is no match of two owners that nobody knows", () => {
    strictEqual(isOurs(found(), SPEC), true);
    strictEqual(isOurs(absent, SPEC), false);
    strictEqual(isOurs(found(unmarked), { tag: undefined as unknown as string }), false);
  });
});
