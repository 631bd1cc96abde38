import { deepStrictEqual, strictEqual } from "node:assert";
import { printedBy, recordedCommit, recordedSupersedes } from "../../../../infra/base/engine/printed";
import type { Exported } from "../../../../infra/base/engine/state";

const COMMIT = "c0ffee".padEnd(40, "0");

/** A state in which the step devnext printed something. */
const state = (stdout: unknown): Exported => ({
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:1_2_3_1::smeshnet::smeshnet:components:Branch$command:local:Command::devnext",
        type: "command:local:Command",
        outputs: { stdout },
      },
    ],
  },
});

describe("printedBy", () => {
  it("reads the document of a step, and nothing from a step that did not run", () => {
    deepStrictEqual(printedBy("devnext", state('{"branch":"devnext"}\n')), { branch: "devnext" });
    strictEqual(printedBy("devnet", state("{}")), undefined);
  });
});

describe("recordedSupersedes", () => {
  it("is what the first step read in the tag's message, if anything", () => {
    const supersedes = { tag: "v1.2.3+1", why: "miner-3 crashed" };
    deepStrictEqual(recordedSupersedes(state(JSON.stringify({ commit: COMMIT, supersedes }))), supersedes);
    for (const none of [undefined, state(JSON.stringify({ commit: COMMIT })), state('{"supersedes":{"tag":1}}')])
      strictEqual(recordedSupersedes(none), undefined);
  });
});

describe("recordedCommit", () => {
  it("is the commit that the first step decided on", () => {
    strictEqual(recordedCommit(state(JSON.stringify({ branch: "devnext", commit: COMMIT }))), COMMIT);
  });

  it("is unknown without a stack, before the first step, and after a retirement", () => {
    for (const exported of [undefined, { deployment: {} }, { deployment: { resources: [] } }, state(undefined)])
      strictEqual(recordedCommit(exported), undefined);
  });
});
