import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pullRequestOf } from "../../sandbox/actions/events";
import type { GithubState } from "../../sandbox/github/state";
import type { TestSandbox } from "./sandbox";

/** Pull requests at a sandbox's stand-in of GitHub. */
export class PullRequests {
  private last = 0;

  /** @param repository `owner/name` that they ask to change */
  constructor(
    private readonly sandbox: TestSandbox,
    private readonly repository: string,
  ) {}

  /**
   * Opens one.
   * @param from `owner/name` of the repository with its branch
   * @returns its number, and the variables that a workflow has for it
   */
  async open(sha: string, from: string): Promise<{ number: number; environment: Record<string, string> }> {
    const number = ++this.last;
    const head = { sha, ref: `change-${number}`, repository: from };
    await this.ask(`/sandbox/${this.repository}/pull/${number}`, "PUT", { head });
    const file = join(this.sandbox.home, `event-${number}.json`);
    writeFileSync(file, JSON.stringify(pullRequestOf(number, { repository: from, sha }, this.repository).payload));
    return { number, environment: { GITHUB_REPOSITORY: this.repository, GITHUB_EVENT_PATH: file } };
  }

  /** Gives one a label, as a reviewer does. */
  label(number: number, label: string): Promise<unknown> {
    return this.ask(`/sandbox/${this.repository}/pull/${number}`, "PUT", { labels: [label] });
  }

  /** The comments of one, oldest first. */
  async comments(number: number): Promise<string[]> {
    const { comments } = await this.state();
    return comments.filter(({ issue }) => issue === number).map(({ body }) => body);
  }

  /** The conclusion of a commit's newest check run. */
  async verdictOf(commit: string): Promise<unknown> {
    return (await this.state()).checks.findLast(({ sha }) => sha === commit)?.sent.conclusion;
  }

  /** Requests and answers that GitHub's own description does not allow. */
  async mistakes(): Promise<string[]> {
    return (await this.ask("/sandbox/mistakes")) as string[];
  }

  private async state(): Promise<GithubState> {
    return (await this.ask("/sandbox/state")) as GithubState;
  }

  private async ask(path: string, method = "GET", body?: unknown): Promise<unknown> {
    const url = `http://127.0.0.1:${this.sandbox.world.ports.github}${path}`;
    const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  }
}
