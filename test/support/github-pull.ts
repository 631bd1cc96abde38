import { type AddedCheck, type Github, type GithubComment, GithubFailure } from "../../infra/base/clients/github";

const APP = { id: 1, login: "github-actions[bot]" };

/** Lets an act take effect now or later, and its answer come now or later, or never. */
export type Turn = <T>(act: () => T) => Promise<T>;

/** A pull request in memory that several runs see at once. */
export class PullInMemory {
  isOpen = true;
  comments: GithubComment[] = []; // replaced by each write, so that an answer keeps what it showed
  readonly checks: { readonly id: number; readonly commit: string; readonly text: string | undefined }[] = [];
  #ids = 0;

  /** @param head the newest commit */
  constructor(public head: string) {}

  add(author: string, body: string): GithubComment {
    const comment = { id: ++this.#ids, author, body, updatedAt: this.#now() };
    this.comments = [...this.comments, comment];
    return comment;
  }

  /** The pull request as one run sees it. */
  seen(turn: Turn): Github {
    const commentOf = (id: number): GithubComment => {
      const found = this.comments.find((one) => one.id === id);
      if (!found) throw new GithubFailure(`find comment ${id}`, 404, "Not Found");
      return found;
    };
    return {
      pull: () => turn(() => ({ isOpen: this.isOpen, head: this.head, labels: [] })),
      comments: () => turn(() => this.comments),
      createComment: (body) => turn(() => this.add(APP.login, body)),
      updateComment: (id, body) =>
        turn(() => {
          const changed = { ...commentOf(id), body, updatedAt: this.#now() };
          this.comments = this.comments.map((one) => (one.id === id ? changed : one));
          return changed;
        }),
      deleteComment: (id) =>
        turn(() => {
          const found = commentOf(id);
          this.comments = this.comments.filter((one) => one !== found);
        }),
      addCheck: ({ commit, text }) =>
        turn((): AddedCheck => {
          const check = { id: ++this.#ids, commit, text };
          this.checks.push(check);
          return { id: check.id, app: APP };
        }),
      newestCheck: (commit) => turn(() => this.checks.filter((one) => one.commit === commit).at(-1)),
      addStatus: () => turn(() => APP.login),
      whoAmI: () => turn(() => APP.login),
    };
  }

  #now(): string {
    return new Date(++this.#ids * 1000).toISOString();
  }
}
