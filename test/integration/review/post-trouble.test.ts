import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { runWith } from "../../../infra/base/lib/run";
import { postPreview } from "../../../infra/review/post/post";
import type { Github } from "../../../sandbox/github/github";
import { COMMIT, head, PostWorld, preview, quick, REPOSITORY, type TokenName } from "../../support/github-post";

const NEWER = "b".repeat(40);

describe("a preview posted to GitHub, in trouble,", () => {
  const world = new PostWorld();
  world.hooks();

  describe("posts the shorter text", () => {
    it("when the text is longer than GitHub's words allow, in characters or in bytes", async () => {
      for (const long of ["x".repeat(65_536), "🚀".repeat(17_000)]) {
        await world.post(long);
        deepStrictEqual(world.texts(), ["in short"]);
      }
    });

    it("when GitHub refuses the longer one all the same", async () => {
      world.github.setFaults({ longestBody: 1000 });
      await world.post("x".repeat(2000));
      deepStrictEqual(world.texts(), ["in short"]);
      const { notes } = await postPreview(
        preview("x", { shorter: "y".repeat(2000), body: "x".repeat(1999) }),
        world.place(),
        quick(),
      );
      match(notes.join(), /comment not posted: .*too long \(maximum is 1000 characters\)/);
      deepStrictEqual(world.texts(), ["in short"]);
    });
  });

  describe("when GitHub is in a bad mood", () => {
    it("waits as told by a rate limit, and says so", async () => {
      world.github.setFaults({ refuse: { status: 403, retryAfter: 7, times: 2 } });
      const said: string[] = [];
      const waits: number[] = [];
      const clock = { now: () => 0, sleep: async (seconds: number) => void waits.push(seconds) };
      await postPreview(preview("one"), world.place(), runWith({ say: (line) => said.push(line), clock }));
      deepStrictEqual(waits, [7, 7]);
      strictEqual(said[0], "waiting 7 s for GitHub (403)");
      deepStrictEqual(world.texts(), ["one"]);
    });

    it("asks again after a failure", async () => {
      world.github.setFaults({ refuse: { status: 500, times: 3 } });
      deepStrictEqual((await world.post("one")).notes, []);
    });

    it("does not post twice when the answer to the comment is lost", async () => {
      world.github.setFaults({ loseAnswer: 1 });
      await world.post("one");
      deepStrictEqual(world.texts(), ["one"]);
    });

    it("does not post twice when the list does not show the new comment so far", async () => {
      world.remark("person", "a remark");
      world.github.setFaults({ lag: 2 });
      const before = world.github.served.length;
      await world.post("one");
      strictEqual(world.writes(before).filter((line) => line === `POST ${world.listPath}`).length, 1);
      deepStrictEqual(world.texts(), ["a remark", "one"]);
    });

    it("makes a new comment when somebody removes ours meanwhile", async () => {
      await world.post("one");
      const [own] = world.comments();
      const held = world.github.hold(({ method }) => method === "PATCH", "request");
      const posting = world.post("two");
      await held.came;
      await fetch(`${world.github.url}/repos/${REPOSITORY}/issues/comments/${own?.id}`, {
        method: "DELETE",
        headers: { authorization: "Bearer workflow" },
      });
      held.release();
      await posting;
      deepStrictEqual(world.texts(), ["two"]);
    });

    it("ends at once when it is interrupted", async () => {
      const stop = new AbortController();
      const held = world.github.hold(({ path }) => path === world.listPath, "answer");
      const posting = postPreview(preview("one"), world.place(), { ...quick(), signal: stop.signal });
      await held.came;
      stop.abort();
      await posting.then(
        () => ok(false, "it went on"),
        (error: Error) => strictEqual(error.name, "AbortError"),
      );
      held.release();
    });
  });

  describe("of two runs at once", () => {
    /** Starts the older run, holds it at a request, and lets the newer one run from start to end. */
    const overtake = async (holdAt: Parameters<Github["hold"]>, token: TokenName = "workflow") => {
      const held = world.github.hold(...holdAt);
      const older = world.post("older", world.place({}, token));
      await held.came;
      world.github.put(REPOSITORY, world.number, { head: head(NEWER) });
      const newer = await world.post("newer", world.place({ commit: NEWER }, token));
      held.release();
      return { older: await older, newer };
    };
    const isCreate: Parameters<Github["hold"]>[0] = ({ method, path }) => method === "POST" && path === world.listPath;
    const isUpdate: Parameters<Github["hold"]>[0] = ({ method }) => method === "PATCH";

    it("posts nothing of a commit that is no longer the head, and says so", async () => {
      world.github.put(REPOSITORY, world.number, { head: head(NEWER) });
      const { comment, verdict, notes } = await world.post("older");
      deepStrictEqual([comment, verdict], ["none", "check"]);
      deepStrictEqual(notes, [`comment not posted: commit ${COMMIT} is no longer the head, which is ${NEWER}`]);
    });

    for (const at of ["request", "answer"] as const) {
      it(`leaves the newer comment when the older run is held at the ${at} of its new comment`, async () => {
        const { older, newer } = await overtake([isCreate, at]);
        deepStrictEqual(world.texts(), ["newer"]);
        match(older.notes.join(), /is no longer the head/);
        deepStrictEqual(newer.notes, []);
      });

      it(`leaves the newer comment when the older run is held at the ${at} of its update`, async () => {
        await world.post("before");
        const { older } = await overtake([isUpdate, at]);
        deepStrictEqual(world.texts(), ["newer"]);
        match(older.notes.join(), /is no longer the head/);
      });
    }

    it("leaves one comment when both make theirs at the same time", async () => {
      const held = [0, 1].map(() => world.github.hold(isCreate, "request"));
      const both = [world.post("same"), world.post("same")];
      await Promise.all(held.map(({ came }) => came));
      strictEqual(world.comments().length, 0);
      for (const one of held) one.release();
      await Promise.all(both);
      deepStrictEqual(world.texts(), ["same"]);
    });

    it("says in the comment that it is of an older commit, where no check run can keep the newer one", async () => {
      await world.post("before", world.place({}, "without-checks"));
      await overtake([isUpdate, "request"], "without-checks");
      strictEqual(world.comments().length, 1);
      match(world.comments()[0]?.body ?? "", new RegExp(`of commit ${COMMIT}. The newest commit is ${NEWER}`));
    });
  });
});
