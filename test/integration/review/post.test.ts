import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markerOf } from "../../../infra/review/post/marker";
import { labelsOf, postPreview } from "../../../infra/review/post/post";
import { refusesLater } from "../../support/errors";
import { BOT, COMMIT, MARKER, PostWorld, preview, quick, REPOSITORY } from "../../support/github-post";

describe("a preview posted to GitHub", () => {
  const world = new PostWorld();
  world.hooks();

  describe("keeps one comment", () => {
    it("begins it with the marker and the commit, and gives the commit a check run", async () => {
      const at = { ...world.place(), runUrl: "https://github.com/example/testnets/actions/runs/5" };
      const refused = { conclusion: "failure", title: "replaces a network", summary: "**replaces** v1.2.3+1" } as const;
      const posted = await postPreview(preview("**1 danger**", refused), at, quick());
      deepStrictEqual(posted, { comment: "created", verdict: "check", notes: [] });
      const [comment] = world.comments();
      strictEqual(comment?.author, BOT);
      strictEqual(comment?.body, `${MARKER}\n<!-- commit ${COMMIT} -->\n\n**1 danger**\n`);
      const check = world.github.state.checks.at(-1);
      deepStrictEqual([check?.sha, check?.name, check?.app], [COMMIT, "smeshnet preview testnets", "github-actions"]);
      deepStrictEqual(check?.sent, {
        status: "completed",
        conclusion: "failure",
        details_url: at.runUrl,
        output: { title: refused.title, summary: refused.summary, text: comment?.body },
      });
    });

    it("updates it, and writes nothing when it is the same", async () => {
      strictEqual((await world.post("one")).comment, "created");
      strictEqual((await world.post("two")).comment, "updated");
      const before = world.github.served.length;
      strictEqual((await world.post("two")).comment, "unchanged");
      deepStrictEqual(world.writes(before), [`POST /repos/${REPOSITORY}/check-runs`]);
      deepStrictEqual(world.texts(), ["two"]);
    });

    it("finds it by author and marker among 33 on two pages, and removes the one of a cancelled run (T45)", async () => {
      for (let person = 1; person <= 30; person++) world.remark(`person-${person}`, "a remark");
      const quote = `I quote the bot:\n> ${MARKER}\n> nothing changes\n\nis that so?`;
      world.remark("person-31", quote);
      const own = world.remark(BOT, `${MARKER}\nnothing changes`);
      world.remark(BOT, `${MARKER}\nof a run that was cancelled`);
      world.github.setFaults({ perPage: 30 });
      const before = world.github.served.length;
      strictEqual((await world.post("new")).comment, "updated");
      deepStrictEqual(
        world
          .writes(before)
          .slice(1)
          .map((line) => line.split(" ")[0]),
        ["PATCH", "DELETE"],
      );
      strictEqual(world.comments().length, 32);
      strictEqual(world.comments().at(-2)?.body, quote);
      deepStrictEqual([world.comments().at(-1)?.id, world.texts().at(-1)], [own.id, "new"]);
    });

    it("finds it behind more than 100 comments", async () => {
      for (let count = 0; count < 130; count++) world.remark("person", "a remark");
      await world.post("one");
      await world.post("two");
      strictEqual(world.comments().length, 131);
    });

    it("never takes a comment with the marker that somebody else wrote, nor one of our own without it", async () => {
      const others = [
        world.remark("person", `${MARKER}\nnothing changes`),
        world.remark("other-app[bot]", `${MARKER}\nnothing changes`),
        world.remark(BOT, `as the preview says:\n${MARKER}\nnothing changes`),
      ];
      strictEqual((await world.post("new")).comment, "created");
      deepStrictEqual(
        world
          .comments()
          .slice(0, 3)
          .map(({ body }) => body),
        others.map(({ body }) => body),
      );
    });

    it("keeps another for another name, and for another pull request", async () => {
      await world.post("one");
      const other = preview("two", { marker: markerOf("example/testnets") });
      strictEqual((await postPreview(other, world.place(), quick())).comment, "created");
      deepStrictEqual(world.texts(), ["one", "two"]);
    });
  });

  describe("with a token that may not do everything", () => {
    it("gives a commit status where it may not give a check run", async () => {
      const long = preview("one", { conclusion: "neutral", title: "🚀".repeat(200) });
      const posted = await postPreview(long, world.place({}, "without-checks"), quick());
      deepStrictEqual(posted, { comment: "created", verdict: "status", notes: [] });
      const status = world.github.state.statuses.at(-1);
      deepStrictEqual(
        [status?.sha, status?.sent.state, status?.sent.context, status?.sent.description],
        [COMMIT, "success", "smeshnet preview testnets", "🚀".repeat(70)],
      );
      strictEqual((await world.post("two", world.place({}, "without-checks"))).comment, "updated");
    });

    it("works with a person's token, which may not give check runs at all", async () => {
      deepStrictEqual(await world.post("one", world.place({}, "person")), {
        comment: "created",
        verdict: "status",
        notes: [],
      });
      strictEqual((await world.post("two", world.place({}, "person"))).comment, "updated");
      deepStrictEqual(
        world.comments().map(({ author }) => author),
        ["release-manager"],
      );
    });

    it("learns its author from its first comment when nothing else tells", async () => {
      const at = world.place({}, "comments-only");
      const posted = await world.post("one", at);
      strictEqual(posted.verdict, "none");
      match(posted.notes.join(), /verdict not posted: .*checks: write/);
      const [first] = world.comments();
      await world.post("two", at);
      deepStrictEqual(
        world.comments().map(({ id }) => id),
        [first?.id],
      );
      deepStrictEqual(world.texts(), ["two"]);
    });

    it("says in a line that the token may not write, and does not fail", async () => {
      const { comment, notes } = await world.post("one", world.place({}, "read-only"));
      deepStrictEqual([comment, world.comments()], ["none", []]);
      match(notes.join("\n"), /^verdict not posted: .*\ncomment not posted: .*pull-requests: write$/);
    });

    it("says in a line that the repository is not seen", async () => {
      match(
        (await world.post("one", world.place({}, "stranger"))).notes.join("\n"),
        /^comment not posted: .*Not Found/,
      );
    });

    it("says in a line that the token is wrong, and never shows it", async () => {
      const at = { ...world.place(), access: { url: world.github.url, token: "a-secret" } };
      const { notes } = await world.post("one", at);
      match(notes.join("\n"), /^comment not posted: .*Bad credentials.*GITHUB_TOKEN/);
      doesNotMatch(notes.join("\n"), /a-secret/);
    });
  });

  describe("says in a line, and does not fail, that", () => {
    it("the pull request is closed", async () => {
      world.github.put(REPOSITORY, world.number, { state: "closed" });
      const before = world.github.served.length;
      const posted = await world.post("one");
      deepStrictEqual(posted.notes, ["comment not posted: the pull request is closed"]);
      deepStrictEqual(world.writes(before), []);
    });

    it("the conversation is locked", async () => {
      world.github.put(REPOSITORY, world.number, { locked: true });
      deepStrictEqual(await world.post("one"), {
        comment: "none",
        verdict: "check",
        notes: ["comment not posted: its conversation is locked"],
      });
    });

    it("the branch is in a fork, and asks GitHub nothing", async () => {
      const summaryFile = join(world.folder, "fork-summary");
      const before = world.github.served.length;
      const said: string[] = [];
      const at = { ...world.place({ isFork: true }, "read-only"), summaryFile };
      const posted = await postPreview(preview("without secrets"), at, quick(said));
      strictEqual(posted.comment, "none");
      strictEqual(world.github.served.length, before);
      deepStrictEqual(said, [`pull request ${world.number}: ${posted.notes.join()}`]);
      strictEqual(readFileSync(summaryFile, "utf8"), `without secrets\n\n> ${posted.notes.join()}\n\n`);
    });

    it("GitHub is down", async () => {
      world.github.setFaults({ refuse: { status: 500 } });
      match((await world.post("one")).notes.join("\n"), /^comment not posted: .*Server Error/);
    });
  });

  describe("writes the summary of the job", () => {
    it("in every case, without the marker", async () => {
      const summaryFile = join(world.folder, "summary");
      writeFileSync(summaryFile, "of another command\n");
      await postPreview(preview("one"), { ...world.place(), summaryFile }, quick());
      strictEqual(readFileSync(summaryFile, "utf8"), "of another command\none\n\n");
    });

    it("and goes on when it cannot", async () => {
      const posted = await postPreview(preview("one"), { ...world.place(), summaryFile: world.folder }, quick());
      strictEqual(posted.comment, "created");
      match(posted.notes.join(), /summary of the job not written: .*EISDIR/);
    });
  });

  describe("reads the labels", () => {
    it("as they are now", async () => {
      deepStrictEqual(await labelsOf(world.place(), quick()), []);
      world.github.put(REPOSITORY, world.number, { labels: ["replaces-network", "urgent"] });
      deepStrictEqual(await labelsOf(world.place({}, "read-only"), quick()), ["replaces-network", "urgent"]);
    });

    it("or says why it cannot", () =>
      refusesLater(labelsOf(world.place({}, "stranger"), quick()), "GithubFailed", { names: ["Not Found"] }));
  });
});
