import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { listStacks } from "./stack-outputs";
import { UserError } from "./user-error";

/** Opens a stack of the project in the working directory, making it when there is none. */
export async function openStack(name: string): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack({ stackName: name, workDir: process.cwd() });
}

/** @throws {UserError} with the command to run when the edge stack is missing: every network is listed there. */
export async function requireEdge(signal: AbortSignal): Promise<void> {
  if ((await listStacks(signal)).includes("edge")) return;
  throw new UserError(
    "there is no edge stack yet, which holds the public list: run node --import tsx scripts/deploy.ts edge",
  );
}
