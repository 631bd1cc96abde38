import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Job, readAction, readWorkflow, type Step, type Workflow } from "../../sandbox/actions/workflow";
import { CHECKOUT } from "./checkout";

/** The workflow that a node repository has, which calls ours. */
export const CALLER = join(CHECKOUT, "packaging/github/smeshnet.yml");

/** Name of this project's repository, as the caller names it. */
export const OURS = "spacemeshos/smeshnet";

const FOLDER = join(CHECKOUT, ".github/workflows");

/** A workflow of this project by its name. */
export const workflowOf = (name: string): Workflow => readWorkflow(join(FOLDER, `${name}.yml`));

/** All workflows of this project, and the caller's, with the paths of their files. */
export const WORKFLOWS: readonly { readonly file: string; readonly workflow: Workflow }[] = [
  ...readdirSync(FOLDER).map((name) => join(FOLDER, name)),
  CALLER,
].map((file) => ({ file, workflow: readWorkflow(file) }));

/** The file of the composite action for set-up. */
export const SETUP = join(CHECKOUT, ".github/actions/setup/action.yml");

/** All jobs, with the names of their workflows. */
export const JOBS: readonly { readonly name: string; readonly job: Job; readonly workflow: Workflow }[] =
  WORKFLOWS.flatMap(({ workflow }) =>
    Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${workflow.name} / ${id}`, job, workflow })),
  );

/** All steps, also of the action for set-up. */
export const STEPS: readonly Step[] = [
  ...JOBS.flatMap(({ job }) => ("steps" in job ? job.steps : [])),
  ...readAction(SETUP).runs.steps,
];

/** The command of ours that a step runs: the words after `npx smeshnet`. */
export const commandOf = ({ run }: Step): readonly string[] | undefined =>
  /^npx smeshnet (.*)$/.exec(run ?? "")?.[1]?.split(" ");
