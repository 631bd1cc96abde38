import { gitOptions } from "../../base/clients/git";
import { exec } from "../../base/lib/exec";
import type { Run } from "../../base/lib/run";

/** Time limit of git, in seconds. */
const TIMEOUT = 30;

/**
 * The commit of a checkout. Undefined when the folder is none or lies within another one, and when tracked files differ
 * from the commit: then it is not what is previewed.
 * @param folder the working directory by default
 */
export async function commitHere({ signal }: Pick<Run, "signal">, folder = process.cwd()): Promise<string | undefined> {
  const git = (...args: string[]) =>
    exec("git", args, { ...gitOptions(folder), secrets: [], timeout: TIMEOUT, signal });
  const [head, changed] = await Promise.all([
    git("rev-parse", "--show-prefix", "HEAD"),
    git("status", "--porcelain", "--untracked-files=no"),
  ]);
  const isAsCommitted = head.exitCode === 0 && changed.exitCode === 0 && changed.stdout === "";
  return isAsCommitted ? /^\n([0-9a-f]{40,64})\n$/.exec(head.stdout)?.[1] : undefined;
}
