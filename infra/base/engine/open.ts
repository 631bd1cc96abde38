import { CommandError, LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { UserError } from "../lib/errors";
import { lastLine } from "../lib/exec";
import type { Run } from "../lib/run";
import { listStacks } from "./state";

/** Opens a stack of the project in the working directory. Creates it when it does not exist. @throws {UserError} */
export async function openStack(name: string): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack({ stackName: name, workDir: process.cwd() }).catch(refused);
}

/**
 * Opens a stack that must exist.
 * @param missing first sentence of the error when it does not exist: `Network v1.2.3+1 is not deployed.`
 * @throws {UserError} that also names the stacks of the backend
 */
export async function openExistingStack(name: string, missing: string, run: Run): Promise<Stack> {
  try {
    return await LocalWorkspace.selectStack({ stackName: name, workDir: process.cwd() });
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) return refused(error);
    const names = (await listStacks(run)).sort().join(", ");
    throw new UserError(
      "StackMissing",
      `${missing} Stacks of this backend: ${names || "none"}.`,
      "Check the name and PULUMI_BACKEND_URL.",
    );
  }
}

/** A command of the pulumi CLI that failed. @throws {UserError} with its last line */
function refused(error: unknown): never {
  if (!(error instanceof CommandError)) throw error;
  throw new UserError(
    "PulumiFailed",
    `The pulumi CLI failed: ${lastLine(error.message)}.`,
    "Check the installation of pulumi and PULUMI_BACKEND_URL, then run the command again.",
  );
}

/** Checks that the edge, which lists all networks, is deployed. @throws {UserError} with the command to deploy it */
export async function requireEdge(run: Pick<Run, "signal">): Promise<void> {
  if ((await listStacks(run)).includes("edge")) return;
  throw new UserError(
    "EdgeMissing",
    "The edge, which lists all networks, is not deployed.",
    "Run `smeshnet deploy edge`, then run this command again.",
  );
}
