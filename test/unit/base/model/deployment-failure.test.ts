import { deepStrictEqual, strictEqual } from "node:assert";
import { readDeploymentFailure } from "../../../../infra/base/model/deployment-failure";
import { failure, mendable } from "../../../support/failures";

describe("readDeploymentFailure", () => {
  it("reads what was stored", () => {
    for (const one of [failure(), mendable({ commit: undefined, log: {}, others: [{ step: "dash", saw: "x" }] })])
      strictEqual(JSON.stringify(readDeploymentFailure(JSON.stringify(one))), JSON.stringify(one));
  });

  it("is undefined for a value that is not a failure", () => {
    const { tag: _, ...without } = failure();
    for (const broken of [
      "",
      "null",
      "[]",
      "7",
      "{}",
      without,
      { ...failure(), at: "soon" },
      { ...failure(), cause: {} },
    ])
      strictEqual(readDeploymentFailure(typeof broken === "string" ? broken : JSON.stringify(broken)), undefined);
  });

  it("leaves out parts that are not valid, and characters that steer a terminal", () => {
    const odd = {
      ...failure(),
      others: [null, { step: "a" }],
      log: { run: 7 },
      mend: "prayer",
      commit: 1,
      tag: "v1\u001b[2J",
    };
    const { others, log, mend, commit, tag } = readDeploymentFailure(JSON.stringify(odd)) ?? {};
    deepStrictEqual([others, log, mend, commit, tag], [[], {}, "same command", undefined, "v1 [2J"]);
  });
});
