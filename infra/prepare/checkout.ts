import { join, resolve } from "node:path";
import { complaint, git } from "../base/clients/git";
import { boundedFile } from "../base/lib/bounded";
import { shown, UserError } from "../base/lib/errors";
import { LONGEST_CHANGELOG } from "../base/model/changelog/limits";

/** The changelog, in the folder of the checkout. */
export const CHANGELOG = "CHANGELOG.md";

/** A checkout of the node repository, from which a version can be released. */
export interface Checkout {
  /** The folder with the tree. */
  readonly folder: string;
  /** The branch that is checked out. */
  readonly branch: string;
  /** The commit that is checked out, in full. */
  readonly head: string;
  /** Name of the remote that the branch is pushed to, e.g. `origin`; undefined when there is no remote. */
  readonly remote: string | undefined;
  /** Whether the changelog has edits that are not committed. */
  readonly isChangelogEdited: boolean;
}

/** The folder with the tree. @throws {UserError} when there is no git repository, or one without a tree */
export async function treeOf(folder: string): Promise<string> {
  const { exitCode, stdout, stderr } = await git(["rev-parse", "--show-toplevel"], folder);
  if (exitCode === 0 && stdout.trim() !== "") return stdout.replace(/\n$/, "");
  throw new UserError(
    "CheckoutMissing",
    `${folder} is no checkout of a git repository (${complaint(stderr)}).`,
    "Run the command in a checkout of the node repository.",
    2,
  );
}

/** Where git keeps a file of this checkout. */
export async function gitPath(folder: string, name: string): Promise<string> {
  return resolve(folder, await asked(folder, "rev-parse", "--git-path", name));
}

/**
 * Looks at a checkout, without its remote.
 * @throws {UserError} when it is shallow, has a detached head, no commit, an unfinished merge or changes, or when one
 * of several remotes must be chosen
 */
export async function inspectCheckout(folder: string): Promise<Checkout> {
  if ((await asked(folder, "rev-parse", "--is-shallow-repository")) === "true") {
    throw new UserError(
      "CheckoutShallow",
      `${folder} is a shallow clone, whose log is not complete.`,
      "Run `git fetch --unshallow --tags` there.",
    );
  }
  const branch = (await maybe(folder, "symbolic-ref", "--quiet", "HEAD"))?.replace(/^refs\/heads\//, "");
  if (branch === undefined) {
    throw new UserError(
      "HeadDetached",
      `${folder} has a detached head: no branch is checked out.`,
      "Check out the release branch with `git switch BRANCH`.",
    );
  }
  const head = await maybe(folder, "rev-parse", "--quiet", "--verify", "HEAD^{commit}");
  if (head === undefined) {
    throw new UserError("BranchEmpty", `Branch ${branch} has no commit.`, "Check out the release branch.");
  }
  const remote = await remoteOf(folder, branch);
  await requireNothingUnfinished(folder);
  const isChangelogEdited = await requireClean(folder);
  return { folder, branch, head, remote, isChangelogEdited };
}

/** The changelog as the tree has it, with edits that nobody committed yet. @throws {UserError} when there is none */
export async function readChangelogFile({ folder }: Pick<Checkout, "folder">): Promise<Uint8Array> {
  try {
    return await boundedFile(join(folder, CHANGELOG), LONGEST_CHANGELOG);
  } catch (error) {
    throw new UserError(
      "ChangelogMissing",
      `${folder} has no ${CHANGELOG} that can be read (${(error as NodeJS.ErrnoException).code}).`,
      "Write one with a section Unreleased, as https://keepachangelog.com shows.",
    );
  }
}

async function remoteOf(folder: string, branch: string): Promise<string | undefined> {
  const names = (await asked(folder, "remote")).split("\n").filter(Boolean);
  const set = await maybe(folder, "config", "--get", `branch.${branch}.remote`);
  const remote = [set, "origin", names.length === 1 ? names[0] : undefined].find((one) => one && names.includes(one));
  if (remote !== undefined || names.length === 0) return remote;
  throw new UserError(
    "RemoteAmbiguous",
    `Branch ${branch} has no remote, and ${folder} has several: ${names.join(", ")}.`,
    `Name its remote with \`git config branch.${branch}.remote NAME\`.`,
  );
}

async function requireNothingUnfinished(folder: string): Promise<void> {
  for (const [ref, act] of [
    ["MERGE_HEAD", "merge"],
    ["CHERRY_PICK_HEAD", "cherry-pick"],
    ["REVERT_HEAD", "revert"],
  ]) {
    if ((await maybe(folder, "rev-parse", "--quiet", "--verify", `${ref}`)) === undefined) continue;
    throw new UserError(
      "GitUnfinished",
      `${folder} is in the middle of a ${act}.`,
      `Finish it with \`git ${act} --continue\`, or give it up with \`git ${act} --abort\`.`,
    );
  }
}

/**
 * Edits of the changelog are part of the release; the release manager polishes it. All else must be committed.
 * @returns whether there are such edits
 */
async function requireClean(folder: string): Promise<boolean> {
  const status = await asked(folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal");
  const files = status
    .split("\0")
    .filter(Boolean)
    .map((entry) => entry.slice(3));
  const [first, ...more] = files.filter((file) => file !== CHANGELOG);
  if (first === undefined) return files.includes(CHANGELOG);
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  throw new UserError(
    "CheckoutDirty",
    `${folder} has changes that are not committed: ${shown(first)}${others}.`,
    `Commit, stash or ignore them. Only edits of ${CHANGELOG} become part of the release.`,
  );
}

/** What git answers, without its last line end. @throws {UserError} when it fails */
export async function asked(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git(args, folder);
  if (exitCode === 0) return stdout.replace(/\n$/, "");
  throw new UserError(
    "CheckoutUnreadable",
    `git cannot read ${folder} (${complaint(stderr)}).`,
    `Check it with \`git ${args[0]}\`, then run the command again.`,
  );
}

/** What git answers; undefined when it says by its exit code that there is nothing. */
async function maybe(folder: string, ...args: string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await git(args, folder);
  return exitCode === 0 ? stdout.replace(/\n$/, "") : undefined;
}
