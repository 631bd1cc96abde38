import { exec } from "../../base/lib/exec";
import type { Run } from "../../base/lib/run";

/** Time limit of git, in seconds. */
const TIMEOUT = 30;

/** The commit of the checkout in the working directory; undefined when it is none, or a folder within another one. */
export async function commitHere({ signal }: Pick<Run, "signal">): Promise<string | undefined> {
  const args = ["rev-parse", "--show-prefix", "HEAD"];
  const { exitCode, stdout } = await exec("git", args, { timeout: TIMEOUT, signal });
  return exitCode === 0 ? /^\n([0-9a-f]{40,64})\n$/.exec(stdout)?.[1] : undefined;
}
