import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finished } from "../lib/exec";
import { withTemporaryFolder } from "../lib/temporary";
import { ownGit, pushWithLease, remoteRefs, succeeded } from "./git";

/** Who commits where git's configuration names nobody, as on a watcher's machine. */
const NOBODY = { "user.name": "smeshnet", "user.email": "smeshnet@localhost" };

/** The remote of a scratch. */
const REMOTE = "smeshnet";

/** Where work on a branch begins. */
export interface Start {
  /** The commit; undefined in an empty repository. */
  readonly commit: string | undefined;
  /** The branch's commit at the remote; undefined when the branch is new, and work begins at the default branch. */
  readonly previous: string | undefined;
}

/** Lends a bare clone of a remote repository for a few commits, and removes it afterwards. */
export const withScratch = <T>(repository: string, use: (scratch: Scratch) => Promise<T>): Promise<T> =>
  withTemporaryFolder(async (folder) => {
    const scratch = new Scratch(repository, folder);
    await scratch.prepare();
    return use(scratch);
  });

/**
 * A bare clone without history, which fetches a file's content only when it is read. All methods throw a
 * {@link UserError} when git or the remote refuses.
 */
export class Scratch {
  /** @param folder an empty folder */
  constructor(
    readonly repository: string,
    private readonly folder: string,
  ) {}

  async prepare(): Promise<void> {
    await this.run("init", "--quiet", "--bare");
    // Files are fetched later from a remote with a name only. Machine-wide settings know none of this name.
    await this.run("remote", "add", REMOTE, this.repository);
  }

  /** Fetches a branch, or the default branch when there is none of this name. */
  async start(branch: string): Promise<Start> {
    const ref = `refs/heads/${branch}`;
    const refs = await remoteRefs(this.repository, "HEAD", ref);
    const from = [ref, "HEAD"].find((name) => refs.has(name));
    if (from === undefined) return { commit: undefined, previous: undefined };
    await this.run("fetch", "--quiet", "--depth", "1", "--no-tags", "--filter=blob:none", REMOTE, from);
    const commit = (await this.run("rev-parse", "FETCH_HEAD^{commit}")).trim();
    return { commit, previous: from === ref ? commit : undefined };
  }

  /** The commit of a branch at the remote now; undefined when there is no such branch. */
  async tip(branch: string): Promise<string | undefined> {
    const ref = `refs/heads/${branch}`;
    return (await remoteRefs(this.repository, ref)).get(ref);
  }

  /** Names of the files in a folder of a commit, without those in its folders. */
  async names(commit: string | undefined, folder: string): Promise<string[]> {
    if (commit === undefined) return [];
    const listed = await this.run("ls-tree", "-z", "--name-only", commit, `${folder}/`);
    return listed
      .split("\0")
      .filter(Boolean)
      .map((path) => path.slice(folder.length + 1));
  }

  /** The text of a file that a commit has. */
  read(commit: string, path: string): Promise<string> {
    return this.run("cat-file", "blob", `${commit}:${path}`);
  }

  /**
   * Commits files on top of a commit.
   * @param files texts by their paths; all other files stay
   * @returns the new commit; undefined when nothing changes
   */
  async commit(
    files: Readonly<Record<string, string>>,
    message: string,
    parent: string | undefined,
  ): Promise<string | undefined> {
    await this.run("read-tree", parent ?? "--empty");
    const draft = join(this.folder, "smeshnet-draft");
    for (const [path, text] of Object.entries(files)) {
      await writeFile(draft, text);
      const blob = (await this.run("hash-object", "-w", "--no-filters", draft)).trim();
      await this.run("update-index", "--add", "--cacheinfo", `100644,${blob},${path}`);
    }
    // Without --missing-ok git would fetch every file of the repository.
    const tree = (await this.run("write-tree", "--missing-ok")).trim();
    if (parent !== undefined && (await this.run("rev-parse", `${parent}^{tree}`)).trim() === tree) return undefined;
    const parents = parent === undefined ? [] : ["-p", parent];
    return (await this.run(...(await this.identity()), "commit-tree", tree, ...parents, "-m", message)).trim();
  }

  /** What a commit changes, as a patch. */
  patch(commit: string): Promise<string> {
    return this.run("show", "--format=", "--no-color", "--no-ext-diff", "--no-textconv", commit);
  }

  /** Pushes a commit to a branch that still has its old value; the caller judges the end. */
  push(branch: string, commit: string, previous: string | undefined): Promise<Finished> {
    return pushWithLease(this.repository, `refs/heads/${branch}`, { commit, previous, folder: this.folder });
  }

  /** Options that name an author where git's configuration names none. Variables of git's own win over both. */
  private async identity(): Promise<string[]> {
    const options: string[] = [];
    for (const [key, value] of Object.entries(NOBODY)) {
      const { stdout } = await ownGit(["config", "--get", key], this.folder);
      if (stdout.trim() === "") options.push("-c", `${key}=${value}`);
    }
    return options;
  }

  private async run(...args: string[]): Promise<string> {
    const finished = await ownGit(args, this.folder);
    succeeded(`A commit for ${this.repository} cannot be made`, finished);
    return finished.stdout;
  }
}
