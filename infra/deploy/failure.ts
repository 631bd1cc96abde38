import { basename } from "node:path";
import type { Failures } from "../base/engine/failures";
import { UserError } from "../base/lib/errors";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { DeploymentFailure, FailedStep } from "../base/model/deployment-failure";
import { failureLines } from "../base/model/failure-words";

/** Errors with which the engine ended, and so the deployment; any other came before the first step. */
const OF_ENGINE: ReadonlySet<string> = new Set(["EngineFailed", "EngineKilled"]);

/**
 * Errors that are of the build itself, with what to fix: the same deployment would meet them again. All others are of
 * the world around it (network, lock, quota, setting), which a person mends.
 */
const OF_BUILD: ReadonlyMap<string, string> = new Map([
  ["SmokeTestFailed", "Fix what the checks saw, in a new commit."],
  ["TagMoved", "A deployed tag never moves. Tag the new commit as the next build."],
]);

/** What a failure is made from. */
export interface FailedDeployment {
  readonly tag: BuildTag;
  readonly commit?: string;
  /** What the engine's events told. */
  readonly failures: Pick<Failures, "all" | "begun">;
  /** The error with which the engine ended. */
  readonly error: UserError;
  readonly log: DeploymentFailure["log"];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether an error ended a deployment that had begun. */
export const endedDeployment = (error: unknown): error is UserError =>
  error instanceof UserError && OF_ENGINE.has(error.code);

/** What failed, what mends it, and what comes next. The first step that failed is the cause of the others. */
export function deploymentFailure({ tag, commit, failures, error, log, now }: FailedDeployment): DeploymentFailure {
  const text = buildTag(tag);
  const [first = engineIn(error, failures.begun), ...others] = failures.all;
  const ofBuild = first.code === undefined ? undefined : OF_BUILD.get(first.code);
  return {
    schema: 1,
    tag: text,
    ...(commit !== undefined && { commit }),
    cause: ofBuild === undefined ? first : { ...first, fix: ofBuild },
    others,
    log,
    at: new Date(now).toISOString(),
    mend: ofBuild === undefined ? "same command" : "next build",
    again: `smeshnet deploy ${text}`,
    next: { tag: buildTag({ ...tag, build: tag.build + 1 }), command: "smeshnet tag build --reason TEXT" },
  };
}

/** The engine itself, when no step says why: it was killed, or refused before the first step. */
const engineIn = ({ code, what, fix }: UserError, begun: readonly string[]): FailedStep => ({
  step: begun[0] ?? "engine",
  code,
  saw: what,
  fix,
});

/** The failure as the public may read it: no folder of the machine that deployed, and no address of a node. */
export function publicFailure(failure: DeploymentFailure): DeploymentFailure {
  const { cause, others, log } = failure;
  return {
    ...failure,
    cause: withoutAddresses(cause),
    others: others.map(withoutAddresses),
    log: { ...log, ...(log.events !== undefined && { events: basename(log.events) }) },
  };
}

const withoutAddresses = (step: FailedStep): FailedStep => ({
  ...step,
  saw: noAddress(step.saw),
  ...(step.fix !== undefined && { fix: noAddress(step.fix) }),
});

/** An IPv4 address, with its port if there is one. */
const ADDRESS = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]*\d)/g;

const noAddress = (text: string): string => text.replace(ADDRESS, "[address]");

/** The engine's error, with the step that failed and what comes next as further lines. */
export class DeploymentFailed extends UserError {
  override readonly lines: readonly string[];

  constructor(
    error: UserError,
    readonly failure: DeploymentFailure,
  ) {
    super(error.code, error.what, fixOf(failure, error), error.exitCode);
    this.name = "DeploymentFailed";
    this.lines = failureLines(failure);
  }
}

const fixOf = ({ mend, next }: DeploymentFailure, { fix }: UserError): string =>
  mend === "next build" ? `Fix the cause in the next build, ${next.tag}.` : fix;

/** Variables by which GitHub Actions names its run. */
export type CiVariables = Readonly<
  Partial<Record<"GITHUB_SERVER_URL" | "GITHUB_REPOSITORY" | "GITHUB_RUN_ID", string>>
>;

/** URL of the CI's run that this process belongs to, which shows its log; undefined outside of a CI. */
export function runUrl({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: CiVariables): string | undefined {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}
