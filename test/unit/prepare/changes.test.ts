import { deepStrictEqual } from "node:assert";
import { changesIn } from "../../../infra/prepare/changes";
import { logOf, type Message } from "../../support/commits";

/** The changes of a log, as titles with the number of their commits where it is not 1. */
async function told(...messages: readonly Message[]): Promise<string[]> {
  const { changes } = changesIn(await logOf(...messages));
  return changes.map(({ title, commits }) => (commits.length === 1 ? title : `${title} x${commits.length}`));
}

const GONE = "0".repeat(40);

describe("changesIn", () => {
  it("tells a commit and its revert as nothing, also when the revert names another hash", async () => {
    const { changes, undone } = changesIn(
      await logOf(`Revert "feat!: b (#4)"\n\nThis reverts commit ${"f".repeat(40)}.`, "feat!: b (#4)", "fix: a"),
    );
    deepStrictEqual(
      [changes.map(({ title }) => title), undone.map((pair) => pair.map(({ title }) => title))],
      [["fix: a"], [["feat!: b (#4)", 'Revert "feat!: b (#4)"']]],
    );
  });

  it("takes back the commit that the hash names, of two with the same subject", async () => {
    const hash = "b".repeat(40);
    const revert = `Revert "fix: a"\n\nThis reverts commit ${hash.slice(0, 10)}.`;
    const { changes } = changesIn(await logOf(revert, "fix: a", { message: "fix: a", hash }));
    deepStrictEqual(
      changes.map(({ commits }) => commits[0]?.hash === hash),
      [false],
    );
  });

  it("brings a commit back when its revert is reverted", async () => {
    deepStrictEqual(await told('Revert "Revert "feat: b""', 'Revert "feat: b"', "feat: b"), ["feat: b"]);
    deepStrictEqual(await told('Reapply "feat: b"', 'Revert "feat: b"', "feat: b"), ["feat: b"]);
  });

  it("takes nothing back twice", async () =>
    deepStrictEqual(await told('Revert "feat: b"', 'Revert "feat: b"', "feat: b"), ['Revert "feat: b"']));

  it("tells the revert of an older release's commit as a change", async () => {
    const revert = `Revert "feat: b"\n\nThis reverts commit ${GONE}.`;
    deepStrictEqual(await told(revert, "fix: a"), ['Revert "feat: b"', "fix: a"]);
  });

  it("leaves out fixups of a commit in the log, and names others by that commit", async () => {
    deepStrictEqual(await told("fixup! fix: a", "squash! fix: gone", "fix: a"), ["fix: gone", "fix: a"]);
  });

  it("leaves out merges and the commits that name versions", async () => {
    const merge = { message: "Merge branch 'x'", parents: ["1", "2"] };
    deepStrictEqual(await told("Releasing v1.4.3", merge, "fix: a"), ["fix: a"]);
  });

  it("tells the commits of a merged pull request as one change with its number", async () => {
    const log = await logOf(
      { message: "Merge pull request #206 from example/feature/faucet", hash: "m", parents: ["a", "f2"] },
      { message: "wip", hash: "f2", parents: ["f1"] },
      { message: "feat: a faucet", hash: "f1", parents: ["a"] },
      { message: "fix: a (#7)", hash: "a", parents: ["z"] },
    );
    deepStrictEqual(
      changesIn(log).changes.map(({ title, numbers, commits }) => [title, numbers, commits.length]),
      [
        ["feat: a faucet", [206], 2],
        ["fix: a (#7)", [7], 1],
      ],
    );
  });

  it("tells a merge and the commit that it brought as one change when both have the number", async () => {
    const log = await logOf(
      { message: "Merge pull request #206 from example/faucet", hash: "m", parents: ["a", "f"] },
      { message: "feat: a faucet (#206)", hash: "f", parents: ["a"] },
    );
    deepStrictEqual(
      changesIn(log).changes.map(({ title, numbers }) => [title, numbers]),
      [["feat: a faucet (#206)", [206]]],
    );
  });

  it("counts the innermost of several merges", async () => {
    const log = await logOf(
      { message: "Merge pull request #9 from example/develop", hash: "o", parents: ["a", "i"] },
      { message: "Merge pull request #8 from example/faucet", hash: "i", parents: ["b", "f"] },
      { message: "faucet", hash: "f", parents: ["b"] },
      { message: "other", hash: "b", parents: ["a"] },
    );
    deepStrictEqual(
      changesIn(log).changes.map(({ title, numbers }) => [title, numbers]),
      [
        ["faucet", [8]],
        ["other", [9]],
      ],
    );
  });
});
