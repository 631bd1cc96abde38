import { type Github, type GithubComment, GithubFailure } from "../../base/clients/github";
import type { Run } from "../../base/lib/run";
import { bodyWith } from "./marker";
import { type Next, nextAct, withWrites } from "./next";

/** Most acts of one run. Without other runs one or two are enough. */
const MOST_ACTS = 12;

/** Most acts of which nobody knows whether they took effect. */
const MOST_UNKNOWN = 3;

/** What a comment is made of. */
export interface CommentText {
  readonly marker: string;
  readonly commit: string;
  /** The text, and a shorter one for when GitHub refuses it as too long. */
  readonly text: string;
  readonly shorter: string;
  /** Our login; undefined while it is unknown. */
  readonly me: string | undefined;
  /**
   * The whole comment of a run for a commit that decides instead of ours: any run for another commit, and a later one
   * for our own. Undefined when no run has come so far.
   */
  readonly bodyOfOther: (commit: string) => Promise<string | undefined>;
}

/** How the comment stands at the end. */
export interface Kept {
  readonly comment: "created" | "updated" | "unchanged" | "none";
  /** Why it is not that of our commit, as a phrase for people. */
  readonly why?: string;
}

type Act = Exclude<Next, { readonly do: "stop" }>;

/**
 * Keeps one comment up to date: looks, does the next act, and looks again until nothing is left to do.
 * @throws {GithubFailure} when GitHub shows neither the pull request nor its comments
 */
export async function keepComment(github: Github, text: CommentText, run: Run): Promise<Kept> {
  const keeper = new Keeper(github, text, run);
  for (let acts = 0; acts < MOST_ACTS; acts++) {
    const kept = await keeper.step();
    if (kept) return kept;
  }
  return { comment: keeper.comment, why: "other runs keep changing the comment" };
}

/** One run, with what it did so far. */
class Keeper {
  comment: Kept["comment"] = "none";
  /** Our writes by the comment's id. */
  readonly #written = new Map<number, GithubComment | "removed">();
  #me: string | undefined;
  #own: string;
  #unknown = 0;

  constructor(
    private readonly github: Github,
    private readonly text: CommentText,
    private readonly run: Run,
  ) {
    this.#me = text.me;
    this.#own = bodyWith(text.marker, text.commit, text.text);
  }

  /** Looks and does one act. @returns how the comment stands when there was nothing to do, or nothing can be done */
  async step(): Promise<Kept | undefined> {
    const { marker, commit } = this.text;
    const pull = await this.github.pull();
    const comments = withWrites(await this.github.comments(), this.#written);
    const hasWritten = this.#written.size > 0;
    const wanted = hasWritten || pull.head === commit ? await this.#bodyOfHead(pull.head) : this.#own;
    const next = nextAct({ pull, comments, me: this.#me, marker, commit, wanted, hasWritten });
    if (next.do === "stop") return this.#stopped(next.because, pull.head);
    try {
      await this.#act(next);
      return undefined;
    } catch (error) {
      if (error instanceof GithubFailure) return this.#afterFailure(next, error);
      throw error;
    }
  }

  async #act(next: Act): Promise<void> {
    if (next.do === "remove") {
      await this.github.deleteComment(next.id);
      this.#written.set(next.id, "removed");
      return;
    }
    const isNew = next.do === "create";
    const written = isNew
      ? await this.github.createComment(next.body)
      : await this.github.updateComment(next.id, next.body);
    this.#written.set(written.id, written);
    this.#me ??= written.author;
    if (this.comment === "none") this.comment = isNew ? "created" : "updated";
  }

  async #afterFailure(next: Act, error: GithubFailure): Promise<Kept | undefined> {
    const { status } = error;
    if (next.do !== "create" && (status === 404 || status === 410)) {
      this.#written.set(next.id, "removed"); // by somebody else
      return undefined;
    }
    const shorter = bodyWith(this.text.marker, this.text.commit, this.text.shorter);
    if (status === 422 && this.#own !== shorter) {
      this.#own = shorter;
      return undefined;
    }
    if (status === undefined || status >= 500) {
      this.#unknown += 1;
      if (this.#unknown >= MOST_UNKNOWN) return { comment: this.comment, why: error.why };
      await this.run.clock.sleep(this.#unknown, this.run.signal);
      return undefined; // the next look shows whether it took effect
    }
    return { comment: this.comment, why: whyNot(error) };
  }

  #stopped(because: Extract<Next, { readonly do: "stop" }>["because"], head: string): Kept {
    if (because === "closed") return { comment: this.comment, why: "the pull request is closed" };
    if (because === "done") return { comment: this.comment === "none" ? "unchanged" : this.comment };
    return { comment: this.comment, why: `commit ${this.text.commit} is no longer the head, which is ${head}` };
  }

  /** The comment for the head. While only ours is there and the head moved on, ours says that it is of an older commit. */
  async #bodyOfHead(head: string): Promise<string> {
    const { marker, commit, shorter, bodyOfOther } = this.text;
    const other = await bodyOfOther(head);
    if (other !== undefined || head === commit) return other ?? this.#own;
    return bodyWith(
      marker,
      commit,
      `> This preview is of commit ${commit}. The newest commit is ${head}.\n\n${shorter}`,
    );
  }
}

function whyNot({ status, why }: GithubFailure): string {
  if (/is locked/.test(why)) return "its conversation is locked";
  if (status !== 403 && status !== 404) return why;
  return `GITHUB_TOKEN may not write comments (${why}); it needs the permission pull-requests: write`;
}
