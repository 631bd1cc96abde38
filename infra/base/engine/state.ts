import { UserError } from "../lib/errors";
import { exec, lastLine, output } from "../lib/exec";

/** Longest time to read from the backend, in seconds. */
const TIMEOUT = 60;

/** Names of all stacks of this project. @throws {UserError} when the backend cannot be read. */
export async function listStacks(signal: AbortSignal): Promise<string[]> {
  const listed = JSON.parse(await output("pulumi", ["stack", "ls", "--json"], { timeout: TIMEOUT, signal }));
  return (listed as { name: string }[]).map(({ name }) => name.split("/").at(-1) ?? name);
}

/** The state of a stack, secrets encrypted; undefined when there is no such stack. @throws {UserError} when it cannot be read. */
export async function exportedStack(stack: string, signal: AbortSignal): Promise<Exported | undefined> {
  const args = ["stack", "export", "--stack", stack];
  const { exitCode, stdout, stderr } = await exec("pulumi", args, { timeout: TIMEOUT, signal });
  if (exitCode === 0) return JSON.parse(stdout) as Exported;
  if (/no stack named/.test(stderr)) return undefined;
  throw new UserError(`the state of ${stack} cannot be read (${lastLine(stderr)}): look at it with pulumi stack`);
}

/** The outputs that a stack's last update stored, secrets masked. @throws {UserError} when there is no such stack. */
export async function outputsOf(stack: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const args = ["stack", "output", "--json", "--stack", stack];
  const { exitCode, stdout, stderr } = await exec("pulumi", args, { timeout: TIMEOUT, signal });
  if (exitCode === 0) return JSON.parse(stdout);
  if (/no stack named/.test(stderr))
    throw new UserError(`there is no stack ${stack}: make it with node --import tsx scripts/deploy.ts`);
  throw new UserError(
    `the outputs of stack ${stack} cannot be read (${lastLine(stderr)}): look at it with pulumi stack`,
  );
}

/** What `pulumi stack export` prints, as far as it matters here. */
export interface Exported {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An operation that was under way when the engine was killed: nobody knows how it ended. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** The operations that a killed engine has left behind. Pure. */
export const pendingOf = ({ deployment }: Exported): readonly PendingOperation[] => deployment.pending_operations ?? [];

/** The outputs of the stack itself, as its last complete update stored them; secrets encrypted. Pure. */
export const rootOutputs = ({ deployment }: Exported): Readonly<Record<string, unknown>> =>
  deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
