import type { DeploymentFailure, FailedStep } from "./deployment-failure";

// The edge imports this file: no zod, nothing of Node.js.

/** A failure in words, part by part. A page and a terminal show the same words. */
export interface FailureWords {
  /** `smoke`, or `explorer (Deployment explorer-api)`. */
  readonly where: string;
  /** The step for people who do not know its name: `smoke test`. */
  readonly step: string;
  /** What the step saw, with the code of its error. */
  readonly saw: string;
  /** What to fix; absent when the step does not say. */
  readonly fix?: string;
  /** Steps that failed after the first. */
  readonly others: readonly string[];
  /** What to do next: each a sentence, and the command for it. */
  readonly next: readonly { readonly why: string; readonly command: string }[];
}

/** Says which step failed, what it saw, and what comes next. */
export function failureWords({ tag, cause, others, mend, again, next }: DeploymentFailure): FailureWords {
  const newBuild = next.command;
  return {
    where: whereOf(cause),
    step: WORDS[cause.step] ?? cause.step.replace(/^poet-(\d+)$/, "poet $1"),
    saw: sawOf(cause),
    ...(cause.fix !== undefined && { fix: cause.fix }),
    others: others.map((one) => `${whereOf(one)}: ${sawOf(one)}`),
    next:
      mend === "next build"
        ? [{ why: `The same command again does not mend ${tag}. The next build is ${next.tag}:`, command: newBuild }]
        : [
            { why: "Fix the cause. Then the same command continues:", command: again },
            { why: `If ${tag} itself is at fault, the next build is ${next.tag}:`, command: newBuild },
          ],
  };
}

/** Steps whose names say too little, by the names of model/steps.ts. */
const WORDS: Readonly<Record<string, string>> = {
  program: "plan of the network",
  devnext: "branch devnext",
  history: "start of the history",
  network: "creation of the network",
  "log-archive": "check of the archive",
  smoke: "smoke test",
  "node-api": "nodes' API",
  dash: "dashboard",
  discovery: "network list",
  dns: "DNS names",
  page: "info page",
  devnet: "branch devnet",
  guard: "guard against a wrong retirement",
};

const whereOf = ({ step, part }: FailedStep): string => (part === undefined ? step : `${step} (${part})`);

const sawOf = ({ saw, code }: FailedStep): string => (code === undefined ? saw : `${saw} (${code})`);

/** The lines for a terminal, below a line that says that the deployment failed. */
export function failureLines(failure: DeploymentFailure): string[] {
  const { where, saw, fix, others, next } = failureWords(failure);
  const { run, events } = failure.log;
  return [
    line("step", where),
    line("saw", saw),
    ...others.map((one) => line("also", one)),
    ...(fix === undefined ? [] : [line("fix", fix)]),
    ...[run, events].flatMap((place) => (place === undefined ? [] : [line("log", place)])),
    ...next.flatMap(({ why, command }, i) => [line(i === 0 ? "next" : "", why), line("", `$ ${command}`)]),
  ];
}

const line = (name: string, text: string): string => `${name.padEnd(5)} ${text}`.trimEnd();
