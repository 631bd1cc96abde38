import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { UserError } from "../lib/errors";
import { repairFileBackend } from "./recovery/file-backend";
import { listStacks } from "./state";

/** Repairs what a killed engine may have left in a backend that is a folder; to be called before anything reads from it. */
export async function repairBackend(say: (line: string) => void): Promise<void> {
  for (const file of await repairFileBackend(process.env.PULUMI_BACKEND_URL)) {
    say(`removed ${file}, which a killed engine has left empty`);
  }
}

/** Opens a stack of the project in the working directory, making it when there is none. */
export async function openStack(name: string): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack({ stackName: name, workDir: process.cwd() });
}

/** Opens a stack that must be there. @throws {UserError} that begins with what is missing, and names the stacks there are. */
export async function openExistingStack(name: string, missing: string): Promise<Stack> {
  try {
    return await LocalWorkspace.selectStack({ stackName: name, workDir: process.cwd() });
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    const names = await listStacks(AbortSignal.timeout(60_000));
    throw new UserError(
      `${missing}: this backend has ${names.length > 0 ? names.sort().join(", ") : "no stack at all"}`,
    );
  }
}

/** @throws {UserError} with the command to run when the edge stack is missing: every network is listed there. */
export async function requireEdge(signal: AbortSignal): Promise<void> {
  if ((await listStacks(signal)).includes("edge")) return;
  throw new UserError(
    "there is no edge stack yet, which holds the public list: run node --import tsx scripts/deploy.ts edge",
  );
}
