import { deepStrictEqual, strictEqual } from "node:assert";
import type { Drift } from "../../../../infra/review/drift/model";
import { driftLine, renderDrift } from "../../../../infra/review/drift/text";

const CLEAN: Drift = {
  schema: 1,
  looked: { edge: true, channels: ["testnet"], networks: ["v1.2.3+1", "v1.2.3+2"] },
  findings: [],
  unseen: [],
  updating: [],
  foreign: [],
};

describe("the daily line", () => {
  it("says that there is nothing, and where it looked", () =>
    strictEqual(driftLine(CLEAN), "drift: none (edge, testnet, 2 networks)"));

  it("counts what was found, and never hides what was not seen or not judged", () => {
    const difference = { kind: "difference" as const, what: "a", why: "b", mend: "c" };
    const drift: Drift = {
      ...CLEAN,
      findings: [difference, { ...difference, kind: "orphan" }, difference],
      unseen: [{ what: "Workers", why: "refused", fix: "Check the token." }],
      updating: [{ what: "v1.2.3+3", why: "an engine" }],
    };
    strictEqual(
      driftLine(drift),
      "drift: 2 differences, 1 orphan, 1 not seen (edge, testnet, 2 networks); 1 stack is being updated",
    );
  });
});

describe("renderDrift", () => {
  it("tells each finding with its command below the line, and what is not ours last", () => {
    const lines = renderDrift({
      ...CLEAN,
      findings: [
        { kind: "unfinished", what: "stack 1_2_3_1", why: "killed", left: ["the lock"], mend: "smeshnet deploy" },
      ],
      foreign: [{ what: "DNS record x", why: "it has no mark of ours" }],
    });
    deepStrictEqual(lines.slice(1), [
      "unfinished: stack 1_2_3_1: killed",
      "  left: the lock",
      "  mend: smeshnet deploy",
      "not ours: DNS record x: it has no mark of ours",
    ]);
  });
});
