import { constants } from "node:fs";
import { access, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { complaint, type GitOptions, git, gitOptions } from "../base/clients/git";
import { boundedFile } from "../base/lib/bounded";
import { UserError } from "../base/lib/errors";
import { exec } from "../base/lib/exec";
import { withTemporaryFolder } from "../base/lib/temporary";
import { LONGEST_CHANGELOG } from "../base/model/changelog/limits";
import { asked, CHANGELOG, type Checkout, gitPath } from "./checkout";

/** The index of a commit that is still to be made. */
interface Draft {
  /** A temporary folder. */
  readonly folder: string;
  /** Variables with which git works on this index instead of the checkout's. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The changelog of the release commit as a diff against the last commit, by git. Nothing is stored. */
export const diffOf = (checkout: Checkout, content: Uint8Array): Promise<string> =>
  withTemporaryFolder(async (folder) => {
    const objects = resolve(checkout.folder, await asked(checkout.folder, "rev-parse", "--git-path", "objects"));
    const apart = { GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
    const draft = await drafted(checkout, content, folder, apart);
    const shape = ["--no-color", "--no-ext-diff", "--no-textconv"];
    return done(checkout, draft, "diff", "--cached", ...shape, checkout.head, "--", CHANGELOG);
  });

/**
 * Makes the release commit, with the checkout's hooks and its signature. No ref, index or file changes.
 * @returns the full name of the commit
 * @throws {UserError} when a hook refuses or changes the commit, or when it cannot be signed
 */
export const madeCommit = (checkout: Checkout, content: Uint8Array, message: string): Promise<string> =>
  withTemporaryFolder(async (folder) => {
    const draft = await drafted(checkout, content, folder, {});
    const tree = await done(checkout, draft, "write-tree");
    const file = join(folder, "COMMIT_EDITMSG");
    await writeFile(file, message);
    await runHook(checkout, draft, "pre-commit");
    await runHook(checkout, draft, "prepare-commit-msg", file, "message");
    await runHook(checkout, draft, "commit-msg", file);
    if ((await done(checkout, draft, "write-tree")) !== tree) {
      throw new UserError(
        "HookChangedCommit",
        "A hook of the checkout changed what is committed, and a release commit holds the changelog alone.",
        `Let the hook pre-commit pass ${CHANGELOG}, then run the command again.`,
      );
    }
    const isSigned = (await git(["config", "--type=bool", "--get", "commit.gpgSign"], checkout.folder)).stdout.trim();
    const signature = isSigned === "true" ? ["-S"] : [];
    return done(checkout, draft, "commit-tree", ...signature, "-p", checkout.head, "-F", file, tree);
  });

/** An index with the last commit and the new changelog. git stores the text as `git add` would, by its attributes. */
async function drafted(
  checkout: Checkout,
  content: Uint8Array,
  folder: string,
  more: Readonly<Record<string, string>>,
): Promise<Draft> {
  const draft = { folder, variables: { GIT_INDEX_FILE: join(folder, "index"), ...more } };
  const file = join(folder, CHANGELOG);
  await writeFile(file, content);
  await done(checkout, draft, "read-tree", checkout.head);
  const blob = await done(checkout, draft, "hash-object", "-w", `--path=${CHANGELOG}`, "--", file);
  await done(checkout, draft, "update-index", "--add", "--cacheinfo", `${await modeOf(checkout)},${blob},${CHANGELOG}`);
  return draft;
}

/** @throws {UserError} when the changelog is a symbolic link, whose target a rewrite would not reach */
async function modeOf({ folder, head }: Checkout): Promise<string> {
  const [mode = ""] = (await asked(folder, "ls-tree", head, "--", CHANGELOG)).split(" ");
  if (mode === "" || mode.startsWith("100")) return mode || "100644";
  throw new UserError("ChangelogNotFile", `${CHANGELOG} is no regular file in git.`, "Commit it as a file.");
}

async function done({ folder }: Checkout, { variables }: Draft, ...args: string[]): Promise<string> {
  const options: GitOptions = { variables, mayAsk: args.includes("-S") };
  const { exitCode, stdout, stderr } = await git(args, folder, options);
  if (exitCode === 0) return stdout.replace(/\n$/, "");
  throw new UserError(
    "ReleaseCommitFailed",
    `git cannot make the release commit (${complaint(stderr)}).`,
    "Nothing was changed. Correct the cause, then run the command again.",
  );
}

/** Runs a hook as `git commit` does; `git hook run` is younger than what Ubuntu 22.04 has. */
async function runHook({ folder }: Checkout, { variables }: Draft, name: string, ...args: string[]): Promise<void> {
  const hook = await gitPath(folder, `hooks/${name}`);
  const isThere = await access(hook, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const options = { ...gitOptions(folder, { variables, mayAsk: true }), secrets: [] }; // it is code of others
  const { exitCode, stdout, stderr } = await exec(hook, args, options);
  if (exitCode === 0) return;
  throw new UserError(
    "HookRefused",
    `The hook ${name} of the checkout refuses the commit (${complaint(stderr || stdout)}).`,
    "Nothing was changed. Correct what it names, then run the command again.",
  );
}

/** Whether the tree still has the changelog that was read. */
export const isUnchanged = async ({ folder }: Checkout, read: Uint8Array): Promise<boolean> =>
  Buffer.compare(await boundedFile(join(folder, CHANGELOG), LONGEST_CHANGELOG), read) === 0;
