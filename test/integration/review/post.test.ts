import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../../infra/base/lib/run";
import { markerOf } from "../../../infra/review/post/marker";
import { postPreview } from "../../../infra/review/post/post";
import { type Github, startGithub } from "../../../sandbox/github/github";

const REPOSITORY = "example/testnets";
const COMMIT = "a".repeat(40);

describe("a preview posted to GitHub", () => {
  let github: Github;
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-github-"));
  before(async () => {
    const tokens = { bot: { login: "github-actions[bot]", may: ["comments", "checks", "statuses"] } } as const;
    github = await startGithub({ port: 0, tokens, folder });
  });
  after(async () => {
    await github.close();
    rmSync(folder, { recursive: true });
  });

  it("is one comment, also after a second run", async () => {
    github.put(REPOSITORY, 7, { head: { sha: COMMIT, ref: "change", repository: REPOSITORY } });
    const place = {
      pull: { repository: REPOSITORY, number: 7, commit: COMMIT, isFork: false },
      access: { url: github.url, token: "bot" },
    };
    const preview = {
      marker: markerOf("sandbox"),
      body: "**nothing changes**",
      shorter: "nothing",
      conclusion: "success",
      title: "nothing changes",
      summary: "nothing changes",
    } as const;
    const run = runWith();
    deepStrictEqual(await postPreview(preview, place, run), { comment: "created", verdict: "check", notes: [] });
    deepStrictEqual(await postPreview(preview, place, run), { comment: "unchanged", verdict: "check", notes: [] });
    strictEqual(github.state.comments.length, 1);
    deepStrictEqual(github.mistakes, []);
  });
});
