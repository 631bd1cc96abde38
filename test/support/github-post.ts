import { deepStrictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../infra/base/lib/run";
import type { RenderedPreview } from "../../infra/review/post/deliver";
import { markerOf } from "../../infra/review/post/marker";
import { type Posted, postPreview } from "../../infra/review/post/post";
import type { PostPlace } from "../../infra/review/post/pull-request";
import { type Github, startGithub } from "../../sandbox/github/github";
import type { Comment } from "../../sandbox/github/state";

export const REPOSITORY = "example/testnets";
export const COMMIT = "a".repeat(40);
export const BOT = "github-actions[bot]";
export const MARKER = markerOf("testnets");

const TOKENS = {
  workflow: { login: BOT, may: ["comments", "checks", "statuses"] },
  "without-checks": { login: BOT, may: ["comments", "statuses"] },
  "comments-only": { login: BOT, may: ["comments"] },
  "read-only": { login: BOT, may: [] },
  person: { login: "release-manager", may: ["comments", "checks", "statuses"] },
  stranger: { login: "stranger", may: ["comments"], sees: ["stranger/other"] },
} as const;

export type TokenName = keyof typeof TOKENS;

export const head = (sha: string) => ({ sha, ref: "change", repository: REPOSITORY });

/** A run whose waits take no time. */
export const quick = (said: string[] = []) =>
  runWith({ say: (line) => said.push(line), clock: { now: () => Date.now(), sleep: async () => undefined } });

export const preview = (body: string, parts: Partial<RenderedPreview> = {}): RenderedPreview => ({
  marker: MARKER,
  body,
  shorter: "in short",
  conclusion: "success",
  title: "nothing changes",
  summary: "nothing changes",
  ...parts,
});

/** The stand-in of GitHub, with a pull request of its own for each test of a file. */
export class PostWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "smeshnet-github-"));
  /** Number of the test's pull request. */
  number = 0;
  #github: Github | undefined;

  get github(): Github {
    if (!this.#github) throw new Error("the stand-in of GitHub has not started");
    return this.#github;
  }

  /** Registers the hooks of mocha. Each test also fails on a call that breaks GitHub's own description. */
  hooks(): void {
    before(async () => {
      this.#github = await startGithub({ port: 0, tokens: TOKENS, folder: this.folder });
    });
    beforeEach(() => {
      this.number += 1;
      this.github.put(REPOSITORY, this.number, { head: head(COMMIT) });
    });
    afterEach(() => {
      this.github.setFaults({});
      deepStrictEqual(this.github.mistakes, []);
    });
    after(async () => {
      await this.github.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  place(parts: Partial<PostPlace["pull"]> = {}, token: TokenName = "workflow"): PostPlace {
    return {
      pull: { repository: REPOSITORY, number: this.number, commit: COMMIT, isFork: false, ...parts },
      access: { url: this.github.url, token },
    };
  }

  post(body: string, at = this.place()): Promise<Posted> {
    return postPreview(preview(body), at, quick());
  }

  /** A comment of anybody. */
  remark(author: string, body: string): Comment {
    return this.github.comment(REPOSITORY, this.number, author, body);
  }

  comments(): readonly Comment[] {
    return this.github.state.comments.filter(({ issue }) => issue === this.number);
  }

  /** The last line of each comment, which is its text. */
  texts(): (string | undefined)[] {
    return this.comments().map(({ body }) => body.trim().split("\n").at(-1));
  }

  /** The requests that change something, from one on. */
  writes(since = 0): string[] {
    const asked = this.github.served.slice(since).filter(({ method }) => method !== "GET");
    return asked.map(({ method, path }) => `${method} ${path}`);
  }

  get listPath(): string {
    return `/repos/${REPOSITORY}/issues/${this.number}/comments`;
  }
}
