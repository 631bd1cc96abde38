import { copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type PreviewOptions,
  type PulumiFn,
  Stack,
} from "@pulumi/pulumi/automation";
import { boundedTextFile, LIMITS } from "../lib/bounded";
import { withTemporaryFolder } from "../lib/temporary";
import { reasonIn } from "./complaints";
import { pulumiCli } from "./open";
import { POLICIES } from "./policies";
import { SHORT_LIVED } from "./short-lived";

/** Plugins that serve one engine after another. */
export interface Plugins {
  /** Variables with which the next engine uses them. @throws {Error} when they have ended */
  variables(): Promise<Record<string, string>>;
  /** Called in the program of the next engine, before it registers anything. */
  takeStack(): void;
}

/** One stack to preview. */
export interface Previewing {
  /** Name of the stack, which must exist in the backend. */
  readonly stack: string;
  /** The stack's program. It runs in this process, so one preview runs at a time. */
  readonly program: PulumiFn;
  /** Salt of the passphrase that encrypts the stack's secrets, as its state tells; absent with other secrets providers. */
  readonly salt?: string;
  /** Variables that the engine gets besides ours, such as another backend. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Plugins of this process. */
  readonly plugins: Plugins;
  readonly signal: AbortSignal;
}

/** What the engine told. */
export interface Previewed {
  readonly events: readonly EngineEvent[];
  /** Why the preview did not come to its end, in the engine's words; absent when it did. */
  readonly failure?: string;
}

/**
 * Runs `pulumi preview` on a stack that exists. It changes nothing: the engine works in a temporary folder, for it
 * writes a file for the stack, and without the log that it writes for each command into its home.
 */
export function enginePreview(given: Previewing): Promise<Previewed> {
  const { stack: name, salt, variables = {}, plugins, signal } = given;
  return withTemporaryFolder(async (folder) => {
    const [workDir, home] = await Promise.all([
      projectIn(folder, name, { salt, isScratch: variables.PULUMI_BACKEND_URL !== undefined }),
      homeIn(folder),
    ]);
    const temporary = join(folder, "tmp"); // the plugin of Kubernetes leaves kubeconfigs there
    await mkdir(temporary);
    const envVars = {
      ...SHORT_LIVED,
      ...variables,
      ...(await plugins.variables()),
      PULUMI_HOME: home,
      TMPDIR: temporary,
      ...backendVariable(variables.PULUMI_BACKEND_URL),
    };
    const workspace = await LocalWorkspace.create({ workDir, envVars, pulumiCommand: await pulumiCli() });
    workspace.selectStack = async () => undefined; // every command names its stack
    const stack = await Stack.select(name, workspace);
    const events: EngineEvent[] = [];
    const onEvent = (event: EngineEvent) => {
      if (event.resourcePreEvent || event.policyEvent || event.diagnosticEvent) events.push(event);
    };
    const program = () => {
      plugins.takeStack();
      return given.program();
    };
    try {
      await stack.preview({ ...previewOptions(), program, onEvent, signal });
      return { events };
    } catch (error) {
      return { events, failure: failureOf(error).replaceAll(folder, "") };
    }
  });
}

/** What every preview is given besides its program. */
const previewOptions = (): PreviewOptions => ({
  ...POLICIES,
  color: "never",
  suppressOutputs: true,
  suppressProgress: true,
});

function failureOf(error: unknown): string {
  if (error instanceof ConcurrentUpdateError) return "another update of the stack holds its lock";
  if (error instanceof CommandError) return reasonIn(error.message);
  return (error as Error).message;
}

/** Whose secrets the settings of a stack hold. */
interface Secrets {
  readonly salt: string | undefined;
  /** Whether the backend is a temporary one, which has another passphrase. */
  readonly isScratch: boolean;
}

/** A folder with the project's settings, and those of the stack if it has its own. */
async function projectIn(folder: string, stack: string, { salt, isScratch }: Secrets): Promise<string> {
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  const workDir = join(folder, "project");
  await mkdir(join(workDir, "stacks"), { recursive: true });
  await copyFile("Pulumi.yaml", join(workDir, "Pulumi.yaml"));
  await symlink(resolve("policy"), join(workDir, "policy")); // Pulumi.yaml names it
  const own = await boundedTextFile(file, LIMITS.small).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return "";
  });
  const text = isScratch ? withSalt(own, "") : hasSecret(own) || salt === undefined ? own : withSalt(own, salt);
  if (text !== "") await writeFile(join(workDir, file), text);
  return workDir;
}

/**
 * Settings of a stack with the salt of its state. With another one, or without, the engine spends the time of a second
 * key derivation.
 */
const withSalt = (settings: string, salt: string): string =>
  `${salt && `encryptionsalt: ${salt}\n`}${settings.replace(/^encryptionsalt:.*\n?/m, "")}`;

/** Whether settings hold secrets, which only their own salt opens. */
const hasSecret = (settings: string): boolean => /^[ \t]+secure:/m.test(settings);

/** The engine's home without a place for logs, which take a fifth of its time, and stay. */
async function homeIn(folder: string): Promise<string> {
  const real = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const home = join(folder, "home");
  await mkdir(join(real, "plugins"), { recursive: true }); // what the engine has to download, it keeps
  await mkdir(home);
  for (const name of await readdir(real)) {
    if (name !== "logs") await symlink(join(real, name), join(home, name));
  }
  await writeFile(join(home, "logs"), "");
  return home;
}

/** The engine reads the path of a folder from where it works, which is another folder here. */
function backendVariable(backend = process.env.PULUMI_BACKEND_URL): Record<string, string> {
  const path = /^file:\/\/(?![/~])(.*)$/.exec(backend ?? "")?.[1];
  if (path !== undefined) return { PULUMI_BACKEND_URL: `file://${resolve(path)}` };
  return backend === undefined ? {} : { PULUMI_BACKEND_URL: backend };
}
