import { doesNotThrow, strictEqual } from "node:assert";
import type { Exported } from "../../../infra/base/engine/state";
import { parseReleaseTag, type Release } from "../../../infra/base/model/build-tag";
import { otherCommit } from "../../../infra/promote/readiness";
import { releaseAmong } from "../../../infra/promote/release";
import { releaseTagMoved, requireSameCommit } from "../../../infra/promote/source";
import { isRefusal, refuses } from "../../support/errors";
import { promotion } from "../../support/promotions";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const URL = "https://git.example.org/node.git";
const ONE = promotion(1, "v1.2.3", { commit: A });

/** The refs of a repository whose annotated release tag names a commit, and so does a build tag. */
const refs = (commit: string) =>
  new Map([
    ["refs/tags/v1.2.3", "0".repeat(40)],
    ["refs/tags/v1.2.3^{}", commit],
    ["refs/tags/v1.2.3+1", commit],
  ]);

describe("the commit of a promotion", () => {
  it("is that of the release tag while no channel was promoted to it", () => {
    doesNotThrow(() => requireSameCommit([promotion(1, "v1.2.2", { commit: B })], "v1.2.3", refs(A), URL));
    doesNotThrow(() => requireSameCommit([ONE], "v1.2.3", refs(A), URL));
  });

  it("stays: a release tag that was moved after a promotion is refused with both commits, whatever builds stand there", () => {
    const moved = refs(B);
    strictEqual(releaseAmong(moved, URL, parseReleaseTag("v1.2.3") as Release).commit, B); // all else would let it pass
    refuses(() => requireSameCommit([ONE, promotion(2, "v1.2.4")], "v1.2.3", moved, URL), "ReleaseTagMoved", {
      names: ["v1.2.3", A, B, "generation 1 of testnet", "git tag -a --force v1.2.3"],
    });
  });

  it("is decided anew when the promotion was given up", () =>
    doesNotThrow(() =>
      requireSameCommit([{ ...ONE, abandoned: { reason: "x", at: "2026-01-01T00:00:00Z" } }], "v1.2.3", refs(B), URL),
    ));

  it("is refused when its tag was moved or deleted before anything moved", () => {
    strictEqual(releaseTagMoved(ONE, A, URL, "decided for"), undefined);
    isRefusal(releaseTagMoved(ONE, B, URL, "decided for"), "ReleaseTagMoved", { names: [A, B, URL] });
    isRefusal(releaseTagMoved(ONE, undefined, URL, "decided for"), "ReleaseTagMoved", { names: ["any more", A] });
  });
});

describe("a network that was deployed again from another commit since its promotion", () => {
  const state = (commit?: string): Exported => ({
    deployment: {
      resources: [
        {
          urn: "urn:pulumi:1_2_3_1::smeshnet::pulumi:pulumi:Stack::smeshnet-1_2_3_1",
          type: "pulumi:pulumi:Stack",
          outputs: commit === undefined ? {} : { commit },
        },
      ],
    },
  });

  it("is no network to go back to, and both commits are named", () => {
    const { what = "" } = otherCommit(state(B), ONE) ?? {};
    strictEqual(what, `v1.2.3+1 runs ${B} by now, and v1.2.3 was promoted from ${A}`);
  });

  it("is another matter when it runs the same commit, or never told one", () => {
    for (const one of [state(A), state(), undefined]) strictEqual(otherCommit(one, ONE), undefined);
  });
});
