import { git, succeeded } from "../../base/clients/git";
import { shown, UserError } from "../../base/lib/errors";
import { refsIn, requireTags } from "../remote";
import type { ReleaseBranch } from "./gather";

/** The top of the git repository that a folder is in, bare or with a tree; undefined when it is in none. */
export async function repositoryAt(folder: string): Promise<string | undefined> {
  for (const question of ["--show-toplevel", "--absolute-git-dir"]) {
    const { exitCode, stdout } = await git(["rev-parse", question], folder);
    if (exitCode === 0 && stdout.trim() !== "") return stdout.replace(/\n$/, "");
  }
  return undefined;
}

/**
 * Clones a node repository to judge its tags: commits and folders, without the files.
 * @param folder an empty folder
 * @throws {UserError} when it cannot be cloned
 */
export async function cloneForTags(repository: string, folder: string): Promise<void> {
  const cloned = await git(["clone", "--quiet", "--bare", "--filter=blob:none", repository, folder]);
  succeeded(`${repository} cannot be cloned`, cloned);
}

/**
 * The release branch, as the remote has it now. A detached head is fine, since CI checks out so.
 * @param wanted name of the branch; the default branch unless told
 * @throws {UserError} when the remote does not answer, when there is no such branch, or when a version tag or the
 * branch's commit is missing or different here
 */
export async function releaseBranch(folder: string, wanted: string | undefined): Promise<ReleaseBranch> {
  const remote = await onlyRemote(folder);
  if (remote === undefined) return ownBranch(folder, wanted);
  const patterns = ["HEAD", ...(wanted === undefined ? ["refs/heads/*"] : [`refs/heads/${wanted}`]), "refs/tags/v*"];
  const listed = await git(["ls-remote", "--symref", remote, ...patterns], folder, { mayAsk: true });
  succeeded(`Remote ${remote} of ${folder} cannot be read`, listed);
  const { refs, defaultBranch } = refsIn(listed.stdout);
  const name = wanted ?? defaultBranch;
  const commit = name === undefined ? undefined : refs.get(`refs/heads/${name}`);
  if (name === undefined || commit === undefined) throw branchMissing(`Remote ${remote}`, name);
  await requireTags({ folder, remote }, refs);
  if ((await git(["cat-file", "-e", `${commit}^{commit}`], folder)).exitCode === 0) return { name, commit };
  throw new UserError(
    "BranchUnfetched",
    `${remote} has the branch ${name} at ${commit.slice(0, 12)}, which this checkout lacks.`,
    `Run \`git fetch --tags ${remote}\`, then the command again.`,
  );
}

/** In a repository without a remote its own branch counts. */
async function ownBranch(folder: string, wanted: string | undefined): Promise<ReleaseBranch> {
  const head = await git(["symbolic-ref", "--quiet", "HEAD"], folder);
  const name = wanted ?? (head.stdout.trim().replace(/^refs\/heads\//, "") || undefined);
  const { stdout } = await git(["rev-parse", "--quiet", "--verify", `refs/heads/${name}^{commit}`], folder);
  const commit = stdout.trim();
  if (name === undefined || commit === "") throw branchMissing(folder, name);
  return { name, commit };
}

const branchMissing = (place: string, name: string | undefined): UserError =>
  new UserError(
    "ReleaseBranchUnknown",
    name === undefined ? `${place} does not tell its default branch.` : `${place} has no branch ${shown(name)}.`,
    "Name the release branch with `--branch NAME`.",
    2,
  );

/** `origin`, or the only remote; undefined when there is none. */
async function onlyRemote(folder: string): Promise<string | undefined> {
  const names = (await git(["remote"], folder)).stdout.split("\n").filter(Boolean);
  const remote = names.includes("origin") ? "origin" : names[0];
  if (names.length <= 1 || remote === "origin") return remote;
  throw new UserError(
    "RemoteAmbiguous",
    `${folder} has several remotes, and none is named origin: ${names.join(", ")}.`,
    "Name that of the node repository origin, with `git remote rename`.",
    2,
  );
}
