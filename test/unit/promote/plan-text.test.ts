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

/** What a plan says of one thing. */
const of = (lines: readonly string[], what: string): string => {
  const found = lines.find((line) => line.startsWith(`  ${what} `));
  ok(found, `${what} in ${lines.join("; ")}`);
  return found.slice(what.length + 2).trim();
};

describe("a plan in words", () => {
  it("says all that a promotion changes", () => {
    deepStrictEqual(plan({ state: STATE, last: OLD }, target("v1.2.3", { changes: "- a\n- b" })), [
      "promotion of testnet, generation 1 -> 2",
      "  network       v1.2.2 (v1.2.2+1) -> v1.2.3 (v1.2.3+1)",
      `  branch        testnet -> ${NEW.commit.slice(0, 12)} (v1.2.3)`,
      "  no simmer     there is no simmer yet",
      "  announced     v1.2.3, 2 lines of the changelog",
      "  retired next  v1.2.2+1, 24 h later",
    ]);
  });

  it("says when the network that is left goes", () => {
    const known = { state: STATE, last: OLD };
    strictEqual(
      of(plan(known, target("v1.2.3"), 0), "retired next"),
      "v1.2.2+1, as soon as its DNS records have expired in caches",
    );
    strictEqual(of(plan({ state: {} }), "retired next"), "nothing");
    strictEqual(of(plan(known, target("v1.2.4", { tag: OLD.tag })), "retired next"), "nothing");
  });

  it("says that a first promotion comes from nowhere, and that there is no changelog", () => {
    const lines = plan({ state: {} }, target("v1.2.3", { changes: "" }));
    strictEqual(lines[0], "promotion of testnet, generation 0 -> 1");
    strictEqual(of(lines, "network"), "none -> v1.2.3 (v1.2.3+1)");
    strictEqual(of(lines, "announced"), "v1.2.3, without a word in the changelog");
  });

  it("says that nothing is to do", () => {
    deepStrictEqual(plan({ state: { promotion: NEW, previous: OLD }, last: NEW }), [
      "testnet is at v1.2.3 (v1.2.3+1) already, generation 2",
    ]);
  });

  it("says that it goes on with what was begun, from the generation before", () => {
    const lines = plan({ state: STATE, last: NEW });
    strictEqual(lines[0], "promotion of testnet, generation 1 -> 2 (begun, and not completed)");
    ok(!lines.some((line) => line.includes("given up")));
  });

  it("says which promotion is given up, when one was not completed", () => {
    const lines = plan({ state: STATE, last: NEW }, target("v1.2.4"));
    strictEqual(lines[0], "promotion of testnet, generation 2 -> 3");
    match(of(lines, "given up"), /^generation 2, v1\.2\.3 \(v1\.2\.3\+1\), which was not completed$/);
    strictEqual(of(lines, "network"), "v1.2.2 (v1.2.2+1) -> v1.2.4 (v1.2.4+1)");
  });

  it("says of a demotion that what is left stays", () => {
    const known: Known = { state: { promotion: NEW, previous: OLD }, last: NEW };
    const decision: Decision = decide(known, demotionTarget(known, "testnet", "it stalls"));
    const lines = planInWords(decision, known, 0);
    strictEqual(lines[0], "demotion of testnet, generation 2 -> 3");
    strictEqual(of(lines, "retired next"), "nothing: v1.2.3+1 stays until somebody retires it");
    strictEqual(of(lines, "announced"), "testnet goes back to v1.2.2");
  });

  it("does not call the reason of a demotion one for going without simmer", () => {
    const known: Known = { state: { promotion: NEW, previous: OLD }, last: NEW };
    const lines = planInWords(decide(known, demotionTarget(known, "testnet", "it stalls")), known, 0);
    strictEqual(of(lines, "why"), "it stalls");
  });
});
