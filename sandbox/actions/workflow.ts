import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { SandboxError } from "../home";

// The part of GitHub's workflow syntax that the sandbox plays. Any other key is an error: nothing is passed over.

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.record(z.string(), scalar);

/** What a token may do: no key means nothing. */
const Permissions = z.record(z.string(), z.enum(["none", "read", "write"]));
export type Permissions = z.infer<typeof Permissions>;

const Step = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  if: z.union([z.string(), z.boolean()]).optional(),
  uses: z.string().optional(),
  with: scalars.optional(),
  run: z.string().optional(),
  shell: z.literal("bash").optional(),
  env: scalars.optional(),
  "working-directory": z.string().optional(),
});
export type Step = z.infer<typeof Step>;

const common = {
  name: z.string().optional(),
  needs: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .default([])
    .readonly(),
  if: z.union([z.string(), z.boolean()]).optional(),
  permissions: Permissions.optional(),
};

/** A job with steps. */
const StepsJob = z.strictObject({
  ...common,
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  environment: z.string().optional(),
  concurrency: z
    .strictObject({
      group: z.string(),
      "cancel-in-progress": scalar,
      queue: z.enum(["single", "max"]).optional(),
    })
    .optional(),
  outputs: z.record(z.string(), z.string()).default({}),
  env: scalars.optional(),
  steps: z.array(Step).min(1),
});
export type StepsJob = z.infer<typeof StepsJob>;

/** A job that calls a reusable workflow. */
const CallJob = z.strictObject({
  ...common,
  uses: z.string(),
  with: scalars.default({}),
  secrets: z.record(z.string(), z.string()).default({}),
});
export type CallJob = z.infer<typeof CallJob>;

const Job = z.union([StepsJob, CallJob]);
export type Job = z.infer<typeof Job>;

const Input = z.strictObject({
  description: z.string().optional(),
  type: z.enum(["string", "boolean", "number", "choice"]).default("string"),
  required: z.boolean().default(false),
  default: scalar.optional(),
  options: z.array(z.string()).optional(),
});
export type Input = z.infer<typeof Input>;
/** Inputs by name. YAML gives null for one that declares nothing, `why: {}` and `why:`. */
const Inputs = z
  .record(
    z.string(),
    Input.nullable().transform((one) => one ?? Input.parse({})),
  )
  .default({});

const Events = z.strictObject({
  push: z.strictObject({ tags: z.array(z.string()).optional(), branches: z.array(z.string()).optional() }).optional(),
  pull_request: z.strictObject({ types: z.array(z.string()).optional() }).nullish(),
  schedule: z.array(z.strictObject({ cron: z.string() })).optional(),
  workflow_dispatch: z.strictObject({ inputs: Inputs }).nullish(),
  workflow_call: z
    .strictObject({
      inputs: Inputs,
      secrets: z.record(z.string(), z.strictObject({ required: z.boolean().optional() }).nullable()).default({}),
    })
    .nullish(),
});

const Workflow = z.strictObject({
  name: z.string(),
  on: Events,
  permissions: Permissions.optional(),
  env: scalars.optional(),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.infer<typeof Workflow>;

const CompositeAction = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z
    .record(
      z.string(),
      z.strictObject({ description: z.string(), required: z.boolean().optional(), default: z.string().optional() }),
    )
    .default({}),
  runs: z.strictObject({ using: z.literal("composite"), steps: z.array(Step).min(1) }),
});
export type CompositeAction = z.infer<typeof CompositeAction>;

/** @throws {SandboxError} naming the file and what is wrong in it */
export const readWorkflow = (file: string): Workflow => read(file, Workflow);

/** @throws {SandboxError} naming the file and what is wrong in it */
export const readAction = (file: string): CompositeAction => read(file, CompositeAction);

function read<T>(file: string, form: z.ZodType<T>): T {
  const found = form.safeParse(parse(readFileSync(file, "utf8")));
  if (found.success) return found.data;
  throw new SandboxError(`${file} cannot be played here: ${z.prettifyError(found.error)}`);
}

/** Whether a job has steps; the other kind calls a workflow. */
export const hasSteps = (job: Job): job is StepsJob => "steps" in job;
