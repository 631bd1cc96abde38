import { deepStrictEqual, strictEqual } from "node:assert";
import { deployedAs, tagCheck } from "../../../infra/review/source";
import { isRefusal } from "../../support/errors";
import { SAMPLE_NETWORK } from "../../support/sample-network";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const SOURCE = { tag: "v1.2.3+1", repository: "file:///node.git", deployed: A };

describe("deployedAs", () => {
  const state = (outputs: unknown) =>
    Promise.resolve({ deployment: { resources: [{ urn: "", type: "pulumi:pulumi:Stack", outputs }] } } as never);

  it("gives the network's own facts, with the genesis id that its driver computed", async () => {
    const facts = { ...SAMPLE_NETWORK.facts, genesisId: "080e" };
    deepStrictEqual(await deployedAs(state({ facts })), facts);
  });

  it("knows nothing of a network without facts, or of a state that cannot be read", async () => {
    strictEqual(await deployedAs(state({ facts: "none" })), undefined);
    strictEqual(await deployedAs(state({})), undefined);
    strictEqual(await deployedAs(Promise.resolve(undefined)), undefined);
    strictEqual(await deployedAs(Promise.reject(new Error("locked"))), undefined);
  });
});

describe("tagCheck", () => {
  it("is fine while the tag names what was deployed", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: A });
    deepStrictEqual([check.what, check.ok, moved], ["tag", true, undefined]);
  });

  it("names both commits when tag and network differ, and what to do", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: B });
    deepStrictEqual(check, {
      what: "tag",
      ok: false,
      saw: `v1.2.3+1 points to ${B} in file:///node.git, the network runs ${A}`,
    });
    isRefusal(moved, "TagMoved");
  });

  it("tells of a tag that is gone", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: undefined });
    strictEqual(check.saw, `v1.2.3+1 is gone from file:///node.git, the network runs ${A}`);
    isRefusal(moved, "TagDeleted");
  });
});
