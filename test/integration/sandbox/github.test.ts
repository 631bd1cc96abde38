import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GithubContract } from "../../../sandbox/github/contract";
import { type Github, startGithub } from "../../../sandbox/github/github";

const SHA = "a".repeat(40);
const REPO = "/repos/example/testnets";
const TOKENS = {
  app: { login: "example[bot]", may: ["comments", "checks", "statuses"] },
  "other-app": { login: "other[bot]", may: ["checks"] },
  person: { login: "person", may: ["comments", "statuses"] },
} as const;

interface Answer {
  readonly status: number;
  readonly link: string | null;
  readonly json: Record<string, unknown> & Record<string, unknown>[];
}

describe("the stand-in of GitHub", () => {
  let github: Github;
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-github-"));
  const start = async () => {
    github = await startGithub({ port: 0, tokens: TOKENS, folder });
  };
  before(async () => {
    await start();
    github.put("example/testnets", 7, { head: { sha: SHA, ref: "change", repository: "example/testnets" } });
  });
  after(async () => {
    await github.close();
    rmSync(folder, { recursive: true });
  });

  const call = async (method: string, path: string, body?: unknown, token = "app"): Promise<Answer> => {
    const headers = { authorization: `token ${token}`, "user-agent": "test" };
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, link: response.headers.get("link"), json: text ? JSON.parse(text) : undefined };
  };
  const comments = `${REPO}/issues/7/comments`;

  it("answers each of its operations as GitHub's own description says", async () => {
    const made = [
      await call("POST", comments, { body: "hello" }),
      await call("POST", `${REPO}/check-runs`, { name: "preview", head_sha: SHA }),
      await call("POST", `${REPO}/statuses/${SHA}`, { state: "success" }),
    ];
    deepStrictEqual(
      made.map(({ status }) => status),
      [201, 201, 201],
    );
    const [comment, check] = made.map(({ json }) => json.id);
    const done = { conclusion: "failure", output: { title: "t", summary: "s" } };
    const answers = [
      await call("GET", comments),
      await call("GET", `${REPO}/issues/comments/${comment}`),
      await call("PATCH", `${REPO}/issues/comments/${comment}`, { body: "changed" }),
      await call("DELETE", `${REPO}/issues/comments/${comment}`),
      await call("GET", `${REPO}/pulls/7`),
      await call("GET", `${REPO}/check-runs/${check}`),
      await call("PATCH", `${REPO}/check-runs/${check}`, done),
      await call("GET", `${REPO}/commits/${SHA}/check-runs?check_name=preview`),
      await call("GET", `${REPO}/commits/${SHA}/statuses`),
      await call("GET", "/user", undefined, "person"),
    ];
    github.put("example/testnets", 6, {
      labels: ["urgent"],
      head: { sha: SHA, ref: "change", repository: "stranger/x" },
    });
    const { json } = await call("GET", `${REPO}/pulls/6`);
    strictEqual((json.head as { repo: { fork: unknown } }).repo.fork, true);
    deepStrictEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 204, 200, 200, 200, 200, 200, 200],
    );
    deepStrictEqual(github.mistakes, []);
    strictEqual(answers[2]?.json.body, "changed");
    deepStrictEqual([answers[6]?.json.status, answers[6]?.json.conclusion], ["completed", "failure"]);
    strictEqual(answers[9]?.json.login, "person");
  });

  it("refuses requests that GitHub's description does not allow, and keeps each mistake", async () => {
    const before = github.mistakes.length;
    const wrong = [
      await call("GET", `${comments}?perpage=100`),
      await call("GET", `${comments}?page=last`),
      await call("POST", comments),
      await call("POST", comments, { text: "hello" }),
      await call("POST", `${REPO}/check-runs`, { name: "preview", head_sha: SHA, conclusion: "good" }),
      await call("POST", `${REPO}/check-runs`, {
        name: "p",
        head_sha: SHA,
        output: { title: "t", summary: "s".repeat(65_536) },
      }),
      await call("POST", `${REPO}/statuses/${SHA}`, { state: "neutral" }),
    ];
    deepStrictEqual(
      wrong.map(({ status }) => status),
      wrong.map(() => 422),
    );
    const kept = github.mistakes.slice(before).join("\n");
    for (const words of ["perpage is unknown", "page/page must be integer", "body is missing", "text is unknown"])
      ok(kept.includes(words), `${words} is not in: ${kept}`);
    for (const words of ["conclusion must be equal to one", "NOT have more than 65535", "state must be equal to one"])
      ok(kept.includes(words), `${words} is not in: ${kept}`);
    deepStrictEqual(await (await fetch(`${github.url}/sandbox/mistakes`)).json(), github.mistakes);
  });

  it("finds answers that GitHub's description does not allow", () => {
    const contract = new GithubContract();
    const { operation } = contract.find("GET", `${REPO}/issues/comments/1`) ?? {};
    ok(operation);
    const right = contract.example("issues/get-comment");
    deepStrictEqual(contract.answerMistakes(operation, 200, { ...right, user: null }), []);
    match(contract.answerMistakes(operation, 200, { ...right, id: "1" }).join(), /\/id must be integer/);
    match(contract.answerMistakes(operation, 200, { ...right, created_at: "today" }).join(), /created_at must match/);
    deepStrictEqual(contract.answerMistakes(operation, 201, right), ["status 201 is unknown"]);
    deepStrictEqual(contract.answerMistakes(operation, 403, { message: "no" }), []);
    match(contract.answerMistakes(operation, 403, ["no"]).join(), /must be object/);
  });

  it("gives pages of 30, and of 100 at most, with links to the others", async () => {
    for (let count = 0; count < 105; count++) github.comment("example/testnets", 7, "person", "a remark");
    const first = await call("GET", comments);
    strictEqual(first.json.length, 30);
    match(
      first.link ?? "",
      /<http:\/\/127\.0\.0\.1:\d+\/repos\/example\/testnets\/issues\/7\/comments\?page=2>; rel="next", <.*page=4>; rel="last"/,
    );
    const second = await call("GET", `${comments}?per_page=500&page=2`);
    deepStrictEqual([second.json.length, /rel="next"/.test(second.link ?? "")], [5, false]);
  });

  it("refuses as GitHub does", async () => {
    github.put("example/testnets", 8, { locked: true });
    const refusals = [
      await call("GET", comments, undefined, "wrong"),
      await call("GET", "/repos/example/other/pulls/7"),
      await call("GET", `${REPO}/pulls/9`),
      await call("GET", "/user"),
      await call("POST", comments, { body: "x" }, "other-app"),
      await call("POST", `${REPO}/check-runs`, { name: "p", head_sha: SHA }, "person"),
      await call("POST", `${REPO}/issues/8/comments`, { body: "x" }),
      await call("POST", comments, { body: "x".repeat(65_537) }),
      await call("POST", `${REPO}/statuses/main`, { state: "success" }),
    ];
    deepStrictEqual(
      refusals.map(({ status, json }) => [status, json.message]),
      [
        [401, "Bad credentials"],
        [404, "Not Found"],
        [404, "Not Found"],
        [403, "Resource not accessible by integration"],
        [403, "Resource not accessible by integration"],
        [403, "You must authenticate via a GitHub App."],
        [403, "Unable to create comment because issue is locked."],
        [422, "Validation Failed"],
        [422, "No commit found for SHA: main"],
      ],
    );
    match(JSON.stringify(refusals[7]?.json.errors), /Body is too long \(maximum is 65536 characters\)/);
    const { status } = await call("POST", `${REPO}/issues/8/comments`, { body: "x" }, "person");
    strictEqual(status, 201); // a collaborator may
  });

  it("keeps what it knows over a restart, and shows a pull request to people", async () => {
    const title = "</title><script>alert(1)</script>";
    await fetch(`${github.url}/sandbox/example/testnets/pull/10`, { method: "PUT", body: JSON.stringify({ title }) });
    github.comment("example/testnets", 10, "person", "**bold**");
    const before = github.state;
    await github.close();
    await start();
    deepStrictEqual(github.state, before);
    const html = await (await fetch(`${github.url}/example/testnets/pull/10`)).text();
    ok(html.includes("<strong>bold</strong>"));
    ok(!html.includes("<script>"));
  });
});
