import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bodyWith, checkNameOf, hasMarker, isSameBody, markerOf } from "../../../../infra/review/post/marker";
import { ours, withWrites } from "../../../../infra/review/post/next";
import { pullRequestOf } from "../../../../infra/review/post/pull-request";
import { addToSummary } from "../../../../infra/review/post/summary";
import { refuses } from "../../../support/errors";

const COMMIT = "a".repeat(40);
const MARKER = markerOf("testnets");
const BOT = "github-actions[bot]";

describe("the marker of a preview", () => {
  it("holds its name, which names the check too", () => {
    strictEqual(markerOf("example/test_nets.2-a"), "<!-- smeshnet preview example/test_nets.2-a -->");
    strictEqual(checkNameOf(MARKER), "smeshnet preview testnets");
  });

  for (const name of ["", "a b", "-a", "a-->", "a--b", "a\nb", "ä", "a".repeat(101)]) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 9))}`, () =>
      refuses(() => markerOf(name), "PreviewNameInvalid", { exitCode: 2 }));
  }

  it("counts only at the very start, and only whole", () => {
    ok(hasMarker(bodyWith(MARKER, COMMIT, "text"), MARKER));
    ok(hasMarker(`${MARKER}\r\ntext`, MARKER));
    for (const body of [
      `> ${MARKER}\n`,
      ` ${MARKER}\n`,
      `text\n${MARKER}\n`,
      `${markerOf("testnets-2")}\n`,
      "",
      `${MARKER} x`,
    ])
      ok(!hasMarker(body, MARKER), body);
  });

  it("is ours only in a comment that we wrote", () => {
    const comment = (id: number, author: string | undefined) => ({ id, author, body: `${MARKER}\nx`, updatedAt: "" });
    const comments = [comment(3, BOT), comment(1, "person"), comment(2, BOT), comment(4, undefined)];
    deepStrictEqual(
      ours(comments, BOT, MARKER).map(({ id }) => id),
      [2, 3],
    );
    deepStrictEqual(ours(comments, undefined, MARKER), []);
  });
});

describe("bodies of comments", () => {
  it("are the same when GitHub changed line ends and the last of them", () => {
    ok(isSameBody("a\nb\n", "a\r\nb"));
    ok(!isSameBody("a\nb", "a\nc"));
  });
});

describe("a list that lags behind our writes", () => {
  const at = (id: number, body: string, seconds: number) => ({
    id,
    author: BOT,
    body,
    updatedAt: new Date(seconds * 1000).toISOString(),
  });

  it("is completed by them, unless it shows something newer", () => {
    const written = new Map<number, ReturnType<typeof at> | "removed">([
      [1, at(1, "ours", 5)],
      [2, at(2, "ours", 5)],
      [3, "removed"],
      [4, at(4, "new", 5)],
    ]);
    const listed = [at(1, "before", 4), at(2, "of another run", 6), at(3, "duplicate", 1)];
    deepStrictEqual(
      withWrites(listed, written).map(({ id, body }) => [id, body]),
      [
        [1, "ours"],
        [2, "of another run"],
        [4, "new"],
      ],
    );
  });
});

describe("the pull request of a workflow", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-event-"));
  const file = join(folder, "event.json");
  const environment = { GITHUB_REPOSITORY: "example/testnets", GITHUB_EVENT_PATH: file, GITHUB_TOKEN: "token" };
  after(() => rmSync(folder, { recursive: true }));

  const event = (head: string | null) =>
    JSON.stringify({
      action: "synchronize",
      after: COMMIT,
      pull_request: {
        number: 7,
        merge_commit_sha: "b".repeat(40),
        head: { sha: COMMIT, repo: head === null ? null : { full_name: head } },
        base: { sha: "c".repeat(40), repo: { full_name: "example/testnets" } },
      },
    });

  it("is read from its event, with the head's commit rather than GITHUB_SHA, a merge", () => {
    writeFileSync(file, event("example/testnets"));
    const place = pullRequestOf({
      ...environment,
      GITHUB_SHA: "b".repeat(40),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "5",
      GITHUB_STEP_SUMMARY: "/summary",
    });
    deepStrictEqual(place, {
      pull: { repository: "example/testnets", number: 7, commit: COMMIT, isFork: false },
      access: { url: "https://api.github.com", token: "token" },
      summaryFile: "/summary",
      runUrl: "https://github.com/example/testnets/actions/runs/5",
    });
  });

  for (const head of ["stranger/testnets", null]) {
    it(`is from a fork, when its branch is in ${head ?? "a repository that is gone"}`, () => {
      writeFileSync(file, event(head));
      strictEqual(pullRequestOf(environment).pull.isFork, true);
    });
  }

  it("is refused with the variables that are missing", () => {
    refuses(() => pullRequestOf({}), "PullRequestMissing", {
      exitCode: 2,
      names: ["GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_TOKEN", "--markdown"],
    });
  });

  it("is refused when the event is another one, or unreadable", () => {
    for (const text of ['{"ref":"refs/tags/v1.2.3+1"}', "", "[]", '{"pull_request":{"number":7}}']) {
      writeFileSync(file, text);
      refuses(() => pullRequestOf(environment), "PullRequestMissing", { exitCode: 2, names: [file] });
    }
    const lost = { ...environment, GITHUB_EVENT_PATH: join(folder, "none") };
    refuses(() => pullRequestOf(lost), "PullRequestMissing", { exitCode: 2 });
  });

  it("is refused on pull_request_target", () => {
    writeFileSync(file, event("stranger/testnets"));
    const given = { ...environment, GITHUB_EVENT_NAME: "pull_request_target" };
    refuses(() => pullRequestOf(given), "PullRequestTargetRefused", { exitCode: 2 });
  });

  it("sends the token only over TLS or within this machine", () => {
    writeFileSync(file, event("example/testnets"));
    const urlOf = (url: string) => pullRequestOf({ ...environment, GITHUB_API_URL: url }).access.url;
    strictEqual(urlOf("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
    strictEqual(urlOf("https://git.example/api/v3"), "https://git.example/api/v3");
    for (const url of ["http://api.github.com", "github", "https://user:word@api.github.com", "ftp://api.github.com"])
      refuses(() => urlOf(url), "GithubUrlInvalid", { exitCode: 2 });
  });
});

describe("the summary of a job", () => {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-summary-"));
  after(() => rmSync(folder, { recursive: true }));

  it("grows by each text", () => {
    const file = join(folder, "grows");
    strictEqual(addToSummary(file, "one"), undefined);
    strictEqual(addToSummary(file, "two"), undefined);
    strictEqual(readFileSync(file, "utf8"), "one\n\ntwo\n\n");
  });

  it("takes a shorter text when 1 MiB is nearly full, and says when it has no room", () => {
    const file = join(folder, "full");
    writeFileSync(file, "x".repeat(1024 * 1024 - 10));
    strictEqual(addToSummary(file, "x".repeat(20), "short"), undefined);
    ok(readFileSync(file, "utf8").endsWith("short\n\n"));
    strictEqual(addToSummary(file, "long again"), "it has no room left");
  });

  it("says when its file cannot be written", () => {
    match(addToSummary(join(folder, "none/summary"), "x") ?? "", /ENOENT/);
  });
});
