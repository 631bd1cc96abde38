import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { UserError } from "./user-error";

/** Folder of the Pulumi project, from which verbs are run. */
export const PROJECT = process.cwd();

/** Opens a stack of this project, making it when there is none. */
export async function openStack(name: string): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack({ stackName: name, workDir: PROJECT });
}

/** Names of all stacks in the backend. */
export async function stackNames(): Promise<string[]> {
  const workspace = await LocalWorkspace.create({ workDir: PROJECT });
  return (await workspace.listStacks()).map(({ name }) => name.split("/").at(-1) ?? name);
}

/** @throws {UserError} with the command to run when the edge stack is missing: every network is listed there. */
export async function requireEdge(): Promise<void> {
  if ((await stackNames()).includes("edge")) return;
  throw new UserError(
    "there is no edge stack yet, which holds the public list: run node --import tsx scripts/deploy.ts edge",
  );
}
