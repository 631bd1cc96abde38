import { deepStrictEqual, match, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { draftRecap, tryDraft } from "../../../infra/recap/draft";
import { refusesLater } from "../../support/errors";
import { recapWorld } from "../../support/recap-world";

const TAG = parseBuildTag("v1.2.3+1");
const KEY = "recap/v1.2.3+1/20261122T074000000Z/1.md";

/** A run that keeps what it says. */
function listening() {
  const said: string[] = [];
  return { said, run: runWith({ say: (line) => void said.push(line) }) };
}

describe("draftRecap", () => {
  it("keeps the draft in the store, and the history links to it", async () => {
    const { world, store, link } = recapWorld();
    const { said, run } = listening();
    await draftRecap(TAG, world, run);
    deepStrictEqual([...store.objects.keys()], [KEY]);
    match(store.objects.get(KEY) ?? "", /^---\nlayout: "post"\ntitle: .*v1\.2\.3\+1.*\ndate: "2026-11-25"\n/);
    deepStrictEqual(link(), { schema: 1, kind: "postmortem", url: `file:///archive/${KEY}` });
    deepStrictEqual(said, [`v1.2.3+1: the draft of its postmortem is kept at ${KEY}`]);
  });

  it("makes the same draft at any time", async () => {
    const { world, store } = recapWorld();
    await draftRecap(TAG, world, runWith());
    await draftRecap(TAG, world, runWith({ clock: { now: () => 0, sleep: async () => undefined } }));
    strictEqual(store.objects.size, 1);
  });

  it("lets the history link to the store while the blog refuses, and fails", async () => {
    const { world, link } = recapWorld({ blogRepository: "file:///nowhere/blog.git" });
    await refusesLater(draftRecap(TAG, world, runWith()), "GitFailed", { names: ["file:///nowhere/blog.git"] });
    deepStrictEqual(link(), { schema: 1, kind: "postmortem", url: `file:///archive/${KEY}`, pending: true });
  });

  it("changes nothing at the edge for a network that no record tells of", async () => {
    const { world, values } = recapWorld({}, []);
    await refusesLater(draftRecap(TAG, world, runWith()), "RecapEmpty", { exitCode: 2 });
    strictEqual(values.size, 0);
  });
});

describe("tryDraft", () => {
  it("turns every failure into a line, also one that is our own", async () => {
    const { said, run } = listening();
    for (const error of [new UserError("Broken", "The store is away.", ""), new TypeError("x is undefined")])
      await tryDraft(TAG, () => Promise.reject(error), run);
    match(said[0] ?? "", /^v1\.2\.3\+1: .*The store is away\. .*`smeshnet recap v1\.2\.3\+1 --publish`/);
    match(said[1] ?? "", /x is undefined/);
  });
});
