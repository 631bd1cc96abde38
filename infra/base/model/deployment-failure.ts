import { isObject, parsedObject } from "../lib/json";

// The edge imports this file: no zod, nothing of Node.js.

/** A step of a deployment that failed. */
export interface FailedStep {
  /** Name of the step in the stack, as stacks/version.ts gives it: `smoke`, `network`, `poet-1`. */
  readonly step: string;
  /** The part of the step that failed, when it has another name: `Deployment explorer-api`. */
  readonly part?: string;
  /** Code of the error; absent when the error is not ours. */
  readonly code?: string;
  /** What the step saw: one or more sentences, on one line, secrets masked. */
  readonly saw: string;
  /** What to do about it, as the step says; absent when it does not say. */
  readonly fix?: string;
}

/** A deployment that failed, as its run ends with it and as the edge keeps it under the key `failed:`. */
export interface DeploymentFailure {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** The commit that was deployed, 40 or 64 hexadecimal digits; absent when it is not known. */
  readonly commit?: string;
  /** The step that failed first, which is the cause. */
  readonly cause: FailedStep;
  /** Steps that failed after it. */
  readonly others: readonly FailedStep[];
  /** Where the log is; empty when nobody kept one. */
  readonly log: {
    /** URL of the run of the CI. */
    readonly run?: string;
    /** File with the engine's events, on the machine that deployed. */
    readonly events?: string;
  };
  /** When it failed, RFC 3339. */
  readonly at: string;
  /** What mends it: the same command again, or only another build. */
  readonly mend: "same command" | "next build";
  /** The command that continues this deployment. */
  readonly again: string;
  /** The next build of this version, and the command that tags it. Words in capitals are to be filled in. */
  readonly next: { readonly tag: string; readonly command: string };
}

/** Reads a stored failure; undefined when the text is not one. */
export const readDeploymentFailure = (stored: string): DeploymentFailure | undefined => failureIn(parsedObject(stored));

/** Reads a failure from parsed JSON; undefined when the value is not one. */
export function failureIn(value: unknown): DeploymentFailure | undefined {
  if (!isObject(value)) return undefined;
  const { tag, commit, cause, others, log, at, mend, again, next } = value;
  const first = failedStepIn(cause);
  if (!isText(tag) || !first || !isText(at) || Number.isNaN(Date.parse(at))) return undefined;
  if (!isText(again) || !isObject(next) || !isText(next.tag) || !isText(next.command)) return undefined;
  const { run, events } = isObject(log) ? log : {};
  return {
    schema: 1,
    tag: plain(tag),
    ...(isText(commit) && { commit: plain(commit) }),
    cause: first,
    others: Array.isArray(others) ? others.flatMap((one) => failedStepIn(one) ?? []) : [],
    log: { ...(isText(run) && { run: plain(run) }), ...(isText(events) && { events: plain(events) }) },
    at,
    mend: mend === "next build" ? mend : "same command",
    again: plain(again),
    next: { tag: plain(next.tag), command: plain(next.command) },
  };
}

function failedStepIn(value: unknown): FailedStep | undefined {
  if (!isObject(value)) return undefined;
  const { step, part, code, saw, fix } = value;
  if (!isText(step) || !isText(saw)) return undefined;
  return {
    step: plain(step),
    ...(isText(part) && { part: plain(part) }),
    ...(isText(code) && { code: plain(code) }),
    saw: plain(saw),
    ...(isText(fix) && { fix: plain(fix) }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

/** A text on one line, without characters that steer a terminal or hide in a page. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
