import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../lib/errors";
import { exec, lastLine, output } from "../../lib/exec";
import { parsedJson } from "../../lib/json";
import type { Run } from "../../lib/run";
import { OF_STATES } from "../../lib/secrets";
import { withTemporaryFolder } from "../../lib/temporary";
import { type Exported, listedStacks } from "../state";

// The Pulumi service gives out leases instead of locks, and keeps every version of a state. Nobody but an update can
// hold a lease, so a state is compared before and after it is written.

/** Time limit to write a stack's state, in seconds. */
const TIMEOUT = 120;

const History = z.array(z.object({ version: z.number() }));

/** The number of the newest version of a stack's state; 0 without one. @throws {UserError} when it cannot be read */
export async function newestVersion(stack: string, { signal }: Pick<Run, "signal">): Promise<number> {
  const args = ["stack", "history", "--stack", stack, "--json", "--page-size", "1", "--page", "1"];
  const { success, data } = History.safeParse(
    parsedJson(await output("pulumi", args, { secrets: OF_STATES, timeout: TIMEOUT, signal })),
  );
  if (success) return data[0]?.version ?? 0;
  throw new UserError(
    "StateUnreadable",
    `The history of stack ${stack} cannot be read (unexpected output).`,
    `Check it with \`pulumi stack history --stack ${stack}\`.`,
  );
}

/** Whether nothing has happened to a stack since a version, and nothing is happening. */
export async function isUnchanged(stack: string, version: number, run: Pick<Run, "signal">): Promise<boolean> {
  const isUpdating = (await listedStacks(run)).some((one) => one.name === stack && one.updateInProgress === true);
  return !isUpdating && (await newestVersion(stack, run)) === version;
}

/**
 * Writes a state that was made from a version.
 * @returns the refusal when the stack is being updated
 * @throws {UserError} when another version came in between, which the service still has, or the state cannot be written
 */
export async function importState(
  stack: string,
  state: Exported,
  from: number,
  run: Pick<Run, "signal">,
): Promise<string | undefined> {
  if (!(await isUnchanged(stack, from, run))) return "another update is in progress";
  const refusal = await withTemporaryFolder(async (folder) => {
    const file = join(folder, "state.json");
    await writeFile(file, JSON.stringify(state), { mode: 0o600 });
    const args = ["stack", "import", "--stack", stack, "--file", file];
    const { exitCode, stderr } = await exec("pulumi", args, {
      secrets: OF_STATES,
      timeout: TIMEOUT,
      signal: run.signal,
    });
    if (exitCode === 0) return undefined;
    if (/Another update is currently in progress/.test(stderr)) return lastLine(stderr);
    throw new UserError(
      "StateUnwritable",
      `The state of stack ${stack} cannot be written (${lastLine(stderr)}).`,
      "Check access to the backend, then run the command again.",
    );
  });
  if (refusal !== undefined) return refusal;
  const now = await newestVersion(stack, run);
  if (now === from + 1) return undefined;
  throw new UserError(
    "StateOverwritten",
    `Another update of stack ${stack} ended while its state was written, and version ${now - 1} was overwritten.`,
    `Make sure that no update is running, then run \`pulumi stack export --stack ${stack} --version ${now - 1} --file ` +
      `state.json\` and \`pulumi stack import --stack ${stack} --file state.json\`.`,
  );
}
