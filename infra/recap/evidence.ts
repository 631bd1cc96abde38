import { LONGEST_LINE } from "./excerpts";
import type { LogExcerpt, RecapFacts } from "./facts";
import { code, codeBlock, counted, list, prose, sentence } from "./markdown";

/** Log lines around the failure. */
export function excerptsText(facts: RecapFacts): string {
  const { excerpts, archive } = facts;
  if (excerpts.length > 0) return [NOTE, ...excerpts.map(excerptText)].join("\n\n");
  if (!archive) return "There is no archive yet, so there are no log lines. Another run of this command adds them.";
  return "The archive holds no log lines of a failure.";
}

const NOTE =
  "Lines out of the archive. Secrets, addresses and names of peers are masked, and a line ends after " +
  `${LONGEST_LINE} characters. Times are UTC.`;

function excerptText({ pod, lines, left, damage }: LogExcerpt): string {
  const shown = lines.map(({ at, text }) => `${at.slice(0, "2026-11-24T21:07:00".length).replace("T", " ")} ${text}`);
  return [
    `### ${prose(pod)}`,
    ...(damage === undefined ? [] : [`The archived log is damaged: ${sentence(damage)}`]),
    ...(shown.length > 0 ? [codeBlock(shown)] : []),
    ...(left > 0 ? [`${counted(left, "more line")} of this time ${left === 1 ? "is" : "are"} in the archive.`] : []),
  ].join("\n\n");
}

/** Digits of a commit that tell two apart. */
const HASH_DIGITS = 12;

/** The commits between the last healthy build and this one. */
export function commitsText({ commits, commit }: RecapFacts): string {
  if (!commits) {
    return commit === undefined
      ? "No record tells which commit was deployed."
      : "No earlier build is recorded as healthy, so there is nothing to compare with.";
  }
  const { from, commits: all, count, missing } = commits;
  const since = `${prose(from.tag)} (${code(from.commit.slice(0, HASH_DIGITS))})`;
  if (missing !== undefined)
    return `The last healthy build is ${since}. The commits could not be listed: ${sentence(missing)}`;
  if (count === 0) return `The last healthy build is ${since}. No commit lies between the two.`;
  const lines = all.map(({ hash, subject }) => `${code(hash.slice(0, HASH_DIGITS))} ${prose(subject)}`);
  const more = count > all.length ? `\n\n${counted(count - all.length, "older commit")} left out.` : "";
  return `The last healthy build is ${since}. ${counted(count, "commit")} followed, the newest first:\n\n${list(lines)}${more}`;
}
