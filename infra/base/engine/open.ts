import { accessSync, constants } from "node:fs";
import { CommandError, LocalWorkspace, PulumiCommand, Stack, StackAlreadyExistsError } from "@pulumi/pulumi/automation";
import { UserError } from "../lib/errors";
import { type Run, runWith } from "../lib/run";
import { pulumiComplaint, reasonIn } from "./complaints";
import { backendUrl } from "./recovery/backend-files";
import { recordEngine, STARTER } from "./recovery/engine-records";
import { type Exported, exportedStack, listStacks } from "./state";

/** The pulumi CLI of this process. The Automation API asks for its version first. */
let cli: Promise<PulumiCommand> | undefined;

/**
 * Finds the pulumi CLI. A command calls this beside its first questions, so that opening a stack does not wait for it.
 * @throws {UserError} when the CLI is missing or too old
 */
export function pulumiCli(): Promise<PulumiCommand> {
  cli ??= PulumiCommand.get().then(startedOnRecord);
  return cli.catch(refused);
}

/** The same CLI, started by a program that writes down which process it becomes (recovery/engine-records.ts). */
const startedOnRecord = (command: PulumiCommand): PulumiCommand =>
  canStart() ? Object.create(command, { command: { value: STARTER } }) : command;

function canStart(): boolean {
  try {
    accessSync(STARTER, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a stack of the project in the working directory.
 * @param exists whether the backend has it, as its state told; otherwise it is created
 * @throws {UserError} when it cannot be created
 */
export async function openStack(name: string, exists: boolean): Promise<Stack> {
  const workspace = await LocalWorkspace.create({ workDir: process.cwd(), pulumiCommand: await pulumiCli() });
  if (!exists) await created(name, workspace);
  // All commands name their stack, so none has to be selected. The library would also ask for outputs twice and for the
  // history after each update: a second on a small machine, for answers that nobody reads.
  workspace.selectStack = async () => undefined;
  const stack = await Stack.select(name, workspace);
  stack.outputs = async () => ({});
  stack.info = async () => undefined;
  return stack;
}

/** The engine locks a stack also while it creates it. */
async function created(name: string, workspace: LocalWorkspace): Promise<void> {
  const run = runWith();
  const record = await recordEngine(await backendUrl(run), name, run.clock.now());
  const { envVars } = workspace;
  workspace.envVars = { ...envVars, ...record.variables };
  await workspace.createStack(name).catch(orElsewhere);
  workspace.envVars = envVars;
  await record.remove();
}

/** Another run created the stack in the meantime. */
function orElsewhere(error: unknown): void {
  if (!(error instanceof StackAlreadyExistsError)) refused(error);
}

/** The outputs of a stack that are no secrets. @throws {UserError} when they cannot be read */
export async function publicOutputs({ name, workspace }: Stack): Promise<Readonly<Record<string, unknown>>> {
  const outputs = await workspace.stackOutputs(name).catch(refused);
  const open = Object.entries(outputs).filter(([, { secret }]) => !secret);
  return Object.fromEntries(open.map(([key, { value }]) => [key, value]));
}

/**
 * The state of a stack that must exist.
 * @param missing first sentence of the error when it does not exist: `Network v1.2.3+1 is not deployed.`
 * @throws {UserError} that also names the stacks of the backend
 */
export async function stateOfExisting(name: string, missing: string, run: Run): Promise<Exported> {
  const exported = await exportedStack(name, run);
  if (exported) return exported;
  const names = (await listStacks(run)).sort().join(", ");
  throw new UserError(
    "StackMissing",
    `${missing} Stacks of this backend: ${names || "none"}.`,
    "Check the name and PULUMI_BACKEND_URL.",
  );
}

/** A command of the pulumi CLI that failed. @throws {UserError} with its last line */
function refused(error: unknown): never {
  if (!(error instanceof CommandError)) throw error;
  const known = pulumiComplaint(error.message);
  if (known) throw known;
  throw new UserError(
    "PulumiFailed",
    `The pulumi CLI failed: ${reasonIn(error.message)}.`,
    "Check the installation of pulumi and PULUMI_BACKEND_URL, then run the command again.",
  );
}

/**
 * The state of the edge, which lists all networks.
 * @throws {UserError} with the command to deploy it, when it is not deployed
 */
export async function requireEdge(run: Pick<Run, "signal">): Promise<Exported> {
  const edge = await exportedStack("edge", run);
  if (edge) return edge;
  throw new UserError(
    "EdgeMissing",
    "The edge, which lists all networks, is not deployed.",
    "Run `smeshnet deploy edge`, then run this command again.",
  );
}
