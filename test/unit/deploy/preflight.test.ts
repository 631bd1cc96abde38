import { strictEqual } from "node:assert";
import type { Exported } from "../../../infra/base/engine/state";
import { commitToDeploy } from "../../../infra/deploy/preflight";
import { refuses } from "../../support/errors";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const URL = "file:///node.git";

/** The state of a stack whose first step decided on a commit; of an empty stack without one. */
const state = (commit?: string, outputs = {}): Exported => ({
  deployment: {
    resources: [
      { urn: "urn:pulumi:1_2_3_1::smeshnet::pulumi:pulumi:Stack::s", type: "pulumi:pulumi:Stack", outputs },
      ...(commit === undefined ? [] : [devnext(commit)]),
    ],
  },
});

const devnext = (commit: string) => ({
  urn: "urn:pulumi:1_2_3_1::smeshnet::smeshnet:components:Branch$command:local:Command::devnext",
  type: "command:local:Command",
  outputs: { stdout: JSON.stringify({ branch: "devnext", commit }) },
});

const decide = (tagged: string | undefined, exported: Exported | undefined) =>
  commitToDeploy("v1.2.3+1", URL, tagged, exported);

describe("commitToDeploy", () => {
  it("is the tag's commit for a new deployment", () => strictEqual(decide(A, undefined), A));

  it("is the tag's commit while the first step did not decide yet, and after a retirement", () => {
    strictEqual(decide(A, { deployment: {} }), A);
    strictEqual(decide(A, state()), A);
    strictEqual(decide(A, state(undefined, { commit: B })), A);
  });

  it("is the recorded commit for a deployment that goes on", () => strictEqual(decide(A, state(A)), A));

  it("refuses a tag that has moved since the deployment began", () =>
    refuses(() => decide(B, state(A)), "TagMoved", { names: [A, B, "v1.2.3+1", URL] }));

  it("refuses a tag that was deleted since, with the command that restores it", () =>
    refuses(() => decide(undefined, state(A)), "TagDeleted", { names: [A, "git push origin v1.2.3+1"] }));

  it("refuses a tag that was never pushed", () => refuses(() => decide(undefined, state()), "TagMissing"));
});
