import { join } from "node:path";
import { SandboxError } from "../home";
import { type Event, starts } from "./events";
import { Expressions } from "./expressions";
import { jobFolders, playSteps, texts, writeEvent } from "./job";
import type { Repository } from "./known-actions";
import { type Contexts, Known, opened, type Place, type Value } from "./values";
import {
  type CallJob,
  hasSteps,
  type Job,
  type Permissions,
  readWorkflow,
  type StepsJob,
  type Workflow,
} from "./workflow";

/** The machine and the repository in which workflows are played. */
export interface Stage {
  /** `owner/name` of the repository in which the event happens, and the server that has it. */
  readonly repository: string;
  readonly serverUrl: string;
  /** What its settings at GitHub hold. Unset variables are empty texts. */
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly token: string;
  /** The repositories whose workflows are called and that are checked out, by `owner/name`. */
  readonly repositories: Readonly<Record<string, Repository>>;
  /** Variables of the machine. */
  readonly machine: NodeJS.ProcessEnv;
  /** Folder for the folders of jobs. */
  readonly home: string;
  /** Gets one line for each job and step that begins. */
  readonly say: (line: string) => void;
  /** Gets what the steps print; without it, they print where this process does. */
  readonly print?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** How a job ended. */
export interface Result {
  /** `release / promote`: the jobs from the called workflow inwards. */
  readonly job: string;
  readonly result: "success" | "failure" | "skipped";
  /** Name of its concurrency group, and of the environment that approves it. */
  readonly group?: string;
  readonly environment?: string;
}

/** A workflow file, and what its caller handed on. */
interface Call {
  readonly workflow: Workflow;
  /** Repository of the file, and its path there. */
  readonly repository: string;
  readonly path: string;
  /** Names of the jobs that called it. */
  readonly within: readonly string[];
  readonly inputs: Known;
  readonly secrets: Known;
  /** What its jobs may have at most. */
  readonly granted: Permissions;
}

/**
 * Plays the jobs of a workflow that an event starts, one after another, by the steps in its file.
 * @param file the workflow in the repository of the event
 * @returns all jobs, also those of called workflows; none when the event does not start the workflow
 * @throws {SandboxError} when GitHub would refuse the workflow
 */
export async function play(file: string, event: Event, stage: Stage): Promise<readonly Result[]> {
  const workflow = readWorkflow(file);
  if (!starts(workflow, event)) return [];
  const player = new Player(await Expressions.load(), event, stage);
  return player.workflow({
    workflow,
    repository: stage.repository,
    path: file,
    within: [],
    inputs: player.dispatched(workflow),
    secrets: new Known({ ...stage.secrets, GITHUB_TOKEN: stage.token }),
    granted: { contents: "write", "id-token": "write", "pull-requests": "write", checks: "write" },
  });
}

class Player {
  constructor(
    private readonly expressions: Expressions,
    private readonly event: Event,
    private readonly stage: Stage,
  ) {}

  /** The inputs of a start by hand. @throws {SandboxError} when GitHub would not take them */
  dispatched({ on }: Workflow): Known {
    const given = (this.event.payload.inputs ?? {}) as Readonly<Record<string, string>>;
    if (this.event.name === "workflow_dispatch")
      return inputsOf("The workflow", on.workflow_dispatch?.inputs ?? {}, given);
    // A workflow that can also be called names inputs that no other event gives; at GitHub they are empty then.
    return new Known(Object.fromEntries(Object.keys(on.workflow_call?.inputs ?? {}).map((name) => [name, ""])));
  }

  /** Plays the jobs of one workflow. */
  async workflow(call: Call): Promise<readonly Result[]> {
    const all: Result[] = [];
    const done = new Map<string, { readonly result: Result["result"]; readonly outputs: Known }>();
    for (const [id, job] of Object.entries(call.workflow.jobs)) {
      const needs = job.needs.map((need) => {
        const before = done.get(need);
        if (!before) throw new SandboxError(`The job ${id} needs ${need}, which does not stand before it.`);
        return [need, before] as const;
      });
      const place: Place = {
        contexts: {
          ...this.contexts(call),
          needs: new Known(Object.fromEntries(needs.map(([n, one]) => [n, new Known({ ...one })]))),
        },
        succeeded: needs.every(([, { result }]) => result === "success"),
      };
      const permissions = this.permissions(id, job, call);
      const runs = this.expressions.holds(job.if, place);
      const { results, outputs } = !runs
        ? { results: [this.result(id, call, "skipped")], outputs: {} }
        : hasSteps(job)
          ? await this.steps(id, job, call, place, permissions)
          : { results: await this.call(id, job, call, place, permissions), outputs: {} };
      all.push(...results);
      const failed = results.some(({ result }) => result === "failure");
      done.set(id, { result: !runs ? "skipped" : failed ? "failure" : "success", outputs: outputsOf(job, outputs) });
    }
    return all;
  }

  private async steps(id: string, job: StepsJob, call: Call, place: Place, permissions: Permissions) {
    const { stage, expressions } = this;
    const group = job.concurrency && expressions.text(job.concurrency.group, place);
    const environment = job.environment && expressions.text(job.environment, place);
    const words = [...call.within, id].join(" / ");
    stage.say(`${words}${environment ? `, approved by the environment ${environment}` : ""}`);
    const folders = jobFolders(stage.home);
    try {
      const { succeeded, outputs } = await this.stepsIn(folders, job, call, place, permissions);
      return {
        results: [{ ...this.result(id, call, succeeded ? "success" : "failure"), group, environment }],
        outputs,
      };
    } finally {
      folders.remove();
    }
  }

