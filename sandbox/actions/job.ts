import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SandboxError } from "../home";
import type { Expressions } from "./expressions";
import { playAction, type Repository } from "./known-actions";
import { hashFiles, runScript } from "./step";
import { type Contexts, Known, Open, type Place } from "./values";
import { type Permissions, readAction, type Step, type StepsJob } from "./workflow";

/** What the steps of one job share. */
export interface JobPlace {
  readonly expressions: Expressions;
  /** Variables of the machine. */
  readonly machine: NodeJS.ProcessEnv;
  /** Contexts of the job, without those that its steps make. */
  readonly contexts: Contexts;
  readonly permissions: Permissions;
  readonly repositories: Readonly<Record<string, Repository>>;
  readonly workspace: string;
  /** Folder for files of the runner. */
  readonly scratch: string;
  readonly say: (line: string) => void;
  readonly print?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** How the steps of a job, or of a composite action, went so far. */
interface Course {
  succeeded: boolean;
  /** Outputs of the steps with an id. */
  readonly outputs: Record<string, Readonly<Record<string, string>>>;
  /** Variables that steps set for the steps after them. */
  readonly variables: Record<string, string>;
}

/** Plays the steps of a job. Returns whether they succeeded, and the job's outputs. */
export async function playSteps(
  job: StepsJob,
  env: Readonly<Record<string, string>>,
  place: JobPlace,
): Promise<{ readonly succeeded: boolean; readonly outputs: Readonly<Record<string, string>> }> {
  const course: Course = { succeeded: true, outputs: {}, variables: { ...env } };
  await playAll(job.steps, course, place, place.contexts);
  const here = placeOf(job.steps, course, place, place.contexts, {});
  const outputs = Object.entries(job.outputs).map(([name, text]) => [name, place.expressions.text(text, here)]);
  return { succeeded: course.succeeded, outputs: Object.fromEntries(outputs) };
}

async function playAll(steps: readonly Step[], course: Course, place: JobPlace, contexts: Contexts): Promise<void> {
  for (const step of steps) {
    const { expressions } = place;
    const before = placeOf(steps, course, place, contexts, {});
    if (place.signal?.aborted) course.succeeded = false;
    if (!expressions.holds(step.if, before)) continue;
    const own = texts(step.env ?? {}, expressions, before);
    const here = placeOf(steps, course, place, contexts, own);
    place.say(`- ${expressions.text(step.name, here)}`);
    try {
      await playStep(step, own, course, place, here, contexts);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      place.say(`  ${step.name} failed: ${error.message}`);
      course.succeeded = false;
    }
  }
}

async function playStep(
  step: Step,
  own: Readonly<Record<string, string>>,
  course: Course,
  place: JobPlace,
  here: Place,
  contexts: Contexts,
): Promise<void> {
  const { expressions, workspace } = place;
  if (step.run !== undefined) return playScript(step, own, course, place, here);
  if (step.uses === undefined) throw new SandboxError("The step neither runs nor uses anything.");
  const given = texts(step.with ?? {}, expressions, here);
  if (!step.uses.startsWith("./")) {
    // An input that is empty counts as not given, as at GitHub.
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    return playAction(step.uses, set, place);
  }
  const action = readAction(join(workspace, step.uses, "action.yml"));
  const inner: Contexts = { ...contexts, inputs: inputsOf(step.uses, action.inputs, given) };
  // A composite action does not see the secrets of its job.
  const { secrets: _, needs: __, ...seen } = inner;
  const inside: Course = { succeeded: true, outputs: {}, variables: { ...course.variables, ...own } };
  await playAll(action.runs.steps, inside, place, seen);
  Object.assign(course.variables, changed(inside.variables, own));
  if (!inside.succeeded) course.succeeded = false;
}

async function playScript(
  step: Step,
  own: Readonly<Record<string, string>>,
  course: Course,
  place: JobPlace,
  here: Place,
): Promise<void> {
  const { expressions, workspace, machine, print, signal } = place;
  const folder = join(workspace, expressions.text(step["working-directory"] ?? ".", here));
  const scratch = mkdtempSync(join(place.scratch, "step-"));
  const run = expressions.text(step.run ?? "", here);
  const env = { ...machine, ...course.variables, ...own };
  const ran = await runScript({ run, folder, env, scratch, print, signal });
  rmSync(scratch, { recursive: true });
  if (step.id !== undefined) course.outputs[step.id] = ran.outputs;
  Object.assign(course.variables, ran.variables);
  if (ran.paths.length > 0) course.variables.PATH = [...ran.paths.toReversed(), env.PATH ?? ""].join(delimiter);
  if (ran.exitCode !== 0) throw new SandboxError(`exit code ${ran.exitCode}.`);
}

function placeOf(
  steps: readonly Step[],
  course: Course,
  { workspace }: JobPlace,
  contexts: Contexts,
  own: Readonly<Record<string, string>>,
): Place {
  const ids = steps.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const seen = ids.map((id) => [id, new Known({ outputs: new Open(course.outputs[id] ?? {}) })] as const);
  return {
    contexts: {
      ...contexts,
      steps: new Known(Object.fromEntries(seen)),
      env: new Known({ ...course.variables, ...own }),
    },
    succeeded: course.succeeded,
    hashFiles: (patterns) => hashFiles(workspace, patterns),
  };
}

/** @throws {SandboxError} for an input that the action does not have, or that it needs */
function inputsOf(
  uses: string,
  declared: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>,
  given: Readonly<Record<string, string>>,
): Known {
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) throw new SandboxError(`${uses} has no input ${unknown}.`);
  const values = Object.entries(declared).map(([name, { required, default: usual }]) => {
    const value = given[name] ?? usual;
    if (value === undefined && required) throw new SandboxError(`${uses} needs the input ${name}.`);
    return [name, value ?? ""] as const;
  });
  return new Known(Object.fromEntries(values));
}

/** Values with their expressions replaced, as texts. */
export const texts = (
  values: Readonly<Record<string, string | number | boolean>>,
  expressions: Expressions,
  place: Place,
): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expressions.text(String(value), place)]));

const changed = (all: Readonly<Record<string, string>>, without: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(all).filter(([name, value]) => without[name] !== value));

/** Makes the folders of a job. */
export function jobFolders(home: string): { readonly workspace: string; readonly scratch: string; remove(): void } {
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(join(home, "job-"));
  const [workspace, scratch] = [join(folder, "workspace"), join(folder, "runner")];
  for (const path of [workspace, scratch]) mkdirSync(path);
  return { workspace, scratch, remove: () => rmSync(folder, { recursive: true }) };
}

/** Writes the payload of an event for GITHUB_EVENT_PATH. */
export function writeEvent(scratch: string, payload: unknown): string {
  const file = join(scratch, "event.json");
  writeFileSync(file, JSON.stringify(payload));
  return file;
}
