import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A pull request. */
export interface Pull {
  /** `owner/name` of the repository that it asks to change. */
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  /** Whether only collaborators may comment; apps are none. */
  readonly locked: boolean;
  readonly labels: readonly string[];
  /** The newest commit, and the repository that it is in. GitHub's description knows no fork that was deleted. */
  readonly head: { readonly sha: string; readonly ref: string; readonly repository: string };
  readonly base: { readonly sha: string; readonly ref: string };
}

export interface Comment {
  readonly id: number;
  readonly repository: string;
  readonly issue: number;
  /** Login of the author; `name[bot]` is an app. */
  readonly author: string;
  readonly body: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A check run. `sent` holds the fields that its app sent. */
export interface Check {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly name: string;
  /** The app that made it, e.g. `github-actions`. */
  readonly app: string;
  readonly sent: Readonly<Record<string, unknown>>;
}

/** A commit status. */
export interface Status {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly creator: string;
  readonly sent: Readonly<Record<string, unknown>>;
}

/** What GitHub knows. Lists are oldest first. */
export interface GithubState {
  pulls: Pull[];
  comments: Comment[];
  checks: Check[];
  statuses: Status[];
  /** Ids count up over all kinds. */
  lastId: number;
}

const EMPTY: GithubState = { pulls: [], comments: [], checks: [], statuses: [], lastId: 0 };

/** The state, in memory and in a file that is replaced in one step. */
export class GithubFile {
  readonly #path: string;
  readonly state: GithubState;

  /** Reads the state of a folder. @throws when it cannot be read */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, "state.json");
    this.state = { ...structuredClone(EMPTY), ...stored(this.#path) };
  }

  nextId(): number {
    this.state.lastId += 1;
    return this.state.lastId;
  }

  save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.state, null, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }

  pull(repository: string, number: number): Pull | undefined {
    return this.state.pulls.find((one) => one.repository === repository && one.number === number);
  }

  /** Adds a comment. */
  comment(repository: string, issue: number, author: string, body: string): Comment {
    const now = new Date().toISOString();
    const comment = { id: this.nextId(), repository, issue, author, body, createdAt: now, updatedAt: now };
    this.state.comments = [...this.state.comments, comment];
    this.save();
    return comment;
  }

  /** Opens a pull request, or changes parts of one. */
  put(repository: string, number: number, parts: Partial<Pull>): Pull {
    const before = this.pull(repository, number);
    const pull: Pull = { ...(before ?? opened(repository, number)), ...parts, repository, number };
    this.state.pulls = [...this.state.pulls.filter((one) => one !== before), pull];
    this.save();
    return pull;
  }
}

const opened = (repository: string, number: number): Pull => ({
  repository,
  number,
  title: `Change ${number}`,
  state: "open",
  draft: false,
  locked: false,
  labels: [],
  head: { sha: "0".repeat(40), ref: `change-${number}`, repository },
  base: { sha: "f".repeat(40), ref: "main" },
});

function stored(file: string): Partial<GithubState> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as GithubState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`${file} cannot be read: ${(error as Error).message}. Delete the file to start with nothing.`);
  }
}