  private stepsIn(
    { workspace, scratch }: { readonly workspace: string; readonly scratch: string },
    job: StepsJob,
    call: Call,
    place: Place,
    permissions: Permissions,
  ) {
    const { stage, expressions } = this;
    const runner = new Known({ os: "Linux", arch: process.arch === "x64" ? "X64" : "ARM64", temp: scratch });
    const contexts = { ...place.contexts, job: this.jobContext(call), runner };
    const here = { ...place, contexts };
    const env = texts({ ...call.workflow.env, ...job.env }, expressions, here);
    const machine = { ...stage.machine, ...this.variables(workspace, scratch) };
    const { repositories, say, print, signal } = stage;
    const rest = { repositories, workspace, scratch, say, print, signal };
    return playSteps(job, env, { expressions, machine, contexts, permissions, ...rest });
  }

  private call(id: string, job: CallJob, call: Call, place: Place, granted: Permissions): Promise<readonly Result[]> {
    const { repository, path } = this.called(job.uses, call);
    const folder = this.stage.repositories[repository]?.folder;
    if (folder === undefined) throw new SandboxError(`There is no repository ${repository}.`);
    const workflow = readWorkflow(join(folder, path));
    const declared = workflow.on.workflow_call;
    if (!declared) throw new SandboxError(`${path} cannot be called.`);
    const given = Object.fromEntries(
      Object.entries(job.with).map(([name, value]) => [name, this.expressions.value(value, place)]),
    );
    const handed = texts(job.secrets, this.expressions, place);
    const unknown = Object.keys(handed).find((name) => !(name in declared.secrets));
    if (unknown !== undefined) throw new SandboxError(`${path} takes no secret ${unknown}.`);
    const secrets = Object.keys(declared.secrets).map((name) => [name, handed[name] ?? ""]);
    return this.workflow({
      workflow,
      repository,
      path,
      within: [...call.within, id],
      inputs: inputsOf(path, declared.inputs, given),
      secrets: new Known({ ...Object.fromEntries(secrets), GITHUB_TOKEN: this.stage.token }),
      granted,
    });
  }

  /** Which workflow a job calls: one beside its own, or one of another repository. */
  private called(uses: string, { repository }: Call): { readonly repository: string; readonly path: string } {
    if (uses.startsWith("./")) return { repository, path: uses.slice(2) };
    const [, other, path] = /^([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w.-]+)@\S+$/.exec(uses) ?? [];
    if (other === undefined || path === undefined) throw new SandboxError(`${uses} names no workflow.`);
    return { repository: other, path };
  }

  /** @throws {SandboxError} when a job asks for more than its caller has: GitHub refuses such a workflow */
  private permissions(id: string, job: Job, { workflow, granted }: Call): Permissions {
    const asked = job.permissions ?? workflow.permissions ?? granted;
    const levels = ["none", "read", "write"];
    for (const [what, level] of Object.entries(asked)) {
      if (levels.indexOf(level) > levels.indexOf(granted[what] ?? "none"))
        throw new SandboxError(
          `The job ${id} asks for ${what}: ${level}, and its caller has ${granted[what] ?? "none"}.`,
        );
    }
    return asked;
  }

  private result(id: string, { within }: Call, result: Result["result"]): Result {
    return { job: [...within, id].join(" / "), result };
  }

  private contexts({ inputs, secrets }: Call): Contexts {
    const { event, stage } = this;
    const [, kind = "", name = ""] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(event.ref) ?? [];
    const github: Record<string, Value> = {
      event: opened(event.payload),
      event_name: event.name,
      ref: event.ref,
      ref_name: name,
      ref_type: kind === "tags" ? "tag" : "branch",
      repository: stage.repository,
      server_url: stage.serverUrl,
      token: stage.token,
    };
    return { github: new Known(github), inputs, secrets, vars: new Known(stage.vars) };
  }

  private jobContext({ repository, path }: Call): Known {
    const sha = this.stage.repositories[repository]?.sha;
    return new Known(
      sha === undefined ? {} : { workflow_repository: repository, workflow_sha: sha, workflow_file_path: path },
    );
  }

  private variables(workspace: string, scratch: string): NodeJS.ProcessEnv {
    const { event, stage } = this;
    return {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: writeEvent(scratch, event.payload),
      GITHUB_REF: event.ref,
      GITHUB_REPOSITORY: stage.repository,
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: scratch,
    };
  }
}

const outputsOf = (job: Job, outputs: Readonly<Record<string, string>>): Known => {
  const names = hasSteps(job) ? Object.keys(job.outputs) : [];
  return new Known(Object.fromEntries(names.map((name) => [name, outputs[name] ?? ""])));
};

type Declared = NonNullable<Workflow["on"]["workflow_dispatch"]>["inputs"];

/** @throws {SandboxError} for an input that is unknown, missing or of another type */
function inputsOf(who: string, declared: Declared, given: Readonly<Record<string, string | number | boolean>>): Known {
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) throw new SandboxError(`${who} has no input ${unknown}.`);
  const values = Object.entries(declared).map(([name, { type, required, default: usual, options }]) => {
    const value = given[name];
    if (value === undefined && required) throw new SandboxError(`${who} needs the input ${name}.`);
    const wanted = type === "choice" ? "string" : type;
    if (value !== undefined && typeof value !== wanted)
      throw new SandboxError(`${who} takes a ${type} as ${name}, not ${JSON.stringify(value)}.`);
    if (options && value !== undefined && !options.includes(String(value)))
      throw new SandboxError(`${who} takes one of ${options.join(", ")} as ${name}.`);
    return [name, value ?? usual ?? (type === "boolean" ? false : type === "number" ? 0 : "")] as const;
  });
  return new Known(Object.fromEntries(values));
}
