import { createHash } from "node:crypto";
import type { GithubContract } from "./contract";
import type { Check, Comment, Pull, Status } from "./state";

type Json = Readonly<Record<string, unknown>>;

/** GitHub's own examples with our facts in them: what the API returns for a thing. */
export class Documents {
  /** @param base of the API and of the pages, e.g. `http://127.0.0.1:8080` */
  constructor(
    private readonly contract: GithubContract,
    private readonly base: string,
  ) {}

  comment({ id, repository, issue, author, body, createdAt, updatedAt }: Comment): Json {
    return {
      ...this.contract.example("issues/get-comment"),
      id,
      url: `${this.base}/repos/${repository}/issues/comments/${id}`,
      html_url: `${this.page(repository, issue)}#issuecomment-${id}`,
      issue_url: `${this.base}/repos/${repository}/issues/${issue}`,
      body,
      user: this.user(author),
      created_at: createdAt,
      updated_at: updatedAt,
      author_association: isApp(author) ? "NONE" : "MEMBER",
      performed_via_github_app: null,
    };
  }

  pull(pull: Pull): Json {
    const example = this.contract.example("pulls/get");
    const { head, base, labels } = example as {
      head: Json & { repo: Json };
      base: Json & { repo: Json };
      labels: Json[];
    };
    const repo = (one: Json, name: string) => ({ ...one, full_name: name, fork: name !== pull.repository });
    return {
      ...example,
      number: pull.number,
      title: pull.title,
      state: pull.state,
      draft: pull.draft,
      locked: pull.locked,
      html_url: this.page(pull.repository, pull.number),
      labels: pull.labels.map((name) => ({ ...labels[0], name })),
      requested_teams: [], // GitHub's example of a team breaks GitHub's schema
      head: { ...head, sha: pull.head.sha, ref: pull.head.ref, repo: repo(head.repo, pull.head.repository) },
      base: { ...base, ...pull.base, repo: repo(base.repo, pull.repository) },
    };
  }

  check({ id, repository, sha, name, app, sent }: Check): Json {
    const example = this.contract.example("checks/get");
    const { output: none, app: owner } = example as { output: Json; app: Json };
    const { output, conclusion = null, status, completed_at, ...rest } = sent;
    const text = { title: null, summary: null, text: null, ...(output as Json | undefined) };
    return {
      ...example,
      ...rest,
      id,
      name,
      head_sha: sha,
      status: conclusion === null ? (status ?? "queued") : "completed",
      conclusion,
      completed_at: conclusion === null ? null : (completed_at ?? FIRST_DAY),
      html_url: `${this.base}/${repository}/runs/${id}`,
      output: { ...none, ...text },
      app: { ...owner, id: numberOf(app), slug: app },
      pull_requests: [],
    };
  }

  status({ id, repository, sha, creator, sent }: Status): Json {
    const example = this.contract.example("repos/create-commit-status");
    const url = `${this.base}/repos/${repository}/statuses/${sha}`;
    return { ...example, description: null, target_url: null, ...sent, id, url, creator: this.user(creator) };
  }

  user(login: string): Json {
    const { user } = this.contract.example("issues/get-comment") as { user: Json };
    return { ...user, login, id: numberOf(login), type: isApp(login) ? "Bot" : "User" };
  }

  account(login: string): Json {
    return { ...this.contract.example("users/get-authenticated"), login, id: numberOf(login) };
  }

  page(repository: string, number: number): string {
    return `${this.base}/${repository}/pull/${number}`;
  }
}

/** When check runs end that tell no time. */
const FIRST_DAY = "2026-01-01T00:00:00Z";

export const isApp = (login: string): boolean => login.endsWith("[bot]");

/** An id that stays the same for a name. */
export const numberOf = (name: string): number => createHash("sha256").update(name).digest().readUInt32BE() + 1;
