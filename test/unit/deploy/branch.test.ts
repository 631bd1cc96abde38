import { deepStrictEqual, strictEqual } from "node:assert";
import { type Goal, moveBranchOf, type Remote } from "../../../infra/deploy/branch";
import { refusesLater } from "../../support/errors";

const [A, B, OLD] = ["a", "b", "0"].map((digit) => digit.repeat(40)) as [string, string, string];
const URL = "file:///node.git";

/** A remote repository with a tag and a branch, which notes what is fetched. */
class FakeRemote implements Remote {
  head = OLD;
  readonly fetched: (string | undefined)[] = [];

  constructor(private readonly tagged: string | undefined) {}

  async refs(...names: string[]) {
    return names.map((name) => (name.startsWith("refs/tags/") ? this.tagged : this.head));
  }

  async fetch(tag: string | undefined) {
    this.fetched.push(tag);
  }

  async push(_ref: string, commit: string) {
    this.head = commit;
    return { exitCode: 0, stdout: "", stderr: "" };
  }
}

const move = (remote: Remote, goal: Goal) => moveBranchOf(remote, URL, "devnet", goal);

describe("moveBranchOf", () => {
  it("decides on the tag's commit in the step that decides", async () => {
    const remote = new FakeRemote(A);
    strictEqual((await move(remote, { tag: "v1.2.3+1" })).commit, A);
    deepStrictEqual([remote.head, remote.fetched], [A, ["v1.2.3+1"]]);
  });

  it("goes to the decided commit while the build tag names it", async () => {
    const remote = new FakeRemote(A);
    await move(remote, { tag: "v1.2.3+1", commit: A });
    deepStrictEqual([remote.head, remote.fetched], [A, ["v1.2.3+1"]]);
  });

  it("moves nothing when the build tag names another commit by now, or none", async () => {
    for (const [tagged, code] of [[B, "TagMoved"] as const, [undefined, "TagDeleted"] as const]) {
      const remote = new FakeRemote(tagged);
      await refusesLater(move(remote, { tag: "v1.2.3+1", commit: A }), code, { names: [A] });
      deepStrictEqual([remote.head, remote.fetched], [OLD, []]);
    }
  });

  it("goes where a promotion was recorded to go, wherever the release tag points", async () => {
    for (const tagged of [B, undefined]) {
      const remote = new FakeRemote(tagged);
      await move(remote, { tag: "v1.2.3", commit: A });
      deepStrictEqual([remote.head, remote.fetched], [A, [undefined]]);
    }
  });
});
