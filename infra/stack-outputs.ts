import { output } from "./exec";

/** Longest time to read from the backend, in seconds. */
const TIMEOUT = 60;

/** Names of all stacks of this project. @throws {UserError} when the backend cannot be read. */
export async function listStacks(signal: AbortSignal): Promise<string[]> {
  const listed = JSON.parse(await output("pulumi", ["stack", "ls", "--json"], { timeout: TIMEOUT, signal }));
  return (listed as { name: string }[]).map(({ name }) => name.split("/").at(-1) ?? name);
}

/** The outputs that a stack's last update stored, secrets masked. @throws {UserError} when there is no such stack. */
export async function outputsOf(stack: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const args = ["stack", "output", "--json", "--stack", stack];
  return JSON.parse(await output("pulumi", args, { timeout: TIMEOUT, signal }));
}
