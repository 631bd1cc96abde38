import { deepStrictEqual } from "node:assert";
import type { Entry } from "../../../infra/base/model/changelog/entries";
import { changesIn } from "../../../infra/prepare/changes";
import { compareSides } from "../../../infra/prepare/compare";
import { logOf, type Message } from "../../support/commits";

/** Compares messages with entries; the sides as titles and texts. */
async function compared(messages: readonly Message[], texts: readonly string[]) {
  const entries = texts.map((text, index): Entry => ({ headings: [], text, line: index + 1 }));
  const { both, onlyLog, onlyChangelog } = compareSides(changesIn(await logOf(...messages)).changes, entries);
  return {
    both: both.map(([{ title }, found]) => [title, ...found.map(({ text }) => text)]),
    onlyLog: onlyLog.map(({ title }) => title),
    onlyChangelog: onlyChangelog.map(({ text }) => text),
  };
}

describe("compareSides", () => {
  it("pairs a change with all entries that name its number, whatever their words", async () => {
    const entries = ["[#201](https://example.org/node/pull/201) Poets rest.", "More of it, see #201."];
    deepStrictEqual(await compared(["activation: ask poets less often (#201)"], entries), {
      both: [["activation: ask poets less often (#201)", ...entries]],
      onlyLog: [],
      onlyChangelog: [],
    });
  });

  it("says what each side lacks", async () => {
    deepStrictEqual(await compared(["fix: count late votes (#202)"], ["[#207] Nothing in the log."]), {
      both: [],
      onlyLog: ["fix: count late votes (#202)"],
      onlyChangelog: ["[#207] Nothing in the log."],
    });
  });

  it("takes no number for the beginning of a longer one", async () =>
    deepStrictEqual((await compared(["fix: a thing (#20)"], ["[#201] Other."])).both, []));

  it("takes the number of an entity of HTML for none", async () =>
    deepStrictEqual((await compared(["fix: a thing (#39)"], ["Don&#39;t stop."])).both, []));

  it("pairs by words where numbers say nothing", async () => {
    const { both } = await compared(["fix(mesh): count late votes once (#202)"], ["Late votes count only once."]);
    deepStrictEqual(both, [["fix(mesh): count late votes once (#202)", "Late votes count only once."]]);
  });

  it("pairs words that differ in their endings, as commits and entries do", async () => {
    const { both } = await compared(["api: report the verified layer"], ["The API reports verified layers."]);
    deepStrictEqual(both, [["api: report the verified layer", "The API reports verified layers."]]);
  });

  it("does not pair by a single word among others", async () =>
    deepStrictEqual((await compared(["fix: count late votes"], ["Votes are cheaper to store."])).both, []));

  it("does not give an entry with a paired number to a second change by its words", async () => {
    const { onlyLog } = await compared(
      ["fix: count late votes", "fix: count late votes (#7)"],
      ["Count late votes (#7)."],
    );
    deepStrictEqual(onlyLog, ["fix: count late votes"]);
  });

  it("compares each commit of a merged pull request with the entries", async () => {
    const log = [
      { message: "Merge pull request #206 from example/faucet", hash: "m", parents: ["a", "f2"] },
      { message: "the faucet pays slowly", hash: "f2", parents: ["f1"] },
      { message: "wip", hash: "f1", parents: ["a"] },
    ];
    deepStrictEqual((await compared(log, ["The faucet pays slowly."])).both, [["wip", "The faucet pays slowly."]]);
  });
});
