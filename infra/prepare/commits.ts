import { beginningOf } from "../base/lib/cut";
import { importEsm } from "../base/lib/esm";

/** A commit as the log has it. */
export interface LoggedCommit {
  /** Its full name. */
  readonly hash: string;
  readonly parents: readonly string[];
  /** The first line of its message. */
  readonly subject: string;
  /** The message below its first line. */
  readonly body: string;
}

/** What a commit takes back. */
export interface Reverted {
  /** The subject of the other commit, when the message names it. */
  readonly subject?: string;
  /** Its name, in full or shortened, when the message names it. */
  readonly hash?: string;
}

/** A commit, and what its message says by Conventional Commits 1.0.0. */
export interface ReadCommit extends LoggedCommit {
  /** The subject without the mark of a merge bot. */
  readonly title: string;
  /** In lower case, such as `feat`. Only types of the convention count, unless a `!` follows the type. */
  readonly type?: string;
  readonly scope?: string;
  /** How it says that it breaks compatibility: by `!`, or by the name of its footer. */
  readonly breaking?: "!" | "BREAKING CHANGE" | "BREAKING-CHANGE";
  /** The numbers in its subject, such as 206 for `#206`. */
  readonly numbers: readonly number[];
  readonly reverted?: Reverted;
  /** The subject of the commit that a `fixup!`, `squash!` or `amend!` belongs to. */
  readonly fixes?: string;
}

/**
 * Types of Conventional Commits 1.0.0, and of the Angular convention that it names. go-spacemesh begins a subject with
 * the name of a package, as Go does: `activation: ask poets less often` has no type.
 */
const TYPES = /^(feat|feature|fix|perf|refactor|revert|docs|style|test|build|ci|chore)$/;

/** bors writes it before the title of the pull request. */
const MERGE_BOT = /^\[Merged by Bors\] - /;
const FIXUP = /^(?:(?:fixup|squash|amend)! )+/;
/** The first line of a footer, Conventional Commits 1.0.0, items 8 and 9. */
const FOOTER = /^(?:BREAKING CHANGE|[A-Za-z][\w-]*)(?:: | #)\S/;
const REVERTED = /^This reverts commit \w+/;

const OPTIONS = {
  headerPattern: /^(\w+)(?:\(([^()]*)\))?(!)?: +(\S.*)$/,
  headerCorrespondence: ["type", "scope", "mark", "subject"],
  // git writes `Reapply` for the revert of a revert. GitHub adds the number of the pull request.
  revertPattern: /^(Revert|Reapply) "(.+)"(?: \(#\d+\))?(?:\s+This reverts commit (\w+))?/,
  revertCorrespondence: ["act", "subject", "hash"],
  // In capitals and from the first column: the words also stand in running text.
  notesPattern: () => /^(BREAKING[ -]CHANGE): +(\S.*|)$/,
  // The default takes a rule or a list of Markdown for a field, and hides what follows.
  fieldPattern: undefined,
  // We read numbers ourselves. The library's own patterns for them take time by the cube of a line's length.
  issuePrefixes: undefined,
  referenceActions: undefined,
};

/** How much of a line of a message, and of all its lines, the library reads, in characters. */
const LONGEST_LINE = 2000;
const LONGEST_MESSAGE = 100_000;

const shortened = (text: string): string =>
  beginningOf(text, LONGEST_MESSAGE)
    .split("\n")
    .map((line) => beginningOf(line, LONGEST_LINE))
    .join("\n");

type Parser = typeof import("conventional-commits-parser", { with: { "resolution-mode": "import" }});

/** Reads the messages of commits. */
export async function readCommits(commits: readonly LoggedCommit[]): Promise<ReadCommit[]> {
  const { CommitParser } = await importEsm<Parser>("conventional-commits-parser");
  const parser = new CommitParser(OPTIONS);
  return commits.map((commit) => {
    const title = commit.subject.replace(MERGE_BOT, "").trim();
    const subject = title.replace(FIXUP, "");
    const { type, scope, mark, revert, notes } = parser.parse(
      shortened(`${subject || "-"}\n\n${footersOf(commit.body)}`),
    );
    const breaking = mark === "!" ? mark : notes.map((note) => note.title).find(isBreakingFooter);
    const known = type && (breaking || TYPES.test(type.toLowerCase())) ? type.toLowerCase() : undefined;
    const reverted = known === "revert" ? conventionalRevert(subject, commit.body) : revertedBy(revert);
    return {
      ...commit,
      title,
      ...(known ? { type: known } : {}),
      ...(known && scope ? { scope } : {}),
      ...(breaking ? { breaking } : {}),
      numbers: numbersIn(title),
      ...(reverted ? { reverted } : {}),
      ...(subject === title ? {} : { fixes: subject }),
    };
  });
}

const isBreakingFooter = (title: string) => title === "BREAKING CHANGE" || title === "BREAKING-CHANGE";

/** The numbers of pull requests and issues that a text names, `#206`, each once. */
export const numbersIn = (text: string): number[] => [
  ...new Set([...text.matchAll(/(?<!&)#(\d{1,9})\b/g)].map(([, number]) => Number(number))),
];

/**
 * The paragraphs of a message that begin as a footer does, and the one that names what is reverted. Only there a
 * `BREAKING CHANGE:` is meant: elsewhere it is quoted. Code shows examples.
 */
function footersOf(body: string): string {
  const paragraphs = body
    .replace(/\r\n/g, "\n")
    .replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, "```")
    .split(/\n[ \t]*\n/);
  const kept = paragraphs
    .map((text) => text.replace(/^\n+/, ""))
    .filter((text) => FOOTER.test(text) || REVERTED.test(text));
  return kept.join("\n\n");
}

/** `revert: feat: a faucet`, with the commit in its text. */
function conventionalRevert(subject: string, body: string): Reverted {
  const hash = /\b(?:This reverts commit|Refs:)\s+([0-9a-f]{7,64})\b/.exec(body)?.[1];
  return { subject: subject.replace(/^\w+(?:\([^()]*\))?!?: +/, ""), ...(hash ? { hash } : {}) };
}

function revertedBy(revert: Readonly<Record<string, string | null>> | null): Reverted | undefined {
  const { act, subject, hash } = revert ?? {};
  if (!subject) return undefined;
  return { subject: act === "Reapply" ? `Revert "${subject}"` : subject, ...(hash ? { hash } : {}) };
}
