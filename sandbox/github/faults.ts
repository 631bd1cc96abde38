import { type CloudflareFaults, Faults } from "../cloudflare/faults";

/** Faults of GitHub, as written in `faults.json` of its folder. An absent fault is off. */
export interface GithubFaults {
  /**
   * Refuses calls: 403 and 429 are rate limits, with `retryAfter` in seconds. Applies to the first `times` calls, or to
   * all of them.
   */
  readonly refuse?: CloudflareFaults["refuse"];
  /** Number of new comments, from the first, that are kept while the connection is cut without an answer. */
  readonly loseAnswer?: number;
  /** Number of lists of comments, from the first, that show nothing of the newest write, as a replica may. */
  readonly lag?: number;
  /** Longest body of a comment, in characters; 65,536 by GitHub's words. */
  readonly longestBody?: number;
  /** Most comments on a page; GitHub's own limit is 100. */
  readonly perPage?: number;
}

/** The faults of a running stand-in. Each request reads the file again, so anyone may switch faults by writing it. */
export class GithubFaultFile extends Faults {
  #text = "";
  #counts = { loseAnswer: 0, lag: 0 };

  override now(): CloudflareFaults & GithubFaults {
    const faults = super.now() as CloudflareFaults & GithubFaults;
    const text = JSON.stringify(faults);
    if (text !== this.#text) this.#counts = { loseAnswer: 0, lag: 0 };
    this.#text = text;
    return faults;
  }

  override set(faults: GithubFaults): void {
    super.set(faults);
  }

  /** Whether a fault that counts applies this time. */
  takes(name: "loseAnswer" | "lag"): boolean {
    if (this.#counts[name] >= (this.now()[name] ?? 0)) return false;
    this.#counts[name] += 1;
    return true;
  }
}
