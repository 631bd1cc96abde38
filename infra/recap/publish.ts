import { succeeded } from "../base/clients/git";
import { type Scratch, withScratch } from "../base/clients/git-scratch";
import { UserError } from "../base/lib/errors";
import type { BuildTag } from "../base/model/build-tag";
import type { Merged } from "./own-parts";
import { existingPost, type Post } from "./post";

/** How often a commit is made anew when somebody else pushes to the same branch at the same moment. */
const TRIES = 3;

/** What is published. */
export interface Publication {
  readonly tag: BuildTag;
  readonly post: Post;
  /** Subject of the commit. */
  readonly message: string;
  /** Renews the document. @param existing the document in the blog; undefined for the first time */
  readonly merge: (existing: string | undefined) => Merged;
  /** The plot, as an SVG document; undefined without one. */
  readonly plot: string | undefined;
}

/** What became of a publication. */
export interface Published {
  /** Path of the document in the repository. */
  readonly path: string;
  /** The branch with the document; `HEAD` for the default branch, where it stands already. */
  readonly branch: string;
  /** What was pushed, as a patch; empty when nothing changed. */
  readonly patch: string;
  /** What a person edited, and so stays as it is. */
  readonly kept: readonly string[];
}

/**
 * Publishes a document as a commit on a branch of its own in the blog's repository. It changes only what a person did
 * not touch, and pushes only when something changed.
 * @param isDry makes the commit, and does not push it
 * @throws {UserError} when the repository cannot be read or written, or others push to the branch all the time
 */
export const publishPost = (repository: string, publication: Publication, isDry = false): Promise<Published> =>
  withScratch(repository, async (scratch) => {
    const { branch } = publication.post;
    for (let attempt = 1; ; attempt++) {
      const { commit, previous, ...published } = await draftCommit(scratch, publication);
      if (commit === undefined || isDry) return published;
      const pushed = await scratch.push(branch, commit, previous);
      if (pushed.exitCode === 0) return published;
      // The lease is lost when somebody pushed in between: their text is read, and stays.
      if ((await scratch.tip(branch)) === previous)
        succeeded(`Branch ${branch} of ${repository} cannot be pushed`, pushed);
      if (attempt === TRIES)
        throw new UserError(
          "RecapContested",
          `Somebody else pushes to branch ${branch} of ${repository} all the time.`,
          "Run the command again.",
        );
    }
  });

/** Makes the commit on the branch as it is now; without a `commit` nothing changes. */
async function draftCommit(scratch: Scratch, { tag, post, message, merge, plot }: Publication) {
  const start = await scratch.start(post.branch);
  const found = existingPost(await scratch.names(start.commit, post.folder), tag);
  const path = `${post.folder}/${found ?? post.name}`;
  const existing =
    start.commit !== undefined && found !== undefined ? await scratch.read(start.commit, path) : undefined;
  const { text, kept } = merge(existing);
  const files = { [path]: text, ...(plot !== undefined && { [post.plot.path]: plot }) };
  const commit = await scratch.commit(files, message, start.commit);
  const patch = commit === undefined ? "" : await scratch.patch(commit);
  const branch = commit === undefined && start.previous === undefined ? "HEAD" : post.branch;
  return { commit, previous: start.previous, path, branch, patch, kept };
}

/** Where people read a file of a repository; undefined where nobody but git can tell. */
export function webPage(repository: string, branch: string, path: string): string | undefined {
  const [, host, name] =
    /^(?:https:\/\/|ssh:\/\/git@|git@)([\w.-]+)[/:]([\w./-]+?)(?:\.git)?\/?$/.exec(repository) ?? [];
  const view = host === "github.com" ? "blob" : host === "gitlab.com" ? "-/blob" : undefined;
  return view === undefined ? undefined : `https://${host}/${name}/${view}/${branch}/${path}`;
}
