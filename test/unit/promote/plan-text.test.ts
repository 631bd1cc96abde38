import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import type { Known } from "../../../infra/base/model/promotion";
import { type Decision, decide, demotionTarget } from "../../../infra/promote/plan";
import { planInWords } from "../../../infra/promote/plan-text";
import { promotion, target } from "../../support/promotions";

const OLD = promotion(1, "v1.2.2");
const NEW = promotion(2, "v1.2.3");
const STATE = { promotion: OLD };

const plan = (known: Known, wanted = target("v1.2.3"), retireAfter = 24) =>
  planInWords(decide(known, wanted), known, retireAfter);

/** The value of one line of a plan. */
const of = (lines: readonly string[], what: string): string => {
  const found = lines.find((line) => line.startsWith(`  ${what} `));
  ok(found, `${what} in ${lines.join("; ")}`);
  return found.slice(what.length + 2).trim();
};

describe("planInWords", () => {
  it("shows everything that a promotion changes", () => {
    deepStrictEqual(plan({ state: STATE, last: OLD }, target("v1.2.3", { changes: "- a\n- b" })), [
      "promotion of testnet, generation 1 -> 2",
      "  network       v1.2.2 (v1.2.2+1) -> v1.2.3 (v1.2.3+1)",
      `  branch        testnet -> ${NEW.commit.slice(0, 12)} (v1.2.3)`,
      "  no simmer     there is no simmer yet",
      "  announcement  v1.2.3, 2 lines of the changelog",
      "  retired next  v1.2.2+1, 24 h later",
    ]);
  });

  it("shows when the replaced network is retired", () => {
    const known = { state: STATE, last: OLD };
    strictEqual(
      of(plan(known, target("v1.2.3"), 0), "retired next"),
      "v1.2.2+1, as soon as its DNS records have expired in caches",
    );
    strictEqual(of(plan({ state: {} }), "retired next"), "nothing");
    strictEqual(of(plan(known, target("v1.2.4", { tag: OLD.tag })), "retired next"), "nothing");
  });

  it("shows a first promotion without a previous network, and a missing changelog entry", () => {
    const lines = plan({ state: {} }, target("v1.2.3", { changes: "" }));
    strictEqual(lines[0], "promotion of testnet, generation 0 -> 1");
    strictEqual(of(lines, "network"), "none -> v1.2.3 (v1.2.3+1)");
    strictEqual(of(lines, "announcement"), "v1.2.3, no changelog entry");
    strictEqual(of(plan({ state: {} }), "announcement"), "v1.2.3, 1 line of the changelog");
  });

  it("shows in one line that there is nothing to do", () => {
    deepStrictEqual(plan({ state: { promotion: NEW, previous: OLD }, last: NEW }), [
      "testnet already points to v1.2.3 (v1.2.3+1), generation 2",
    ]);
  });

  it("shows that it resumes a promotion, from the generation before", () => {
    const lines = plan({ state: STATE, last: NEW });
    strictEqual(lines[0], "promotion of testnet, generation 1 -> 2 (begun earlier, not completed)");
    ok(!lines.some((line) => line.includes("overtakes")));
  });

  it("shows which promotion it overtakes, when one was not completed", () => {
    const lines = plan({ state: STATE, last: NEW }, target("v1.2.4"));
    strictEqual(lines[0], "promotion of testnet, generation 2 -> 3");
    match(of(lines, "overtakes"), /^generation 2, v1\.2\.3 \(v1\.2\.3\+1\), not completed$/);
    strictEqual(of(lines, "network"), "v1.2.2 (v1.2.2+1) -> v1.2.4 (v1.2.4+1)");
  });

  it("shows that a demotion leaves its network running", () => {
    const known: Known = { state: { promotion: NEW, previous: OLD }, last: NEW };
    const decision: Decision = decide(known, demotionTarget(known, "testnet", "it stalls"));
    const lines = planInWords(decision, known, 0);
    strictEqual(lines[0], "demotion of testnet, generation 2 -> 3");
    strictEqual(of(lines, "retired next"), "nothing: v1.2.3+1 keeps running until somebody retires it");
    strictEqual(of(lines, "announcement"), "testnet goes back to v1.2.2");
  });

  it("shows the reason of a demotion as a reason, not as a missing simmer", () => {
    const known: Known = { state: { promotion: NEW, previous: OLD }, last: NEW };
    const lines = planInWords(decide(known, demotionTarget(known, "testnet", "it stalls")), known, 0);
    strictEqual(of(lines, "reason"), "it stalls");
  });
});
