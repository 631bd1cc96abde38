import { SandboxError } from "../home";
import { tagStarts } from "./filters";
import type { Workflow } from "./workflow";

/** Something that happens in a repository, as GitHub tells its workflows of it. */
export interface Event {
  readonly name: "push" | "schedule" | "workflow_dispatch" | "pull_request";
  /** Full ref, e.g. `refs/tags/v1.2.3+1`. */
  readonly ref: string;
  /** What the payload of GitHub's webhook holds, as far as the workflows read it. */
  readonly payload: Readonly<Record<string, unknown>>;
}

export const pushOf = (tag: string): Event => ({
  name: "push",
  ref: `refs/tags/${tag}`,
  payload: { ref: `refs/tags/${tag}` },
});

/** @param cron one of the caller's schedules, which GitHub tells in `github.event.schedule` */
export const scheduleOf = (cron: string): Event => ({
  name: "schedule",
  ref: "refs/heads/develop",
  payload: { schedule: cron },
});

/** A person starts the workflow by hand. */
export const dispatchOf = (inputs: Readonly<Record<string, string>>): Event => ({
  name: "workflow_dispatch",
  ref: "refs/heads/develop",
  payload: { inputs },
});

/**
 * Whether an event starts a workflow.
 * @throws {SandboxError} when GitHub would refuse a start by hand
 */
export function starts({ name, on }: Workflow, event: Event): boolean {
  switch (event.name) {
    case "push": {
      const tag = /^refs\/tags\/(.+)$/.exec(event.ref)?.[1];
      return tag !== undefined && tagStarts(on.push?.tags ?? [], tag);
    }
    case "schedule":
      return (on.schedule ?? []).some(({ cron }) => cron === event.payload.schedule);
    case "pull_request":
      return on.pull_request !== undefined;
    case "workflow_dispatch":
      if (!on.workflow_dispatch) throw new SandboxError(`The workflow ${name} cannot be started by hand.`);
      return true;
  }
}

/** The repository and commit of a pull request's branch. */
export interface PullHead {
  /** `owner/name`; another one than its target's for a fork. */
  readonly repository: string;
  /** Newest commit, 40 hexadecimal digits. */
  readonly sha?: string;
}

/**
 * Somebody opens a pull request, or changes it.
 * @param target `owner/name` of the repository that it asks to change
 */
export const pullRequestOf = (number: number, { repository, sha }: PullHead, target = repository): Event => ({
  name: "pull_request",
  ref: `refs/pull/${number}/merge`,
  payload: {
    action: "synchronize",
    number,
    pull_request: {
      number,
      head: { sha: sha ?? "0".repeat(40), repo: { full_name: repository } },
      base: { repo: { full_name: target } },
      labels: [],
    },
  },
});
