import { git, succeeded } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import { isBuildTag, isReleaseTag } from "../base/model/build-tag";
import { asked, type Checkout } from "./checkout";

/** A checkout with a remote. */
export type Connected = Checkout & { readonly remote: string };

/** @throws {UserError} when the checkout has no remote */
export function requireRemote(checkout: Checkout): asserts checkout is Connected {
  if (checkout.remote !== undefined) return;
  throw new UserError(
    "RemoteMissing",
    `${checkout.folder} has no remote.`,
    "Add the node repository with `git remote add origin URL`.",
  );
}

/** What a checkout and its remote have in common. */
export interface Compared {
  /** Names of version tags, `v1.2.3` and `v1.2.3+1`: all of the remote, which are the same here, and those here alone. */
  readonly tags: readonly string[];
  /** The remote's branch and version tags: objects by ref. */
  readonly there: ReadonlyMap<string, string>;
}

/**
 * Compares a checkout with its remote. Nothing of the checkout changes, not even its remote-tracking branches.
 * @param wanted the release branch; the remote's default branch unless told
 * @throws {UserError} when the remote does not answer, when another branch is checked out, when the branch lacks
 * commits of the remote, or when a version tag of the remote is missing or different here
 */
export async function compareWithRemote(checkout: Connected, wanted: string | undefined): Promise<Compared> {
  const { folder, branch, remote } = checkout;
  const patterns = ["HEAD", `refs/heads/${branch}`, "refs/tags/v*"];
  const listed = await git(["ls-remote", "--symref", remote, ...patterns], folder, { mayAsk: true });
  succeeded(`Remote ${remote} of ${folder} cannot be read`, listed);
  const { refs, defaultBranch } = refsIn(listed.stdout);
  requireBranch(checkout, wanted ?? defaultBranch);
  await requireUpToDate(checkout, refs.get(`refs/heads/${branch}`));
  return { tags: await requireTags(checkout, refs), there: refs };
}

/** Reads what `git ls-remote --symref` prints. */
export function refsIn(printed: string): { refs: ReadonlyMap<string, string>; defaultBranch: string | undefined } {
  const lines = printed.split("\n").map((line) => line.split("\t"));
  const symbolic = lines.find(([target, name]) => name === "HEAD" && target?.startsWith("ref: "))?.[0];
  return {
    refs: new Map(lines.flatMap(([object, name]) => (object && name ? [[name, object] as const] : []))),
    defaultBranch: symbolic?.replace(/^ref: refs\/heads\//, ""),
  };
}

function requireBranch({ branch, remote }: Connected, release: string | undefined): void {
  if (branch === release) return;
  if (release === undefined) {
    throw new UserError(
      "ReleaseBranchUnknown",
      `Remote ${remote} does not tell its default branch.`,
      `Name the release branch with \`--branch ${branch}\`.`,
      2,
    );
  }
  throw new UserError(
    "BranchNotForReleases",
    `Branch ${branch} is checked out, and releases are made from ${release}.`,
    `Run \`git switch ${release}\`, or name the release branch with \`--branch ${branch}\`.`,
    2,
  );
}

/** A branch that the remote does not have yet lacks nothing. */
async function requireUpToDate({ folder, branch, head, remote }: Connected, there: string | undefined): Promise<void> {
  if (there === undefined || there === head) return;
  if ((await git(["cat-file", "-e", `${there}^{commit}`], folder)).exitCode !== 0) {
    // Only objects are fetched: refs and FETCH_HEAD stay.
    const only = ["--quiet", "--refmap=", "--no-tags", "--no-write-fetch-head"];
    const fetched = await git(["fetch", ...only, remote, `refs/heads/${branch}`], folder, { mayAsk: true });
    succeeded(`Branch ${branch} of ${remote} cannot be fetched`, fetched);
  }
  const [isAhead, isBehind] = await Promise.all([isAncestor(folder, there, head), isAncestor(folder, head, there)]);
  if (isAhead) return;
  if (isBehind) {
    throw new UserError(
      "BranchBehind",
      `Branch ${branch} is behind ${remote}: it lacks commit ${there.slice(0, 12)}.`,
      `Run \`git pull --ff-only ${remote} ${branch}\`.`,
    );
  }
  throw new UserError(
    "BranchDiverged",
    `Branch ${branch} and ${remote} have diverged: commit ${there.slice(0, 12)} is not in the branch.`,
    `Run \`git pull --rebase ${remote} ${branch}\`.`,
  );
}

const isAncestor = async (folder: string, old: string, young: string): Promise<boolean> =>
  (await git(["merge-base", "--is-ancestor", old, young], folder)).exitCode === 0;

/**
 * Compares the version tags of a remote with those here.
 * @param there objects of the remote's refs, by name
 * @returns names of all version tags here
 * @throws {UserError} when one is missing or different here
 */
export async function requireTags(
  { folder, remote }: Pick<Connected, "folder" | "remote">,
  there: ReadonlyMap<string, string>,
): Promise<string[]> {
  const here = await tagRefs(folder);
  for (const [ref, object] of there) {
    if (!isVersion(ref) || here.get(ref) === object) continue;
    throw new UserError(
      "TagsBehind",
      here.has(ref)
        ? `Tag ${nameOf(ref)} of ${remote} is another one than here.`
        : `${remote} has the tag ${nameOf(ref)}, which this checkout lacks.`,
      `Run \`git fetch --tags --force ${remote}\`, then the command again.`,
    );
  }
  return versionTags(here);
}

/** The version tags of the checkout alone, `v1.2.3` and `v1.2.3+1`. */
export const localTags = async ({ folder }: Checkout): Promise<string[]> => versionTags(await tagRefs(folder));

const tagRefs = async (folder: string) =>
  refsIn(await asked(folder, "for-each-ref", "--format=%(objectname)%09%(refname)", "refs/tags")).refs;

const versionTags = (refs: ReadonlyMap<string, string>): string[] => [...refs.keys()].filter(isVersion).map(nameOf);

const isVersion = (ref: string): boolean => isReleaseTag(nameOf(ref)) || isBuildTag(nameOf(ref));

const nameOf = (ref: string): string => ref.replace(/^refs\/tags\//, "");
