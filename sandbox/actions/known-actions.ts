import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CHECKOUT, SandboxError } from "../home";
import type { Permissions } from "./workflow";

/** A repository that a workflow can check out or call. */
export interface Repository {
  /** Its files on this machine. */
  readonly folder: string;
  /** The commit that they stand for, 40 hexadecimal digits. */
  readonly sha: string;
}

/** What an action of others works with. */
export interface ActionPlace {
  /** Folder of the job. */
  readonly workspace: string;
  readonly permissions: Permissions;
  /** By `owner/name`. */
  readonly repositories: Readonly<Record<string, Repository>>;
}

const text = z.string().min(1);
/** Only an empty text and `true` or `false` come from YAML. */
const never = z.literal("false");

/** @throws {SandboxError} when the action would fail at GitHub, or does something that is not played here */
type Play = (given: Readonly<Record<string, string>>, place: ActionPlace) => void;

/** The actions of others that the workflows use, by name, with what they do on this machine. */
const ACTIONS: Readonly<Record<string, Play>> = {
  "actions/checkout": action(
    { repository: text.optional(), ref: text.optional(), path: text.default("."), "persist-credentials": never },
    ({ repository, ref, path }, { workspace, repositories, permissions }) => {
      allowed(permissions, "contents", "read");
      const [only] = Object.keys(repositories);
      const source = repositories[repository ?? only ?? ""];
      if (!source) throw new SandboxError(`There is no repository ${repository}.`);
      if (ref !== undefined && ref !== source.sha) throw new SandboxError(`${repository} has no commit ${ref}.`);
      const target = join(workspace, path);
      if (path === ".") return cpSync(source.folder, target, { recursive: true });
      // A link: what the commands write there, they write into the checkout, as without a workflow.
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(source.folder, target);
    },
  ),
  "actions/setup-node": action(
    { "node-version-file": text, cache: z.literal("npm"), "cache-dependency-path": text.optional() },
    (given, { workspace }) => present(workspace, given["node-version-file"], given["cache-dependency-path"]),
  ),
  "actions/setup-go": action({ "go-version-file": text, cache: never }, (given, { workspace }) =>
    present(workspace, given["go-version-file"]),
  ),
  "actions/cache": action({ path: text, key: text.max(512) }, () => undefined),
  "pulumi/actions": action({ "pulumi-version": text }, (given) => {
    const here = Versions.parse(JSON.parse(readFileSync(TOOLCHAIN, "utf8"))).versions.pulumi;
    if (given["pulumi-version"] !== here)
      throw new SandboxError(`The workflow installs Pulumi ${given["pulumi-version"]}, and set-up ${here}.`);
  }),
  "google-github-actions/auth": action(
    {
      workload_identity_provider: z
        .string()
        .regex(/^projects\/\d+\/locations\/global\/workloadIdentityPools\/[\w-]+\/providers\/[\w-]+$/),
      service_account: z.string().regex(/^[\w-]+@[\w-]+\.iam\.gserviceaccount\.com$/),
    },
    (_, { permissions }) => allowed(permissions, "id-token", "write"),
  ),
  "google-github-actions/setup-gcloud": action({ install_components: text }, () => undefined),
};

const TOOLCHAIN = join(CHECKOUT, "node_modules/.cache/smeshnet/toolchain.json");
const Versions = z.object({ versions: z.object({ pulumi: z.string() }) });

/** Plays an action of others. @throws {SandboxError} when the sandbox does not know it, or it would fail */
export function playAction(uses: string, given: Readonly<Record<string, string>>, place: ActionPlace): void {
  const [name = ""] = uses.split("@");
  const play = ACTIONS[name];
  if (!play) throw new SandboxError(`The sandbox does not know the action ${name}.`);
  play(given, place);
}

function action<T extends z.ZodRawShape>(
  inputs: T,
  play: (given: z.infer<z.ZodObject<T>>, place: ActionPlace) => void,
): Play {
  const form = z.strictObject(inputs);
  return (given, place) => {
    const found = form.safeParse(given);
    if (!found.success) throw new SandboxError(z.prettifyError(found.error));
    play(found.data, place);
  };
}

function present(workspace: string, ...files: (string | undefined)[]): void {
  for (const file of files) {
    if (file !== undefined && !existsSync(join(workspace, file))) throw new SandboxError(`${file} is missing.`);
  }
}

function allowed(permissions: Permissions, what: string, level: "read" | "write"): void {
  const has = permissions[what] ?? "none";
  if (has === "write" || has === level) return;
  throw new SandboxError(`The job has no permission ${what}: ${level}.`);
}
