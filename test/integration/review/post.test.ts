import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../../infra/base/lib/run";
import type { RenderedPreview } from "../../../infra/review/post/deliver";
import { markerOf } from "../../../infra/review/post/marker";
import { labelsOf, postPreview } from "../../../infra/review/post/post";
import type { PostPlace } from "../../../infra/review/post/pull-request";
import { type Github, startGithub } from "../../../sandbox/github/github";
import { refusesLater } from "../../support/errors";

const REPOSITORY = "example/testnets";
const COMMIT = "a".repeat(40);
const NEWER = "b".repeat(40);
const BOT = "github-actions[bot]";
const MARKER = markerOf("testnets");
const TOKENS = {
  workflow: { login: BOT, may: ["comments", "checks", "statuses"] },
  "without-checks": { login: BOT, may: ["comments", "statuses"] },
  "comments-only": { login: BOT, may: ["comments"] },
  "read-only": { login: BOT, may: [] },
  person: { login: "release-manager", may: ["comments", "checks", "statuses"] },
  stranger: { login: "stranger", may: ["comments"], sees: ["stranger/other"] },
} as const;

type TokenName = keyof typeof TOKENS;

describe("a preview posted to GitHub", () => {
  let github: Github;
  let number = 0;
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-github-"));

  before(async () => {
    github = await startGithub({ port: 0, tokens: TOKENS, folder });
  });
  beforeEach(() => {
    number += 1;
    github.put(REPOSITORY, number, { head: head(COMMIT) });
  });
  afterEach(() => {
    github.setFaults({});
    deepStrictEqual(github.mistakes, []);
  });
  after(async () => {
    await github.close();
    rmSync(folder, { recursive: true });
  });

  const head = (sha: string) => ({ sha, ref: "change", repository: REPOSITORY });
  const place = (parts: Partial<PostPlace["pull"]> = {}, token: TokenName = "workflow"): PostPlace => ({
    pull: { repository: REPOSITORY, number, commit: COMMIT, isFork: false, ...parts },
    access: { url: github.url, token },
  });
  const preview = (body: string, parts: Partial<RenderedPreview> = {}): RenderedPreview => ({
    marker: MARKER,
    body,
    shorter: "in short",
    conclusion: "success",
    title: "nothing changes",
    summary: "nothing changes",
    ...parts,
  });
  const quick = (said: string[] = []) =>
    runWith({ say: (line) => said.push(line), clock: { now: () => Date.now(), sleep: async () => undefined } });
  const post = (body: string, at = place()) => postPreview(preview(body), at, quick());
  const comments = () => github.state.comments.filter(({ issue }) => issue === number);
  /** The last line of each comment, which is its text. */
  const texts = () => comments().map(({ body }) => body.trim().split("\n").at(-1));
  /** The requests since a moment that change something. */
  const writes = (since = 0) =>
    github.served
      .slice(since)
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
  const commentPath = (id: number) => `/repos/${REPOSITORY}/issues/comments/${id}`;
  const listPath = () => `/repos/${REPOSITORY}/issues/${number}/comments`;

  describe("keeps one comment", () => {
    it("begins it with the marker and the commit, and gives the commit a check run", async () => {
      const at = { ...place(), runUrl: "https://github.com/example/testnets/actions/runs/5" };
      const refused = { conclusion: "failure", title: "replaces a network", summary: "**replaces** v1.2.3+1" } as const;
      const posted = await postPreview(preview("**1 danger**", refused), at, quick());
      deepStrictEqual(posted, { comment: "created", verdict: "check", notes: [] });
      const [comment] = comments();
      strictEqual(comment?.author, BOT);
      strictEqual(comment?.body, `${MARKER}\n<!-- commit ${COMMIT} -->\n\n**1 danger**\n`);
      const check = github.state.checks.at(-1);
      deepStrictEqual([check?.sha, check?.name, check?.app], [COMMIT, "smeshnet preview testnets", "github-actions"]);
      deepStrictEqual(check?.sent, {
        status: "completed",
        conclusion: "failure",
        details_url: at.runUrl,
        output: { title: refused.title, summary: refused.summary, text: comment?.body },
      });
    });

    it("updates it, and writes nothing when it is the same", async () => {
      strictEqual((await post("one")).comment, "created");
      strictEqual((await post("two")).comment, "updated");
      const before = github.served.length;
      strictEqual((await post("two")).comment, "unchanged");
      deepStrictEqual(writes(before), [`POST /repos/${REPOSITORY}/check-runs`]);
      deepStrictEqual(texts(), ["two"]);
    });

    it("finds it by author and marker among 33 on two pages, and removes the one of a cancelled run (T45)", async () => {
      for (let person = 1; person <= 30; person++) github.comment(REPOSITORY, number, `person-${person}`, "a remark");
      const quote = `I quote the bot:\n> ${MARKER}\n> nothing changes\n\nis that so?`;
      github.comment(REPOSITORY, number, "person-31", quote);
      const own = github.comment(REPOSITORY, number, BOT, `${MARKER}\nnothing changes`);
      github.comment(REPOSITORY, number, BOT, `${MARKER}\nof a run that was cancelled`);
      github.setFaults({ perPage: 30 });
      const before = github.served.length;
      strictEqual((await post("new")).comment, "updated");
      deepStrictEqual(
        writes(before)
          .slice(1)
          .map((line) => line.split(" ")[0]),
        ["PATCH", "DELETE"],
      );
      strictEqual(comments().length, 32);
      strictEqual(comments().at(-2)?.body, quote);
      deepStrictEqual([comments().at(-1)?.id, texts().at(-1)], [own.id, "new"]);
    });

    it("finds it behind more than 100 comments", async () => {
      for (let count = 0; count < 130; count++) github.comment(REPOSITORY, number, "person", "a remark");
      await post("one");
      await post("two");
      strictEqual(comments().length, 131);
    });

    it("never takes a comment with the marker that somebody else wrote, nor one of our own without it", async () => {
      const others = [
        github.comment(REPOSITORY, number, "person", `${MARKER}\nnothing changes`),
        github.comment(REPOSITORY, number, "other-app[bot]", `${MARKER}\nnothing changes`),
        github.comment(REPOSITORY, number, BOT, `as the preview says:\n${MARKER}\nnothing changes`),
      ];
      strictEqual((await post("new")).comment, "created");
      deepStrictEqual(
        comments()
          .slice(0, 3)
          .map(({ body }) => body),
        others.map(({ body }) => body),
      );
    });

    it("keeps another for another name, and for another pull request", async () => {
      await post("one");
      const other = preview("two", { marker: markerOf("example/testnets") });
      strictEqual((await postPreview(other, place(), quick())).comment, "created");
      deepStrictEqual(texts(), ["one", "two"]);
    });
  });

  describe("with a token that may not do everything", () => {
    it("gives a commit status where it may not give a check run", async () => {
      const long = preview("one", { conclusion: "neutral", title: "🚀".repeat(200) });
      const posted = await postPreview(long, place({}, "without-checks"), quick());
      deepStrictEqual(posted, { comment: "created", verdict: "status", notes: [] });
      const status = github.state.statuses.at(-1);
      deepStrictEqual(
        [status?.sha, status?.sent.state, status?.sent.context, status?.sent.description],
        [COMMIT, "success", "smeshnet preview testnets", "🚀".repeat(70)],
      );
      strictEqual((await post("two", place({}, "without-checks"))).comment, "updated");
    });

    it("works with a person's token, which may not give check runs at all", async () => {
      deepStrictEqual(await post("one", place({}, "person")), { comment: "created", verdict: "status", notes: [] });
      strictEqual((await post("two", place({}, "person"))).comment, "updated");
      deepStrictEqual(
        comments().map(({ author }) => author),
        ["release-manager"],
      );
    });

    it("learns its author from its first comment when nothing else tells", async () => {
      const at = place({}, "comments-only");
      const posted = await post("one", at);
      strictEqual(posted.verdict, "none");
      match(posted.notes.join(), /verdict not posted: .*checks: write/);
      const [first] = comments();
      await post("two", at);
      deepStrictEqual(
        comments().map(({ id }) => id),
        [first?.id],
      );
      deepStrictEqual(texts(), ["two"]);
    });

    it("says in a line that the token may not write, and does not fail", async () => {
      const { comment, notes } = await post("one", place({}, "read-only"));
      deepStrictEqual([comment, comments()], ["none", []]);
      match(notes.join("\n"), /^verdict not posted: .*\ncomment not posted: .*pull-requests: write$/);
    });

    it("says in a line that the repository is not seen", async () => {
      match((await post("one", place({}, "stranger"))).notes.join("\n"), /^comment not posted: .*Not Found/);
    });

    it("says in a line that the token is wrong, and never shows it", async () => {
      const at = { ...place(), access: { url: github.url, token: "a-secret" } };
      const { notes } = await post("one", at);
      match(notes.join("\n"), /^comment not posted: .*Bad credentials.*GITHUB_TOKEN/);
      doesNotMatch(notes.join("\n"), /a-secret/);
    });
  });

  describe("says in a line, and does not fail, that", () => {
    it("the pull request is closed", async () => {
      github.put(REPOSITORY, number, { state: "closed" });
      const before = github.served.length;
      const posted = await post("one");
      deepStrictEqual(posted.notes, ["comment not posted: the pull request is closed"]);
      deepStrictEqual(writes(before), []);
    });

    it("the conversation is locked", async () => {
      github.put(REPOSITORY, number, { locked: true });
      deepStrictEqual(await post("one"), {
        comment: "none",
        verdict: "check",
        notes: ["comment not posted: its conversation is locked"],
      });
    });

    it("the branch is in a fork, and asks GitHub nothing", async () => {
      const summaryFile = join(folder, "fork-summary");
      const before = github.served.length;
      const said: string[] = [];
      const at = { ...place({ isFork: true }, "read-only"), summaryFile };
      const posted = await postPreview(preview("without secrets"), at, quick(said));
      strictEqual(posted.comment, "none");
      strictEqual(github.served.length, before);
      deepStrictEqual(said, [`pull request ${number}: ${posted.notes.join()}`]);
      strictEqual(readFileSync(summaryFile, "utf8"), `without secrets\n\n> ${posted.notes.join()}\n\n`);
    });

    it("GitHub is down", async () => {
      github.setFaults({ refuse: { status: 500 } });
      match((await post("one")).notes.join("\n"), /^comment not posted: .*Server Error/);
    });
  });

  describe("writes the summary of the job", () => {
    it("in every case, without the marker", async () => {
      const summaryFile = join(folder, "summary");
      writeFileSync(summaryFile, "of another command\n");
      await postPreview(preview("one"), { ...place(), summaryFile }, quick());
      strictEqual(readFileSync(summaryFile, "utf8"), "of another command\none\n\n");
    });

    it("and goes on when it cannot", async () => {
      const posted = await postPreview(preview("one"), { ...place(), summaryFile: folder }, quick());
      strictEqual(posted.comment, "created");
      match(posted.notes.join(), /summary of the job not written: .*EISDIR/);
    });
  });

  describe("posts the shorter text", () => {
    it("when the text is longer than GitHub's words allow, in characters or in bytes", async () => {
      for (const long of ["x".repeat(65_536), "🚀".repeat(17_000)]) {
        await post(long);
        deepStrictEqual(texts(), ["in short"]);
      }
    });

    it("when GitHub refuses the longer one all the same", async () => {
      github.setFaults({ longestBody: 1000 });
      await post("x".repeat(2000));
      deepStrictEqual(texts(), ["in short"]);
      const { notes } = await postPreview(
        preview("x", { shorter: "y".repeat(2000), body: "x".repeat(1999) }),
        place(),
        quick(),
      );
      match(notes.join(), /comment not posted: .*too long \(maximum is 1000 characters\)/);
      deepStrictEqual(texts(), ["in short"]);
    });
  });

  describe("when GitHub is in a bad mood", () => {
    it("waits as told by a rate limit, and says so", async () => {
      github.setFaults({ refuse: { status: 403, retryAfter: 7, times: 2 } });
      const said: string[] = [];
      const waits: number[] = [];
      const clock = { now: () => 0, sleep: async (seconds: number) => void waits.push(seconds) };
      await postPreview(preview("one"), place(), runWith({ say: (line) => said.push(line), clock }));
      deepStrictEqual(waits, [7, 7]);
      strictEqual(said[0], "waiting 7 s for GitHub (403)");
      deepStrictEqual(texts(), ["one"]);
    });

    it("asks again after a failure", async () => {
      github.setFaults({ refuse: { status: 500, times: 3 } });
      deepStrictEqual((await post("one")).notes, []);
    });

    it("does not post twice when the answer to the comment is lost", async () => {
      github.setFaults({ loseAnswer: 1 });
      await post("one");
      deepStrictEqual(texts(), ["one"]);
    });

    it("does not post twice when the list does not show the new comment so far", async () => {
      github.comment(REPOSITORY, number, "person", "a remark");
      github.setFaults({ lag: 2 });
      const before = github.served.length;
      await post("one");
      strictEqual(writes(before).filter((line) => line === `POST ${listPath()}`).length, 1);
      deepStrictEqual(texts(), ["a remark", "one"]);
    });

    it("makes a new comment when somebody removes ours meanwhile", async () => {
      await post("one");
      const [own] = comments();
      const held = github.hold(({ method }) => method === "PATCH", "request");
      const posting = post("two");
      await held.came;
      await fetch(`${github.url}${commentPath(own?.id ?? 0)}`, {
        method: "DELETE",
        headers: { authorization: "Bearer workflow" },
      });
      held.release();
      await posting;
      deepStrictEqual(texts(), ["two"]);
    });

    it("ends at once when it is interrupted", async () => {
      const stop = new AbortController();
      const held = github.hold(({ path }) => path === listPath(), "answer");
      const posting = postPreview(preview("one"), place(), { ...quick(), signal: stop.signal });
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
      const held = github.hold(...holdAt);
      const older = post("older", place({}, token));
      await held.came;
      github.put(REPOSITORY, number, { head: head(NEWER) });
      const newer = await post("newer", place({ commit: NEWER }, token));
      held.release();
      return { older: await older, newer };
    };
    const isCreate: Parameters<Github["hold"]>[0] = ({ method, path }) => method === "POST" && path === listPath();
    const isUpdate: Parameters<Github["hold"]>[0] = ({ method }) => method === "PATCH";

    it("posts nothing of a commit that is no longer the head, and says so", async () => {
      github.put(REPOSITORY, number, { head: head(NEWER) });
      const { comment, verdict, notes } = await post("older");
      deepStrictEqual([comment, verdict], ["none", "check"]);
      deepStrictEqual(notes, [`comment not posted: commit ${COMMIT} is no longer the head, which is ${NEWER}`]);
    });

    for (const at of ["request", "answer"] as const) {
      it(`leaves the newer comment when the older run is held at the ${at} of its new comment`, async () => {
        const { older, newer } = await overtake([isCreate, at]);
        deepStrictEqual(texts(), ["newer"]);
        match(older.notes.join(), /is no longer the head/);
        deepStrictEqual(newer.notes, []);
      });

      it(`leaves the newer comment when the older run is held at the ${at} of its update`, async () => {
        await post("before");
        const { older } = await overtake([isUpdate, at]);
        deepStrictEqual(texts(), ["newer"]);
        match(older.notes.join(), /is no longer the head/);
      });
    }

    it("leaves one comment when both make theirs at the same time", async () => {
      const held = [0, 1].map(() => github.hold(isCreate, "request"));
      const both = [post("same"), post("same")];
      await Promise.all(held.map(({ came }) => came));
      strictEqual(comments().length, 0);
      for (const one of held) one.release();
      await Promise.all(both);
      deepStrictEqual(texts(), ["same"]);
    });

    it("says in the comment that it is of an older commit, where no check run can keep the newer one", async () => {
      await post("before", place({}, "without-checks"));
      await overtake([isUpdate, "request"], "without-checks");
      strictEqual(comments().length, 1);
      match(comments()[0]?.body ?? "", new RegExp(`of commit ${COMMIT}. The newest commit is ${NEWER}`));
    });
  });

  describe("reads the labels", () => {
    it("as they are now", async () => {
      deepStrictEqual(await labelsOf(place(), quick()), []);
      github.put(REPOSITORY, number, { labels: ["replaces-network", "urgent"] });
      deepStrictEqual(await labelsOf(place({}, "read-only"), quick()), ["replaces-network", "urgent"]);
    });

    it("or says why it cannot", () =>
      refusesLater(labelsOf(place({}, "stranger"), quick()), "GithubFailed", { names: ["Not Found"] }));
  });
});
